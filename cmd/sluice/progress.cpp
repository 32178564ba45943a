#include "cmd/sluice/progress.h"

#include <utility>

#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/progress_text.h"

namespace sluice::cli {
namespace {

using std::chrono::milliseconds;

// How often a log is told that something still goes on.
constexpr milliseconds kLogPause{10'000};

}  // namespace

ProgressPrinter::ProgressPrinter(Console& console, bool json) : console_(console) {
  if (json) log_.emplace(console);
}

ProgressPrinter::~ProgressPrinter() { Clear(); }

void ProgressPrinter::WaitingForDatabase(std::string_view reason, milliseconds waited) {
  const std::string text = "waiting for the database since " + ElapsedText(waited) + ": " + std::string(reason);
  if (log_) return Json("waiting_for_database", nullptr, waited, std::string(reason));
  Transient(text, waited);
}

void ProgressPrinter::WaitingForMigrator(const OtherSession& holder, milliseconds waited) {
  const std::string who = holder.pid == 0 ? "" : DescribeSession(holder);
  if (log_) return Json("waiting_for_migrator", nullptr, waited, who);
  Transient("waiting for another migrator since " + ElapsedText(waited) + (who.empty() ? "" : ": " + who), waited);
}

void ProgressPrinter::WaitingForTables(const std::vector<OtherSession>& lockers, milliseconds waited) {
  if (log_) return Json("waiting_for_tables", nullptr, waited, DescribeSessions(lockers), LogLevel::kWarning);
  const std::string who = lockers.empty() ? "" : ": held by " + DescribeSessions(lockers);
  Transient("waiting for a lock on Sluice's own tables since " + ElapsedText(waited) + who, waited);
}

void ProgressPrinter::WaitingForRevisions(const std::vector<std::string>& missing, const OtherSession& migrator,
                                          milliseconds waited) {
  const std::string text = WaitingForRevisionsText(missing, migrator);
  if (log_) return Json("waiting_for_revisions", nullptr, waited, text);
  Transient("waiting since " + ElapsedText(waited) + " for " + text, waited);
}

void ProgressPrinter::WaitingForPods(const std::string& text, milliseconds waited) {
  if (log_) return Json("waiting_for_pods", nullptr, waited, text);
  // In the log of a Job each change is news.
  if (!live() && text != pods_told_) last_told_ = waited + milliseconds(1);
  pods_told_ = text;
  Transient("waiting since " + ElapsedText(waited) + " for " + text, waited);
}

void ProgressPrinter::StepStarted(const StepPosition& position) {
  last_told_ = milliseconds(0);
  if (log_) return Json("step_started", &position, milliseconds(0), position.message);
  if (live()) Transient(StepText(position), milliseconds(0));
}

void ProgressPrinter::StepFinished(const StepPosition& position, milliseconds elapsed) {
  if (log_) return Json("step_finished", &position, elapsed, position.message);
  Line(StepText(position) + console_.error_palette().Dim(" (" + ElapsedText(elapsed) + ")"));
}

void ProgressPrinter::Working(const StepPosition& position, milliseconds elapsed, std::string_view progress) {
  if (log_) return Json("working", &position, elapsed, std::string(progress));
  Transient(WorkingText(position, elapsed, progress), elapsed);
}

void ProgressPrinter::Blocked(const StepPosition& position, const std::vector<OtherSession>& blockers,
                              milliseconds waited) {
  if (log_) return Json("blocked", &position, waited, DescribeSessions(blockers), LogLevel::kWarning);
  Transient(BlockedText(position, blockers, waited), waited);
}

void ProgressPrinter::Retrying(const StepPosition& position, const Error& error, milliseconds pause) {
  if (log_) return Json("retrying", &position, pause, error.message, LogLevel::kWarning);
  Line(console_.error_palette().Yellow(RetryText(position, error, pause)));
}

void ProgressPrinter::Reconnecting(std::string_view reason) {
  if (log_) return Json("reconnecting", nullptr, milliseconds(0), std::string(reason), LogLevel::kWarning);
  Line(console_.error_palette().Yellow("the connection was lost, connecting again: " + std::string(reason)));
}

void ProgressPrinter::Notice(const ServerReport& notice) {
  if (log_) return Json("notice", nullptr, milliseconds(0), NoticeText(notice));
  Line(console_.error_palette().Dim(NoticeText(notice)));
}

void ProgressPrinter::Clear() {
  if (unfinished_line_) console_.PrintError("\r\033[K");
  unfinished_line_ = false;
}

void ProgressPrinter::Line(const std::string& text) {
  Clear();
  console_.PrintError(text + "\n");
}

// A line that the next one replaces; in a log, a line now and then.
void ProgressPrinter::Transient(const std::string& text, milliseconds elapsed) {
  if (live()) {
    Clear();
    // Longer than the terminal is wide, it could not be taken back.
    console_.PrintError(CutToWidth(text, console_.error_width() - 1));
    unfinished_line_ = true;
  } else if (elapsed - last_told_ >= kLogPause || elapsed < last_told_) {
    last_told_ = elapsed;
    console_.PrintError(text + "\n");
  }
}

void ProgressPrinter::Json(std::string_view event, const StepPosition* position, milliseconds duration,
                           const std::string& text, LogLevel level) {
  JsonWriter json;
  json.BeginObject().Member("event", event);
  if (position != nullptr) {
    json.Member("direction", StepKindName(position->kind)).Member("revision", position->revision);
    json.Key("step").Int(static_cast<std::int64_t>(position->index) + 1);
    json.Key("steps").Int(static_cast<std::int64_t>(position->count));
    json.Key("section").Int(position->section).Key("statement").Int(position->statement);
  }
  json.Key("milliseconds").Int(duration.count()).Member("text", text).EndObject();
  const std::string object = std::move(json).Finish();
  // The members without the braces and the newline around them.
  const std::size_t begin = object.find('{') + 1;
  log_->Write(level, std::string_view(object).substr(begin, object.rfind('}') - begin));
}

}  // namespace sluice::cli
