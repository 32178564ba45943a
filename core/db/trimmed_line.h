// What libpq and libpqxx say of an error, as one line.
#pragma once

#include <string>

namespace sluice {

// Without the newlines and spaces at the end; empty for nullptr.
inline std::string TrimmedLine(const char* text) {
  std::string line = text == nullptr ? "" : text;
  while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.pop_back();
  return line;
}

}  // namespace sluice
