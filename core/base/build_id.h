// Which program this is: what one build has computed and kept, another one must not take for its own.
#pragma once

#include <string>

namespace sluice {

// The linker's hash of the running program (the note GNU_BUILD_ID), hex digits: the same sources built again in the
// same way have the same, any other program another. Empty when the linker left none.
std::string BuildId();

}  // namespace sluice
