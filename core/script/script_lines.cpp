#include "core/script/script_lines.h"

#include <algorithm>

namespace sluice {
namespace {

constexpr std::string_view kSpaces = " \t\f\v\r";

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

bool IsKeyCharacter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; }

}  // namespace

std::size_t ByteOrderMarkSize(std::string_view text) { return text.starts_with("\xEF\xBB\xBF") ? 3 : 0; }

Line LineAt(std::string_view text, std::size_t begin, int number) {
  const std::size_t newline = text.find('\n', begin);
  const std::size_t end = newline == std::string_view::npos ? text.size() : newline;
  Line line{begin, newline == std::string_view::npos ? text.size() : newline + 1, number,
            text.substr(begin, end - begin)};
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  return line;
}

std::vector<Line> HeaderLines(std::string_view text) {
  std::vector<Line> lines;
  int number = 1;
  for (std::size_t at = ByteOrderMarkSize(text); at < text.size();) {
    const Line line = LineAt(text, at, number++);
    at = line.next;
    if (lines.empty() && Trim(line.text).empty()) continue;
    if (!line.text.starts_with("--") || line.text.starts_with(kMarker)) break;
    lines.push_back(line);
  }
  return lines;
}

std::string_view CommentText(std::string_view line) { return Trim(line.substr(std::min<std::size_t>(2, line.size()))); }

std::optional<HeaderLine> ReadHeaderLine(std::string_view line) {
  const std::string_view text = CommentText(line);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const std::string_view key = text.substr(0, colon);
  if (!std::all_of(key.begin(), key.end(), IsKeyCharacter)) return std::nullopt;
  return HeaderLine{key, Trim(text.substr(colon + 1))};
}

}  // namespace sluice
