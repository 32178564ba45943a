// The command line: words → an Invocation. The only includer of CLI11.
#pragma once

#include <string>
#include <vector>

#include "cmd/sluice/command.h"
#include "core/base/result.h"

namespace sluice::cli {

// `words`: what follows the program's name. Knows every command, but builds the options of the one that is named only.
// `-1` and `+2` are arguments (targets), never options. Errors: kUsage, with the nearest match of a mistyped command,
// option or choice.
Result<Invocation> ParseCommandLine(const std::vector<std::string>& words);

}  // namespace sluice::cli
