#include "cmd/sluice/termination_log.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <utility>

#include "cmd/sluice/progress_text.h"
#include "cmd/sluice/signals.h"
#include "core/db/bookkeeping.h"
#include "core/db/database_id.h"
#include "core/graph/plan_identity.h"

namespace sluice::cli {
namespace {

std::string ChosenPath(const Invocation* invocation, const Environment& environment) {
  if (invocation != nullptr && invocation->Has(kTerminationLogOption)) return invocation->Value(kTerminationLogOption);
  const auto found = environment.find("SLUICE_TERMINATION_LOG");
  return found == environment.end() ? std::string() : found->second;
}

std::string OutcomeOf(ExitCode code) {
  if (code == ExitCode::kDone) return "succeeded";
  return code == ExitCode::kInterrupted || code == ExitCode::kTerminated ? "interrupted" : "failed";
}

std::string LockText(const LongestLock& longest) {
  if (longest.lock == nullptr) return {};
  const auto held = std::chrono::duration_cast<std::chrono::milliseconds>(longest.lock->held);
  return std::string(LockModeName(longest.lock->mode)) + " on " + longest.lock->relation + " for " + ElapsedText(held);
}

}  // namespace

TerminationLog::TerminationLog(const Invocation* invocation, const Environment& environment)
    : path_(ChosenPath(invocation, environment)) {
  if (path_.empty()) return;
  report_.emplace();
  report_->program = "sluice " SLUICE_VERSION;
  if (invocation != nullptr) report_->command = invocation->command->name;
  // For a run that has to be ended while the server doesn't answer.
  TerminationReport last = *report_;
  last.exit_code = static_cast<int>(ExitCode::kTerminated);
  last.outcome = OutcomeOf(ExitCode::kTerminated);
  last.error_code = ErrorCodeName(ErrorCode::kOutcomeUnknown);
  last.error = "interrupted, and the server does not answer: what became of the statement under way is not known";
  RememberLastWords(path_, EncodeReport(last) + "\n");
}

void TerminationLog::NoteError(const Error& error) { cli::NoteError(report(), error); }

void TerminationLog::Write(ExitCode code, Console& console) {
  if (!report_) return;
  report_->exit_code = static_cast<int>(code);
  report_->outcome = OutcomeOf(code);
  // A container's is a file that is mounted by itself: it can't be replaced, only written over.
  std::ofstream file(path_, std::ios::binary | std::ios::trunc);
  file << EncodeReport(*report_) << '\n' << std::flush;
  if (!file) console.PrintError("warning: can't write " + path_ + ": " + std::strerror(errno) + "\n");
}

void NoteError(TerminationReport* report, const Error& error) {
  if (report == nullptr) return;
  report->error_code = ErrorCodeName(error.code);
  report->error = error.message;
  // PostgreSQL's own words, where they say more.
  if (!error.server.message.empty() && error.message.find(error.server.message) == std::string::npos) {
    report->error += ": " + error.server.message;
  }
  if (!error.where.file.empty()) {
    report->error +=
        " (" + error.where.file + (error.where.line > 0 ? ":" + std::to_string(error.where.line) : "") + ")";
  }
  report->hint = error.hint;
}

void NoteDatabase(TerminationReport* report, DatabaseAccess& database) {
  if (report == nullptr) return;
  const DatabaseState& state = database.situation().database;
  const Bookkeeping bookkeeping(database.settings(), state.version_table_schema);
  // What can't be had is left out.
  Result<std::string> id = ReadDatabaseId(database.reader(), bookkeeping.version_table_key());
  if (id.ok()) report->database_id = std::move(*id);
  report->heads = state.rows;
}

void NotePlanHash(TerminationReport* report, const PlanIdentity& plan) {
  if (report != nullptr) report->plan_hash = PlanHash(plan);
}

void NoteRun(TerminationReport* report, const RunReport& run) {
  if (report == nullptr) return;
  report->heads = run.rows_after;
  report->planned = run.planned;
  report->done = run.finished.size();
  report->waiting = run.waiting.size();
  report->ahead = run.ahead.size();
  if (run.partial) report->partial = run.partial->revision;
  for (const FinishedStep& step : run.finished) {
    report->steps.push_back({std::string(StepKindName(step.kind)),
                             step.revision,
                             step.message,
                             true,
                             false,
                             static_cast<std::int64_t>(step.elapsed.count()),
                             {}});
  }
  if (run.error) NoteError(report, *run.error);
}

void NotePlan(TerminationReport* report, const PlanReport& plan) {
  if (report == nullptr) return;
  if (!plan.steps.empty()) report->direction = StepKindName(plan.steps.front().kind);
  if (plan.back) {
    report->back =
        ReportedWayBack{plan.back->to, 0, plan.back->steps, plan.back->data_loss, 0, plan.back->irreversible, 0};
  }
  if (plan.identity && !plan.steps.empty()) report->plan_hash = PlanHash(*plan.identity);
  report->heads = plan.rows_before;
  report->planned = plan.steps.size();
  report->waiting = plan.waiting.size();
  for (const ReportedStep& step : plan.steps) {
    const bool transaction = std::all_of(step.sections.begin(), step.sections.end(),
                                         [](const ReportedSection& section) { return section.transaction; });
    report->steps.push_back({std::string(StepKindName(step.kind)), step.revision, step.message, transaction,
                             step.phase == Phase::kContract, 0, step.hazards});
  }
}

void NoteRehearsal(TerminationReport* report, const RehearsalReport& rehearsal) {
  if (report == nullptr) return;
  if (rehearsal.has_plan) {
    report->plan_hash = PlanHash(rehearsal.plan);
    report->planned = rehearsal.plan.steps.size();
  }
  if (!rehearsal.runs.empty()) report->done = rehearsal.runs.front().steps.size();
  report->longest_lock = LockText(FindLongestLock(rehearsal));
  report->notes = rehearsal.differences;
  report->notes.insert(report->notes.end(), rehearsal.data_losses.begin(), rehearsal.data_losses.end());
  if (rehearsal.error) NoteError(report, *rehearsal.error);
}

void NoteAgreement(TerminationReport* report, const AgreementReport& agreement) {
  if (report == nullptr) return;
  report->planned = agreement.pending.size();
  report->ahead = agreement.ahead.size();
  report->notes = agreement.of_database;
  report->notes.insert(report->notes.end(), agreement.of_models.begin(), agreement.of_models.end());
}

}  // namespace sluice::cli
