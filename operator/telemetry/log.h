// The operator's log: one line an event, as text or as a JSON object, with the object that it is about.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sluice::telemetry {

enum class LogFormat { kText, kJson };
enum class LogLevel { kDebug, kInfo, kWarn, kError };

// What a line is about; empty parts are left out.
struct LogObject {
  std::string_view kind;
  std::string_view namespace_name;
  std::string_view name;
};

struct LogField {
  std::string_view name;  // lower case, letters and underscores
  std::string value;
};

// All of it may be called by several threads.
class Log {
 public:
  using Sink = std::function<void(std::string_view line)>;

  // Lines below `least` are dropped. `sink`: where whole lines go, each with its newline, one at a time; empty:
  // standard error.
  Log(LogFormat format, LogLevel least, Sink sink = {});
  ~Log();

  // Text is quoted where it needs it: no line break, control character or bad UTF-8 of somebody else's gets through. A
  // password in a URL (`postgres://user:password@host`) is never written.
  void Write(LogLevel level, std::string_view message, const LogObject& object = {},
             const std::vector<LogField>& fields = {});

  // `message`, with what the error says.
  void WriteError(std::string_view message, const Error& error, const LogObject& object = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Passwords of URLs as `***`.
std::string WithoutPasswords(std::string_view text);

}  // namespace sluice::telemetry
