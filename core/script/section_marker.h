// One `-- sluice:KIND option=value …` line → Section. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/script.h"

namespace sluice {

struct MarkerTrouble {
  std::size_t offset = 0;  // bytes from the start of the line
  std::string message;
  std::string hint;
};

// Reads the marker's line (without its line break, beginning with kMarker) into `section`: kind and options. What is
// wrong with it is appended to `troubles`; all of it at once.
void ReadMarker(std::string_view line, Section& section, std::vector<MarkerTrouble>& troubles);

// A value as it is written in a marker: in quotes, with `\"` and `\\` inside.
std::string QuotedOption(std::string_view value);

}  // namespace sluice
