// Arrays of the catalogs, as their output functions print them: `{a,"b c"}`, and vectors: `1 2 3`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

// The elements of a one-dimensional array; none for an empty text (NULL). Rules: array_out().
std::vector<std::string> ArrayElements(std::string_view array);

// The same of an array or vector of whole numbers.
std::vector<std::int64_t> NumberElements(std::string_view array);

// The elements, sorted, one a line: the form of AttributeName::kOptions.
std::string SortedLines(std::vector<std::string> elements);

}  // namespace sluice
