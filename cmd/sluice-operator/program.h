// The program from its command line to its exit code.
#pragma once

#include <string>
#include <vector>

namespace sluice::operator_cli {

// `words`: what follows the program's name. 0: done; 1: failed; 2: the command line can't be understood.
int RunProgram(const std::vector<std::string>& words);

}  // namespace sluice::operator_cli
