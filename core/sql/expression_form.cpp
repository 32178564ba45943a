#include "core/sql/expression_form.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/model/attribute_value.h"

namespace sluice {
namespace {

constexpr std::string_view kArray = "ARRAY[";
constexpr std::string_view kCast = "::";

// `('x'::character varying)::text`: a literal with its type, and the type that it is cast to.
struct CastLiteral {
  std::string_view literal;  // empty: the element is something else
  std::string_view from;
  std::string_view to;
};

CastLiteral ReadCastLiteral(std::string_view element) {
  if (!element.starts_with("('")) return {};
  const std::size_t end = EndOfParentheses(element, 0);
  if (end == std::string_view::npos || element.substr(end, kCast.size()) != kCast) return {};
  const std::string_view literal = element.substr(1, end - 2);
  const std::string_view to = element.substr(end + kCast.size());
  const std::vector<std::string_view> parts = SplitSql(literal, kCast);
  if (parts.size() != 2 || SplitSql(to, kCast).size() != 1) return {};
  return {literal, parts.back(), to};
}

// The elements of an array as `(ARRAY[…])::text[]`; empty where they are no literals that are cast alike.
std::string WithOneCast(std::string_view elements) {
  std::string list;
  CastLiteral first;
  for (const std::string_view element : SplitSql(elements, ", ")) {
    const CastLiteral literal = ReadCastLiteral(element);
    if (literal.literal.empty()) return {};
    if (list.empty()) first = literal;
    if (literal.from != first.from || literal.to != first.to) return {};
    list.append(list.empty() ? "" : ", ").append(literal.literal);
  }
  if (list.empty()) return {};
  return "(" + std::string(kArray) + list + "])::" + std::string(first.to) + "[]";
}

// Whether the text within parentheses is a chain of this operator: nothing else stands at its level.
bool IsChain(std::string_view inside, std::string_view word) { return SplitSql(inside, word).size() > 1; }

// The parentheses of a chain that is the first part of a chain of the same operator: the place of the closing one, when
// the opening one is at `open`; npos: they are none.
std::size_t NeedlessParentheses(std::string_view text, std::size_t open) {
  const std::size_t end = EndOfParentheses(text, open);
  if (end == std::string_view::npos) return std::string_view::npos;
  const std::string_view inside = text.substr(open + 1, end - open - 2);
  for (const std::string_view word : {" AND ", " OR "}) {
    if (text.substr(end, word.size()) == word && IsChain(inside, word)) return end - 1;
  }
  return std::string_view::npos;
}

// The place behind the quoted part at `start`.
std::size_t SkipQuoted(std::string_view text, std::size_t start) {
  const std::size_t end = text.find(text[start], start + 1);
  return end == std::string_view::npos ? text.size() : end + 1;  // a doubled quote begins the next one
}

std::string WithArrayCasts(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\'' || text[i] == '"') {
      const std::size_t end = SkipQuoted(text, i);
      result.append(text, i, end - i);
      i = end;
      continue;
    }
    const std::size_t open = i + kArray.size() - 1;
    const std::size_t end =
        text.compare(i, kArray.size(), kArray) == 0 ? EndOfParentheses(text, open) : std::string::npos;
    const std::string array =
        end == std::string::npos ? "" : WithOneCast(std::string_view(text).substr(open + 1, end - open - 2));
    if (array.empty()) {
      result += text[i++];
    } else {
      result += array;
      i = end;
    }
  }
  return result;
}

std::string WithFlatChains(std::string text) {
  for (std::size_t i = 0; i + 1 < text.size();) {
    if (text[i] == '\'' || text[i] == '"') {
      i = SkipQuoted(text, i);
      continue;
    }
    // The chain within has to be the first part of the one without.
    const bool nested = text[i] == '(' && text[i + 1] == '(';
    const std::size_t close = nested ? NeedlessParentheses(text, i + 1) : std::string::npos;
    if (close == std::string::npos) {
      ++i;
    } else {
      text.erase(close, 1);
      text.erase(i + 1, 1);  // the same place is looked at again
    }
  }
  return text;
}

}  // namespace

std::string CanonicalExpression(std::string text) {
  if (text.find(kArray) != std::string::npos) text = WithArrayCasts(text);
  const bool chained = text.find(") AND ") != std::string::npos || text.find(") OR ") != std::string::npos;
  return chained ? WithFlatChains(std::move(text)) : text;
}

}  // namespace sluice
