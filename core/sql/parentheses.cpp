#include "core/sql/parentheses.h"

#include "core/model/attribute_value.h"

namespace sluice {

std::string Parenthesized(std::string_view expression) {
  const bool enclosed =
      !expression.empty() && expression.front() == '(' && EndOfParentheses(expression, 0) == expression.size();
  return enclosed ? std::string(expression) : "(" + std::string(expression) + ")";
}

}  // namespace sluice
