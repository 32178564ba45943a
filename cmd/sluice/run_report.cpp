#include "cmd/sluice/run_report.h"

#include <csignal>
#include <numeric>
#include <utility>

#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/progress_text.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/report_json.h"

namespace sluice::cli {
namespace {

bool IsDryRun(const RunKind& kind) { return kind.mode == TransactionMode::kRollBack; }

std::string At(const std::vector<std::string>& rows) {
  return rows.empty() ? "nothing is applied" : "the database is at " + Join(rows);
}

// The sentence about the steps.
std::string Summary(const RunReport& report, const RunKind& kind, const Palette& palette) {
  const std::size_t done = report.finished.size();
  if (report.planned == 0 && !report.error) return "Nothing to do: " + At(report.rows_after) + "\n";
  if (IsDryRun(kind)) {
    return "Dry run: " + Count(done, "revision") + " of " + std::to_string(report.planned) +
           " went through, and everything was rolled back; " + At(report.rows_after) + "\n";
  }
  if (kind.step == StepKind::kStamp) return "Stamped, no script was run; " + At(report.rows_after) + "\n";
  const auto elapsed =
      std::accumulate(report.finished.begin(), report.finished.end(), std::chrono::milliseconds(0),
                      [](std::chrono::milliseconds sum, const FinishedStep& step) { return sum + step.elapsed; });
  std::string number = Count(done, "revision");
  if (done != report.planned) number = std::to_string(done) + " of " + Count(report.planned, "revision");
  std::string text = (kind.step == StepKind::kUpgrade ? "Applied " : "Took back ") + number + " in " +
                     ElapsedText(elapsed) + "; " + At(report.rows_after);
  return (report.error ? text : palette.Green(text)) + "\n";
}

std::string PartialLine(const PartialRevision& partial) {
  std::string text = "Revision " + partial.revision + " is applied in part: " + std::to_string(partial.done);
  if (partial.total > 0) text += " of " + std::to_string(partial.total);
  return text + (partial.direction == Direction::kUpgrade ? " parts of its upgrade are done.\n"
                                                          : " parts of its downgrade are done.\n");
}

std::string WaitingLine(const WaitingRevision& waiting) {
  if (waiting.revision == waiting.contract)
    return "Waiting for the rollout: contract revision " + waiting.revision + "\n";
  return "Waiting behind contract revision " + waiting.contract + ": " + waiting.revision + "\n";
}

void WriteFinished(JsonWriter& json, const FinishedStep& step) {
  json.BeginObject().Member("revision", step.revision).Member("direction", StepKindName(step.kind));
  json.Member("message", step.message).Key("milliseconds").Int(step.elapsed.count()).EndObject();
}

}  // namespace

std::string RenderRun(const RunReport& report, const RunKind& kind, const Palette& palette) {
  // A run that failed before it knew what to do has nothing to tell but its error.
  if (report.error && report.planned == 0) return {};
  std::string text = Summary(report, kind, palette);
  if (report.partial) text += palette.Yellow(PartialLine(*report.partial));
  if (!report.ahead.empty()) {
    text += "The database is ahead of the files by " + Count(report.ahead.size(), "revision") + ": " +
            Join(report.ahead) + "\n";
  }
  for (const WaitingRevision& waiting : report.waiting) text += WaitingLine(waiting);
  for (const std::string& place : report.skipped) text += "Not tried, it can't be in a transaction: " + place + "\n";
  return text;
}

std::string RenderRunJson(const RunReport& report, const RunKind& kind) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Member("direction", StepKindName(kind.step));
  json.Key("dry_run").Bool(IsDryRun(kind)).Key("database").BeginObject();
  json.Member("name", report.database).Member("user", report.user).Member("server_version", report.server_version);
  json.Member("version_table", report.version_table).EndObject();
  json.Key("planned").Int(static_cast<std::int64_t>(report.planned)).Key("applied").BeginArray();
  for (const FinishedStep& step : report.finished) WriteFinished(json, step);
  json.EndArray().Key("rows_before").Strings(report.rows_before).Key("rows").Strings(report.rows_after);
  json.Key("partial");
  if (report.partial) {
    json.BeginObject();
    WritePartialMembers(json, *report.partial);
    json.EndObject();
  } else {
    json.Null();
  }
  WriteWaiting(json.Key("waiting"), report.waiting);
  json.Key("ahead").Strings(report.ahead).Key("skipped").Strings(report.skipped);
  if (report.error) WriteError(json.Key("error"), *report.error);
  json.EndObject();
  return std::move(json).Finish();
}

ExitCode RunExitCode(const RunReport& report, const RunKind& kind, int signal) {
  if (!report.error) return ExitCode::kDone;
  const ErrorCode code = report.error->code;
  const bool interrupted = signal != 0 && (code == ErrorCode::kInterrupted || code == ErrorCode::kOutcomeUnknown);
  if (interrupted) return signal == SIGTERM ? ExitCode::kTerminated : ExitCode::kInterrupted;
  return ExitCodeFor(code, !IsDryRun(kind) && report.committed_something());
}

}  // namespace sluice::cli
