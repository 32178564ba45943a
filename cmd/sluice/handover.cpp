#include "cmd/sluice/handover.h"

#include <charconv>
#include <string_view>

#include "core/base/file_system.h"

namespace sluice::cli {
namespace {

std::string ValueOf(const Environment& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

}  // namespace

Handover::Handover(const Environment& environment)
    : leave_(ValueOf(environment, "SLUICE_LEAVE_FAILURE")), take_(ValueOf(environment, "SLUICE_TAKE_FAILURE")) {}

std::optional<ExitCode> Handover::EndsAtOnce(Console& console) const {
  if (!leave_.empty() && FileExists(leave_)) return ExitCode::kDone;
  if (take_.empty() || !FileExists(take_)) return std::nullopt;
  const Result<std::string> left = ReadFile(take_);
  const std::string_view text = left.ok() ? std::string_view(*left) : std::string_view();
  int code = static_cast<int>(ExitCode::kFailed);
  std::from_chars(text.data(), text.data() + text.size(), code);
  const std::size_t line = text.find('\n');
  console.PrintError(line == std::string_view::npos ? text : text.substr(line + 1));
  return static_cast<ExitCode>(code);
}

ExitCode Handover::Leave(ExitCode code, Console& console) const {
  if (leave_.empty() || code == ExitCode::kDone) return code;
  if (code == ExitCode::kInterrupted || code == ExitCode::kTerminated) return code;
  const std::string text = std::to_string(static_cast<int>(code)) + "\n" + console.kept_errors();
  return CreateFile(leave_, text).ok() ? ExitCode::kDone : code;
}

}  // namespace sluice::cli
