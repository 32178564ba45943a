// Values of attributes that are lists. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace sluice {

// The lines of a value whose lines hold no line break themselves.
std::vector<std::string_view> LinesOf(std::string_view value);

// The pieces of SQL cut at `separator` where it stands outside of quotes, parentheses and brackets.
std::vector<std::string_view> SplitSql(std::string_view list, std::string_view separator);

// The place behind the parenthesis or bracket that closes the one at `start`; npos when there is none.
std::size_t EndOfParentheses(std::string_view sql, std::size_t start);

}  // namespace sluice
