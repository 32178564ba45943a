#include "operator/telemetry/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error_code.h"
#include "operator/k8s/json_access.h"

namespace sluice::telemetry {
namespace {

class CallbackSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit CallbackSink(Log::Sink sink) : sink_(std::move(sink)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    sink_(std::string_view(line.data(), line.size()));
  }
  void flush_() override {}

 private:
  Log::Sink sink_;
};

void WriteToStandardError(std::string_view line) { std::cerr.write(line.data(), static_cast<long>(line.size())); }

spdlog::level::level_enum LevelOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

// As a JSON string, which has no line break or control character and is UTF-8.
std::string Quoted(std::string_view text) { return kube::JsonText(WithoutPasswords(text)); }

// As it is, where a reader can tell its end.
std::string QuotedIfNeeded(std::string_view text) {
  const std::string quoted = Quoted(text);
  const bool is_plain = quoted.size() == text.size() + 2 && quoted.find_first_of(" =") == std::string::npos;
  return is_plain && !text.empty() ? std::string(text) : quoted;
}

std::string Place(const LogObject& object) {
  std::string place(object.namespace_name);
  if (!place.empty()) place += '/';
  return place.append(object.name);
}

std::string TextLine(std::string_view message, const LogObject& object, const std::vector<LogField>& fields) {
  std::string whole = Quoted(message);
  std::string line = whole.substr(1, whole.size() - 2);
  if (!object.name.empty()) {
    line.append("  ").append(object.kind.empty() ? "object" : object.kind).append("=");
    line += QuotedIfNeeded(Place(object));
  }
  for (const LogField& field : fields) line.append(" ").append(field.name).append("=") += QuotedIfNeeded(field.value);
  return line;
}

std::string JsonMembers(std::string_view message, const LogObject& object, const std::vector<LogField>& fields) {
  std::string members = "\"message\":" + Quoted(message);
  const auto add = [&](std::string_view name, std::string_view value) {
    members.append(",\"").append(name).append("\":") += Quoted(value);
  };
  if (!object.kind.empty()) add("kind", object.kind);
  if (!object.namespace_name.empty()) add("namespace", object.namespace_name);
  if (!object.name.empty()) add("name", object.name);
  for (const LogField& field : fields) add(field.name, field.value);
  return members;
}

}  // namespace

struct Log::State {
  State(LogFormat given_format, LogLevel least, Sink sink)
      : format(given_format), logger("sluice-operator", std::make_shared<CallbackSink>(std::move(sink))) {
    const char* const pattern = format == LogFormat::kJson ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                                           : "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
    logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc, "\n"));
    logger.set_level(LevelOf(least));
  }

  const LogFormat format;
  spdlog::logger logger;
};

Log::Log(LogFormat format, LogLevel least, Sink sink)
    : state_(std::make_unique<State>(format, least, sink ? std::move(sink) : WriteToStandardError)) {}
Log::~Log() = default;

void Log::Write(LogLevel level, std::string_view message, const LogObject& object,
                const std::vector<LogField>& fields) {
  const auto to = LevelOf(level);
  if (!state_->logger.should_log(to)) return;
  const std::string text =
      state_->format == LogFormat::kJson ? JsonMembers(message, object, fields) : TextLine(message, object, fields);
  state_->logger.log(to, spdlog::string_view_t(text.data(), text.size()));
}

void Log::WriteError(std::string_view message, const Error& error, const LogObject& object) {
  std::vector<LogField> fields{{"error", error.message}, {"code", std::string(ErrorCodeName(error.code))}};
  if (!error.hint.empty()) fields.push_back({"hint", error.hint});
  Write(LogLevel::kError, message, object, fields);
}

std::string WithoutPasswords(std::string_view text) {
  std::string clean;
  while (true) {
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos) return clean.append(text);
    const std::size_t begin = scheme + 3;
    // Up to the last @ of the word: a password may hold one, and a slash.
    const std::size_t end = std::min(text.find_first_of(" \t\r\n\"'", begin), text.size());
    const std::size_t at = text.substr(0, end).rfind('@');
    const std::size_t colon = text.find(':', begin);
    clean.append(text.substr(0, begin));
    if (at != std::string_view::npos && at > begin && colon < at) {
      clean.append(text.substr(begin, colon - begin)).append(":***");
      text.remove_prefix(at);
    } else {
      text.remove_prefix(begin);
    }
  }
}

}  // namespace sluice::telemetry
