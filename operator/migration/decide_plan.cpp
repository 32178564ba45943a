// From a plan to the Job that carries it out.
#include <algorithm>

#include "operator/migration/decider.h"
#include "operator/migration/reasons.h"

namespace sluice::migration {

using api::Direction;
using api::Phase;

void Decider::Planning() {
  const std::optional<JobResult> result = Outcome(Step::kPlan, spec_.target, {});
  if (!result) return;
  switch (result->meaning) {
    case Meaning::kSucceeded:
      return TakePlan(*result->report);
    case Meaning::kTimeMends:
    case Meaning::kPlanChanged:
      return TellTrying(*result);
    case Meaning::kUnknown:
      return TellTrying(*result);
    case Meaning::kPersonMends:
      return Fail(result->reason.empty() ? reason::kPlanFailed : result->reason, result->message);
  }
}

void Decider::TakePlan(const TerminationReport& report) {
  next_.plan = PlanOf(report);
  next_.downgrade_plan = DowngradePlanOf(report);
  next_.current = RowsText(report.heads);
  next_.pending = static_cast<int>(report.planned);
  // What ran before the release whose contract revisions still wait is what they wait to be gone.
  if (next_.pending_contract.empty()) NoteTemplates();
  if (next_.plan->hash.empty()) {
    next_.pending_contract.clear();
    Reach(report.heads, nullptr);
    return Finished();
  }
  out_.news.push_back({.warning = false,
                       .reason = "Planned",
                       .note = std::to_string(next_.plan->count()) +
                               (next_.plan->count() == 1 ? " step from " : " steps from ") + next_.current + ", plan " +
                               next_.plan->hash.substr(0, 12)});
  Prepare();
}

void Decider::Prepare() {
  const bool back = next_.plan->direction == Direction::kDowngrade;
  if (back && Refused()) return;
  if (!back && ContractOfBeforeMayRun()) return Enter(Phase::kContracting);
  if (!back && spec_.policy.contract != api::ContractTime::kImmediately && RefusedBehindContract()) return;
  const bool validated =
      next_.validation && next_.validation->passed && next_.validation->plan_hash == next_.plan->hash;
  if (!back && spec_.validation && !validated) return Enter(Phase::kValidating);
  Enter(Phase::kAwaitingApproval);
}

bool Decider::Refused() {
  const api::DowngradePlan& way = *next_.downgrade_plan;
  if (!way.irreversible.empty()) {
    Fail(reason::kIrreversible,
         "revision " + way.irreversible.front() + " has no way back; set spec.target to it or to a later one");
    return true;
  }
  if (spec_.policy.on_data_loss == api::OnDataLoss::kRefuse && !way.data_loss.empty()) {
    std::string lost = way.data_loss.front();
    if (way.data_loss.size() > 1)
      lost += " and " + std::to_string(way.data_loss.size() - 1 + way.data_loss_omitted) + " more";
    Fail(reason::kDataLossRefused,
         "the way back would lose data: " + lost + " (status.downgradePlan); spec.policy.onDataLoss: allow lets it");
    return true;
  }
  return false;
}

// Contract revisions of the release before come first when that release was really there: its template where there is
// a gate, and a new image after it where they wait for one. Else pods still run that need what they take away.
bool Decider::ContractOfBeforeMayRun() const {
  if (next_.pending_contract.empty()) return false;
  const bool by_gate = spec_.gate && spec_.policy.contract == api::ContractTime::kAfterRollout;
  if (!by_gate && next_.reached && next_.reached->image == spec_.image) return false;
  return std::none_of(seen_.targets.begin(), seen_.targets.end(), [&](const TargetView& target) {
    const api::GatedBefore* before = FindGated(target.name);
    return target.exists && before && before->template_hash == target.approved_hash && !NamesWhatWasReached(target);
  });
}

// What contract revisions take away is what the pods need that run now: those of a release that was left out can't run
// before the release after it.
bool Decider::RefusedBehindContract() {
  const api::PlanStep* contract = nullptr;
  for (const api::PlanStep& step : next_.plan->steps) {
    if (step.contract && !contract) contract = &step;
    if (step.contract || !contract) continue;
    Fail(reason::kBehindContract,
         "revision " + step.revision + " stands behind the contract revision " + contract->revision +
             ", which must wait until this release has rolled out: roll out a release that ends with " +
             contract->revision + " first, or set spec.policy.contract: Immediately");
    return true;
  }
  return false;
}

void Decider::Validating() {
  const std::optional<JobResult> result = Outcome(Step::kValidate, spec_.target, {});
  if (!result) return;
  switch (result->meaning) {
    case Meaning::kSucceeded: {
      const TerminationReport& report = *result->report;
      next_.validation = api::ValidationResult{
          .plan_hash = report.plan_hash, .passed = true, .at = seen_.now, .longest_lock = report.longest_lock};
      if (report.plan_hash != next_.plan->hash)
        return PlanAgain("the database or the scripts have changed since the plan was made");
      out_.news.push_back({.warning = false,
                           .reason = "Validated",
                           .note = "staging has passed the plan " + report.plan_hash.substr(0, 12)});
      return Prepare();
    }
    case Meaning::kTimeMends:
      return TellTrying(*result);
    case Meaning::kUnknown:
    case Meaning::kPlanChanged:
      return PlanAgain(result->message);
    case Meaning::kPersonMends:
      next_.validation =
          api::ValidationResult{.plan_hash = next_.plan->hash, .passed = false, .at = seen_.now, .longest_lock = {}};
      return Fail(result->reason.empty() ? reason::kValidationFailed : result->reason, result->message);
  }
}

void Decider::AwaitingApproval() {
  if (spec_.policy.approval == api::Approval::kManual && spec_.approved_plan != next_.plan->hash) {
    return Say(Standing::kWaiting, reason::kAwaitingApproval,
               "set spec.approvedPlan to " + next_.plan->hash + " to let the plan run");
  }
  if (seen_.window_opens > seen_.now) {
    LookAgainAt(seen_.window_opens);
    return Say(Standing::kWaiting, reason::kAwaitingWindow, "waits for spec.policy.window: " + spec_.policy.window);
  }
  Enter(next_.plan->direction == Direction::kDowngrade ? Phase::kDowngrading : Phase::kMigrating);
}

}  // namespace sluice::migration
