#include "core/sql/parentheses.h"

#include <cstddef>
#include <string_view>

namespace sluice {
namespace {

// Do the first and the last byte hold the whole expression between them?
bool IsParenthesized(std::string_view text) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return false;
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth == 0) {
      return i + 1 == text.size();
    }
  }
  return false;
}

}  // namespace

std::string Parenthesized(std::string expression) {
  return IsParenthesized(expression) ? expression : "(" + expression + ")";
}

}  // namespace sluice
