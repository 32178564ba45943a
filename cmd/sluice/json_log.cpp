#include "cmd/sluice/json_log.h"

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

namespace sluice::cli {
namespace {

// Hands finished lines to the console, which knows what else is on standard error.
class ConsoleSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit ConsoleSink(Console& console) : console_(console) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    console_.PrintError(std::string_view(line.data(), line.size()));
  }
  void flush_() override {}

 private:
  Console& console_;
};

}  // namespace

struct JsonLog::State {
  explicit State(Console& console) : logger("sluice", std::make_shared<ConsoleSink>(console)) {
    logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc, "\n"));
  }
  spdlog::logger logger;
};

JsonLog::JsonLog(Console& console) : state_(std::make_unique<State>(console)) {}
JsonLog::~JsonLog() = default;

void JsonLog::Write(LogLevel level, std::string_view members) {
  state_->logger.log(level == LogLevel::kWarning ? spdlog::level::warn : spdlog::level::info,
                     spdlog::string_view_t(members.data(), members.size()));
}

}  // namespace sluice::cli
