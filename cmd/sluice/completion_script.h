// The completion scripts of the shells, made of the command table. Pure.
#pragma once

#include <string>

namespace sluice::cli {

std::string BashCompletion();
std::string ZshCompletion();
std::string FishCompletion();

}  // namespace sluice::cli
