// The command line: words → what is to be done. The home of CLI11 in this program.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "operator/manager/settings.h"

namespace sluice::operator_cli {

enum class Command { kRun, kRelease, kCrd, kReference, kVersion, kHelp };

struct Request {
  Command command = Command::kRun;
  manager::Settings settings;
  std::string help;  // of kHelp
};

// Errors: kUsage, with the flag and what it may be.
Result<Request> ParseCommandLine(const std::vector<std::string>& words);

// Every flag with its default, in Markdown.
std::string FlagReference();

}  // namespace sluice::operator_cli
