#include "core/db/inspect/array_text.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace sluice {

std::vector<std::string> ArrayElements(std::string_view array) {
  std::vector<std::string> elements;
  if (array.size() <= 2) return elements;
  array = array.substr(1, array.size() - 2);
  elements.emplace_back();
  bool quoted = false;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const char c = array[i];
    if (c == '\\' && i + 1 < array.size()) {
      elements.back() += array[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      elements.emplace_back();
    } else {
      elements.back() += c;
    }
  }
  return elements;
}

std::vector<std::int64_t> NumberElements(std::string_view array) {
  std::vector<std::int64_t> numbers;
  const char* at = array.data();
  const char* const end = at + array.size();
  while (at != end) {
    std::int64_t number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error == std::errc()) numbers.push_back(number);
    at = next == at ? at + 1 : next;
  }
  return numbers;
}

std::string SortedLines(std::vector<std::string> elements) {
  std::sort(elements.begin(), elements.end());
  std::string lines;
  for (const std::string& element : elements) {
    if (!lines.empty()) lines += '\n';
    lines += element;
  }
  return lines;
}

}  // namespace sluice
