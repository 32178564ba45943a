#include "core/sql/emit/clause.h"

#include <algorithm>
#include <cstddef>

#include "core/sql/identifier.h"

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

// The place behind the parenthesis that closes the one at `start`; npos when there is none.
std::size_t EndOfParentheses(std::string_view text, std::size_t start) {
  int depth = 0;
  for (std::size_t i = start; i < text.size();) {
    const char c = text[i];
    if (c == '\'' || c == '"') {
      i = EndOfQuoted(text, i);
      continue;
    }
    if (c == '(' || c == '[') ++depth;
    if ((c == ')' || c == ']') && --depth == 0) return i + 1;
    ++i;
  }
  return std::string_view::npos;
}

std::string_view OptionName(std::string_view line) { return line.substr(0, line.find('=')); }

std::string OptionText(std::string_view line) {
  const std::string_view name = OptionName(line);
  return QuoteIdentifier(name) + " " + QuoteLiteral(line.substr(name.size() + 1));
}

std::string InParentheses(const std::vector<std::string>& options) {
  return options.empty() ? std::string() : " OPTIONS (" + Joined(options, ", ") + ")";
}

}  // namespace

std::string Parenthesized(std::string_view expression) {
  const bool enclosed =
      !expression.empty() && expression.front() == '(' && EndOfParentheses(expression, 0) == expression.size();
  return enclosed ? std::string(expression) : "(" + std::string(expression) + ")";
}

std::vector<std::string_view> SplitSql(std::string_view list, std::string_view separator) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < list.size();) {
    const char c = list[i];
    if (c == '\'' || c == '"') {
      i = EndOfQuoted(list, i);
    } else if (c == '(' || c == '[') {
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

std::string OptionsClause(std::string_view options) {
  std::vector<std::string> texts;
  for (const std::string_view line : LinesOf(options)) texts.push_back(OptionText(line));
  return InParentheses(texts);
}

std::string ChangedOptionsClause(std::string_view from, std::string_view to) {
  std::vector<std::string> changes;
  const auto old_lines = LinesOf(from);
  const auto new_lines = LinesOf(to);
  const auto has = [](const std::vector<std::string_view>& lines, std::string_view name) {
    return std::any_of(lines.begin(), lines.end(), [&](std::string_view line) { return OptionName(line) == name; });
  };
  for (const std::string_view line : LinesOnlyIn(to, from)) {
    changes.push_back((has(old_lines, OptionName(line)) ? "SET " : "ADD ") + OptionText(line));
  }
  for (const std::string_view line : LinesOnlyIn(from, to)) {
    if (!has(new_lines, OptionName(line))) changes.push_back("DROP " + QuoteIdentifier(OptionName(line)));
  }
  return InParentheses(changes);
}

std::vector<std::string_view> LinesOnlyIn(std::string_view from, std::string_view to) {
  std::vector<std::string_view> lines = LinesOf(from);
  const std::vector<std::string_view> other = LinesOf(to);
  lines.erase(
      std::remove_if(lines.begin(), lines.end(),
                     [&](std::string_view line) { return std::find(other.begin(), other.end(), line) != other.end(); }),
      lines.end());
  return lines;
}

std::string_view Before(const Emission& emission, AttributeName name) {
  return emission.creates() ? std::string_view() : emission.Old(name);
}

std::string Joined(const std::vector<std::string>& pieces, std::string_view separator) {
  std::string text;
  for (const std::string& piece : pieces) {
    if (!text.empty()) text += separator;
    text += piece;
  }
  return text;
}

}  // namespace sluice
