// A column's name within an expression, a key or a list of columns. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice {

// `text`, as PostgreSQL prints it for objects of one table, with the column `name` (without quotes) called `new_name`.
// Empty where the word stands in a place that may mean something else: before `(` or `.`, behind `.` or `::`.
std::optional<std::string> WithColumnNamed(std::string_view text, std::string_view name, std::string_view new_name);

}  // namespace sluice
