// One run of `sluice`: command line → command → exit code, with every error shown in one place.
#pragma once

#include <string>
#include <vector>

#include "cmd/sluice/console.h"

namespace sluice::cli {

// `words`: what follows the program's name. Returns the process's exit code (docs/exit-codes.md).
int RunProgram(const std::vector<std::string>& words, Console& console);

}  // namespace sluice::cli
