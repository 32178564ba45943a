// The log that `--log-format json` writes: one JSON object a line, with its time and level. The only home of spdlog.
#pragma once

#include <memory>
#include <string_view>

#include "cmd/sluice/console.h"

namespace sluice::cli {

enum class LogLevel { kInfo, kWarning };

class JsonLog {
 public:
  // Writes to the console's standard error. The console outlives the log.
  explicit JsonLog(Console& console);
  ~JsonLog();
  JsonLog(const JsonLog&) = delete;
  JsonLog& operator=(const JsonLog&) = delete;

  // `members`: the members of the object after `time` and `level`, as JSON without the braces.
  void Write(LogLevel level, std::string_view members);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::cli
