// Expressions as PostgreSQL prints them, in parentheses. Pure.
#pragma once

#include <string>
#include <string_view>

namespace sluice {

// The expression in parentheses: as it is where one pair already encloses all of it.
std::string Parenthesized(std::string_view expression);

}  // namespace sluice
