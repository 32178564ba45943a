// Another program, run to its end, with what it says kept apart: the result on standard output, the rest on standard
// error.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sluice {

struct ProgramRequest {
  std::vector<std::string> arguments;    // the program (found in PATH when it has no slash) and its arguments
  std::vector<std::string> environment;  // NAME=value, besides (or instead of) what this process has
  std::string directory;                 // where it runs; empty: here
  std::chrono::milliseconds timeout{0};  // 0: no limit
  std::function<bool()> interrupted;     // asked some times a second; empty: never
  // Called for each line of standard output as it comes; empty: nobody wants them.
  std::function<void(std::string_view line)> each_line;
};

struct ProgramOutcome {
  std::string output;  // standard output, all of it
  std::string errors;  // the end of standard error, at most kKeptErrors bytes
  int exit_code = 0;   // as a shell counts: 128 + the signal's number when a signal ended it
};
inline constexpr std::size_t kKeptErrors = 8 * 1024;

// Runs it with an empty standard input, in a process group of its own. At the limit, or when interrupted, the whole
// group is killed. What it starts and leaves behind is not waited for. Errors: kFile when it can't be started, kTimeout
// (the end of standard error is in the message's `server.message`), kInterrupted. An exit code is not an error here.
Result<ProgramOutcome> RunProgram(const ProgramRequest& request);

}  // namespace sluice
