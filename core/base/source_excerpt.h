// From a byte offset to what a person is shown: line, column, the line itself and a caret under the place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace sluice {

// `offset` counts bytes from the start of `text` (UTF-8); one past the end means the end. Columns count characters. A
// line too long for a screen is cut around the place, with "…".
SourceLocation LocateOffset(std::string file, std::string_view text, std::size_t offset);

}  // namespace sluice
