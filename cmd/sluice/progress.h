// What a run tells while it is under way, on standard error.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/sluice/command.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/json_log.h"
#include "core/engine/observer.h"

namespace sluice::cli {

inline constexpr OptionSpec kLogFormatOption{.name = "log-format",
                                             .value = "text|json",
                                             .help =
                                                 "How progress is written to standard error: lines, or one JSON object "
                                                 "a line (docs/json.md).",
                                             .default_value = "text"};

// On a terminal one line that is rewritten while a step runs, and a line for each step that is done; otherwise one line
// an event, a long statement at most every ten seconds.
class ProgressPrinter final : public Observer {
 public:
  ProgressPrinter(Console& console, bool json);
  ~ProgressPrinter() override;

  void WaitingForDatabase(std::string_view reason, std::chrono::milliseconds waited) override;
  void WaitingForMigrator(const OtherSession& holder, std::chrono::milliseconds waited) override;
  void WaitingForTables(const std::vector<OtherSession>& lockers, std::chrono::milliseconds waited) override;
  void WaitingForRevisions(const std::vector<std::string>& missing, const OtherSession& migrator,
                           std::chrono::milliseconds waited) override;
  void StepStarted(const StepPosition& position) override;
  void StepFinished(const StepPosition& position, std::chrono::milliseconds elapsed) override;
  void Working(const StepPosition& position, std::chrono::milliseconds elapsed, std::string_view progress) override;
  void Blocked(const StepPosition& position, const std::vector<OtherSession>& blockers,
               std::chrono::milliseconds waited) override;
  void Retrying(const StepPosition& position, const Error& error, std::chrono::milliseconds pause) override;
  void Reconnecting(std::string_view reason) override;
  void Notice(const ServerReport& notice) override;

  // `sluice wait --until-no-other-pods`: which pods are left, or why nobody can say.
  void WaitingForPods(const std::string& text, std::chrono::milliseconds waited);

  // Takes the unfinished line off the terminal. Before anything else is printed there.
  void Clear();

 private:
  bool live() const { return console_.error_is_terminal() && !log_; }
  void Line(const std::string& text);
  void Transient(const std::string& text, std::chrono::milliseconds elapsed);
  void Json(std::string_view event, const StepPosition* position, std::chrono::milliseconds duration,
            const std::string& text, LogLevel level = LogLevel::kInfo);

  Console& console_;
  std::optional<JsonLog> log_;  // with --log-format json
  bool unfinished_line_ = false;
  std::chrono::milliseconds last_told_{0};  // of Transient, without a terminal
  std::string pods_told_;                   // of WaitingForPods
};

}  // namespace sluice::cli
