#include "core/base/source_excerpt.h"

#include <algorithm>

namespace sluice {
namespace {

constexpr std::size_t kLongestExcerpt = 160;  // characters

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t CountCharacters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), IsContinuation));
}

// Byte offset of the character with this index.
std::size_t CharacterOffset(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  while (at < text.size() && index > 0) {
    ++at;
    while (at < text.size() && IsContinuation(text[at])) ++at;
    --index;
  }
  return at;
}

// As wide as `text` is on a terminal: tabs stay tabs.
std::string Blank(std::string_view text) {
  std::string blank;
  for (const char c : text) {
    if (!IsContinuation(c)) blank += c == '\t' ? '\t' : ' ';
  }
  return blank;
}

std::string Excerpt(std::string_view line, std::size_t offset) {
  if (CountCharacters(line) <= kLongestExcerpt) {
    return std::string(line) + "\n" + Blank(line.substr(0, offset)) + "^";
  }
  const std::size_t place = CountCharacters(line.substr(0, offset));
  const std::size_t first = place > kLongestExcerpt / 2 ? place - kLongestExcerpt / 2 : 0;
  const std::size_t from = CharacterOffset(line, first);
  const std::size_t length = CharacterOffset(line.substr(from), kLongestExcerpt);
  const std::string_view before = first > 0 ? "…" : "";
  const std::string_view after = from + length < line.size() ? "…" : "";
  std::string excerpt(before);
  excerpt.append(line.substr(from, length)).append(after).append("\n");
  return excerpt + Blank(before) + Blank(line.substr(from, offset - from)) + "^";
}

}  // namespace

SourceLocation LocateOffset(std::string file, std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const std::size_t newline = before.rfind('\n');
  const std::size_t line_begin = newline == std::string_view::npos ? 0 : newline + 1;
  std::string_view line = text.substr(line_begin, text.find('\n', offset) - line_begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t in_line = std::min(offset - line_begin, line.size());
  SourceLocation location;
  location.file = std::move(file);
  location.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  location.column = 1 + static_cast<int>(CountCharacters(line.substr(0, in_line)));
  location.excerpt = Excerpt(line, in_line);
  return location;
}

}  // namespace sluice
