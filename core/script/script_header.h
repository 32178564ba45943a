// The header of a script: message and `-- Key: value` lines → Revision. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error_list.h"
#include "core/model/script.h"

namespace sluice {

// Reads the header of `text` (original bytes) into `script.revision` and the lines of its keys; returns the byte offset
// of what follows the header. What is wrong is added to `errors` (kScript, with file and line), all of it at once.
std::size_t ReadHeader(std::string_view text, Script& script, ErrorList& errors);

}  // namespace sluice
