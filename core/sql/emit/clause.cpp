#include "core/sql/emit/clause.h"

#include <algorithm>
#include <cstddef>

#include "core/sql/identifier.h"

namespace sluice {
namespace {

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
