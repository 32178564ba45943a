#include "operator/migration/job_result.h"

#include <algorithm>
#include <array>

#include "operator/migration/reasons.h"

namespace sluice::migration {

namespace {

// Codes of docs/exit-codes.md that the same again may get past. A login, an address and permissions are mended outside
// of the resource, which tells nobody when they are.
bool TimeMends(const std::string& code) {
  constexpr std::array kPassing = {"unreachable", "connection_lost", "outcome_unknown", "timeout",    "interrupted",
                                   "standby",     "lock_budget",     "lock_held",       "permission", "config"};
  return std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end();
}

std::string ReasonOf(const std::string& code) {
  if (code == "unreachable" || code == "connection_lost" || code == "standby") return reason::kDatabaseUnreachable;
  if (code == "config" || code == "permission") return reason::kConfigurationWrong;
  if (code == "unknown_revision" || code == "ambiguous_prefix") return reason::kUnknownRevision;
  if (code == "staging_differs") return reason::kStagingDiffers;
  return {};
}

std::string TextOf(const TerminationReport& report) {
  std::string text = report.error.empty() ? "ended with exit code " + std::to_string(report.exit_code) : report.error;
  if (!report.hint.empty()) text += ": " + report.hint;
  return text;
}

}  // namespace

JobResult ResultOf(const JobView& job, const std::vector<PodView>& pods) {
  JobResult result;
  NoReport why;
  result.report = ReportOf(job, pods, &why);
  if (!result.report) {
    result.message = why.message;
    if (!job.message.empty()) result.message += " (" + job.reason + ": " + job.message + ")";
    if (why.version > kTerminationReportVersion) result.reason = reason::kImageTooNew;
    if (why.version > 0 && why.version < kOldestTerminationReport) result.reason = reason::kImageTooOld;
    if (!result.reason.empty()) result.meaning = Meaning::kPersonMends;
    return result;
  }
  const TerminationReport& report = *result.report;
  if (job.state == JobState::kSucceeded && report.error_code.empty()) {
    result.meaning = Meaning::kSucceeded;
    return result;
  }
  result.reason = ReasonOf(report.error_code);
  result.message = TextOf(report);
  if (report.error_code == "not_validated" || report.error_code == "version_changed") {
    result.meaning = Meaning::kPlanChanged;
  } else {
    result.meaning = TimeMends(report.error_code) ? Meaning::kTimeMends : Meaning::kPersonMends;
  }
  return result;
}

api::Run RunOf(const JobView& job, const JobResult& result) {
  api::Run run;
  run.job = job.name;
  run.step = job.step;
  run.started_at = job.started_at;
  run.finished_at = job.finished_at;
  run.outcome = result.meaning == Meaning::kSucceeded ? "Succeeded" : result.report ? "Failed" : "Unknown";
  run.message = result.message;
  return run;
}

api::Plan PlanOf(const TerminationReport& report) {
  api::Plan plan;
  plan.hash = report.planned == 0 ? std::string() : report.plan_hash;
  plan.direction = report.direction == "downgrade" ? api::Direction::kDowngrade : api::Direction::kUpgrade;
  plan.from = report.heads;
  for (const ReportedRevision& step : report.steps) {
    plan.steps.push_back({.revision = step.revision,
                          .message = step.message,
                          .transaction = step.transaction,
                          .contract = step.contract,
                          .hazards = step.hazards});
    if (step.contract) ++plan.contracts;
  }
  plan.steps_omitted = static_cast<int>(report.planned - report.steps.size());
  return plan;
}

api::DowngradePlan DowngradePlanOf(const TerminationReport& report) {
  api::DowngradePlan plan;
  if (!report.back) return plan;
  plan.to = report.back->to;
  plan.steps = static_cast<int>(report.back->steps);
  plan.data_loss = report.back->data_loss;
  plan.data_loss_omitted = static_cast<int>(report.back->data_loss_omitted);
  plan.irreversible = report.back->irreversible;
  return plan;
}

std::string RowsText(const std::vector<std::string>& rows) {
  if (rows.empty()) return "base";
  std::string text;
  for (const std::string& row : rows) text += (text.empty() ? "" : ", ") + row;
  return text;
}

}  // namespace sluice::migration
