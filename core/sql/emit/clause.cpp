#include "core/sql/emit/clause.h"

#include <algorithm>

namespace sluice {

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
