// Text cut at a character.
#pragma once

#include <string_view>
#include <vector>

namespace sluice {

// The pieces between the separators, empty ones too: one more than there are separators. They point into `text`.
inline std::vector<std::string_view> SplitAt(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  while (true) {
    const std::size_t end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

}  // namespace sluice
