#include "core/model/attribute_value.h"

#include <algorithm>

namespace sluice {
namespace {

// The place behind the quoted part that begins at `start`: a name or a literal, with doubled quotes, and with
// backslashes where it is an E'…'.
std::size_t EndOfQuoted(std::string_view text, std::size_t start) {
  const char quote = text[start];
  const bool escapes = quote == '\'' && start > 0 && (text[start - 1] == 'E' || text[start - 1] == 'e');
  for (std::size_t i = start + 1; i < text.size(); ++i) {
    if (escapes && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (i + 1 >= text.size() || text[i + 1] != quote) return i + 1;
      ++i;
    }
  }
  return text.size();
}

bool IsQuote(char c) { return c == '\'' || c == '"'; }

}  // namespace

std::vector<std::string_view> LinesOf(std::string_view value) {
  std::vector<std::string_view> lines;
  while (!value.empty()) {
    const std::size_t end = value.find('\n');
    lines.push_back(value.substr(0, end));
    value.remove_prefix(end == std::string_view::npos ? value.size() : end + 1);
  }
  return lines;
}

std::vector<std::string_view> SplitSql(std::string_view list, std::string_view separator) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < list.size();) {
    if (IsQuote(list[i])) {
      i = EndOfQuoted(list, i);
    } else if (list[i] == '(' || list[i] == '[') {
      i = std::min(EndOfParentheses(list, i), list.size());
    } else if (list.substr(i, separator.size()) == separator) {
      pieces.push_back(list.substr(begin, i - begin));
      i += separator.size();
      begin = i;
    } else {
      ++i;
    }
  }
  if (begin < list.size()) pieces.push_back(list.substr(begin));
  return pieces;
}

std::size_t EndOfParentheses(std::string_view sql, std::size_t start) {
  int depth = 0;
  for (std::size_t i = start; i < sql.size();) {
    if (IsQuote(sql[i])) {
      i = EndOfQuoted(sql, i);
      continue;
    }
    if (sql[i] == '(' || sql[i] == '[') ++depth;
    if ((sql[i] == ')' || sql[i] == ']') && --depth == 0) return i + 1;
    ++i;
  }
  return std::string_view::npos;
}

}  // namespace sluice
