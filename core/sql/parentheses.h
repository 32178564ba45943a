// Expressions as PostgreSQL prints them, in parentheses. Pure.
#pragma once

#include <string>

namespace sluice {

// The expression in parentheses, without doubling those that it has.
std::string Parenthesized(std::string expression);

}  // namespace sluice
