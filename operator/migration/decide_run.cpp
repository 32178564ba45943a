// What comes of carrying a plan out, and of taking it back.
#include <algorithm>

#include "operator/api/limits.h"
#include "operator/migration/decider.h"
#include "operator/migration/reasons.h"

namespace sluice::migration {

using api::Phase;

void Decider::Migrating() {
  const std::optional<JobResult> result = Outcome(Step::kUpgrade, spec_.target, next_.plan->hash);
  if (!result) return;
  switch (result->meaning) {
    case Meaning::kSucceeded: {
      next_.pending_contract.clear();
      if (result->report->waiting > 0) {
        for (const api::PlanStep& step : next_.plan->steps) {
          if (step.contract) next_.pending_contract.push_back(step.revision);
        }
      }
      next_.pending = static_cast<int>(result->report->waiting);
      Reach(result->report->heads, "Succeeded");
      return Finished();
    }
    case Meaning::kPlanChanged:
    case Meaning::kUnknown:
      return PlanAgain(result->message);
    // A Job tries again by itself; this one has spent its retries.
    case Meaning::kTimeMends:
    case Meaning::kPersonMends:
      return Failing(reason::kMigrationFailed, result->message);
  }
}

void Decider::Reach(const std::vector<std::string>& rows, const char* outcome) {
  next_.current = RowsText(rows);
  api::Reached reached{.generation = resource_.generation, .image = spec_.image, .revisions = rows, .at = seen_.now};
  // Templates may ask for any revision that is there. The resource knows those of its plan, and those it knew before.
  if (next_.plan && next_.plan->direction == api::Direction::kUpgrade) {
    for (const api::PlanStep& step : next_.plan->steps) {
      const auto& waiting = next_.pending_contract;
      if (std::find(waiting.begin(), waiting.end(), step.revision) == waiting.end())
        reached.revisions.push_back(step.revision);
    }
    if (next_.reached) {
      reached.revisions.insert(reached.revisions.end(), next_.reached->revisions.begin(),
                               next_.reached->revisions.end());
    }
  }
  std::vector<std::string> each;
  for (std::string& revision : reached.revisions) {
    if (each.size() < api::kMostReached && std::find(each.begin(), each.end(), revision) == each.end()) {
      each.push_back(std::move(revision));
    }
  }
  reached.revisions = std::move(each);
  next_.reached = std::move(reached);
  if (outcome) {
    NoteHistory(next_.current, outcome);
    out_.news.push_back({.warning = false, .reason = "Migrated", .note = "the database is at " + next_.current});
  }
}

void Decider::NoteHistory(const std::string& to, const char* outcome) {
  next_.history.insert(next_.history.begin(),
                       api::HistoryEntry{.generation = resource_.generation,
                                         .image = spec_.image,
                                         .from = next_.plan ? RowsText(next_.plan->from) : std::string(),
                                         .to = to,
                                         .outcome = outcome,
                                         .at = seen_.now});
  if (next_.history.size() > static_cast<std::size_t>(api::kMostHistory)) next_.history.resize(api::kMostHistory);
}

void Decider::Finished() {
  if (spec_.gate) return Enter(Phase::kRollingOut);
  Enter(Phase::kReady);
}

void Decider::Failing(const std::string& reason, const std::string& message) {
  if (spec_.policy.on_failure == api::OnFailure::kHalt) {
    NoteHistory(next_.current, "Failed");
    return Fail(reason, message);
  }
  out_.news.push_back({.warning = true, .reason = reason, .note = message});
  next_.failure = api::Failure{.reason = reason, .message = message};
  Enter(Phase::kDowngrading);
}

void Decider::Downgrading() {
  const bool undo = next_.failure.has_value();
  const bool rollout = undo && next_.failure->reason == reason::kRolloutFailed;
  std::string waits_for;
  if ((!undo || rollout) && !TemplatesAreBack(&waits_for)) {
    if (next_.phase == Phase::kDowngrading) {
      Say(Standing::kWorking, reason::kWaitingForOldPods, waits_for);
      LookAgainAt(seen_.now + std::chrono::seconds(1));
    }
    return;
  }
  if (rollout) {
    if (const std::string stays = SchemaStays(); !stays.empty()) {
      return Fail(reason::kRolloutFailed, next_.failure->message + "; its earlier template is back, " + stays);
    }
  }
  const std::optional<JobResult> result =
      undo ? Outcome(Step::kUndo, {}, next_.plan->hash) : Outcome(Step::kDowngrade, spec_.target, next_.plan->hash);
  if (!result) return;
  switch (result->meaning) {
    case Meaning::kSucceeded:
      next_.current = RowsText(result->report->heads);
      if (undo) return Undone();
      next_.pending = 0;
      next_.pending_contract.clear();
      next_.reached.reset();
      Reach(result->report->heads, "Succeeded");
      return Finished();
    case Meaning::kPlanChanged:
      if (!undo) return PlanAgain(result->message);
      [[fallthrough]];
    case Meaning::kPersonMends:
      return Fail(reason::kDowngradeFailed,
                  (undo ? next_.failure->message + "; taking it back failed: " : std::string()) + result->message);
    case Meaning::kTimeMends:
    case Meaning::kUnknown:
      return TellTrying(*result);
  }
}

void Decider::Undone() {
  NoteHistory(next_.current, "RolledBack");
  next_.pending = next_.plan->count();
  const std::string reason =
      next_.failure->reason == reason::kRolloutFailed ? reason::kRolledBack : next_.failure->reason;
  if (next_.reached && next_.reached->generation == resource_.generation) next_.reached.reset();
  Fail(reason, next_.failure->message + "; the database is back at " + next_.current);
}

void Decider::Ready() {
  for (const TargetView& target : seen_.targets) {
    const Rollout rollout = RolloutOfRelease(target);
    if (target.exists && (target.opens || rollout == Rollout::kProgressing || rollout == Rollout::kFailed)) {
      return Enter(Phase::kRollingOut);
    }
  }
  if (!next_.pending_contract.empty() && spec_.gate && spec_.policy.contract == api::ContractTime::kAfterRollout) {
    return Enter(Phase::kContracting);
  }
  if (spec_.suspend) return Say(Standing::kReady, reason::kSuspended, "suspended; nothing was pending");
  if (next_.pending_contract.empty()) {
    Say(Standing::kReady, reason::kUpToDate, "the database is at " + next_.current);
  } else {
    Say(Standing::kReady, reason::kContractPending,
        "the database is at " + next_.current + "; " + std::to_string(next_.pending_contract.size()) +
            " contract revisions run with the next release");
  }
  Drift();
}

void Decider::Drift() {
  if (spec_.drift_interval.count() == 0) {
    next_.drift.clear();
    return;
  }
  const api::Time last = next_.drift_checked_at.value_or(next_.phase_since.value_or(seen_.now));
  // A look in the future was one by a clock that has been put back since.
  const api::Time due = last > seen_.now ? seen_.now : last + spec_.drift_interval;
  if (seen_.now < due) return LookAgainAt(due);
  const std::optional<JobResult> result = Outcome(Step::kDrift, {}, {});
  if (!result) return;
  next_.drift_checked_at = seen_.now;
  LookAgainAt(seen_.now + spec_.drift_interval);
  if (!result->report) return;
  std::string drift;
  for (const std::string& note : result->report->notes) drift += (drift.empty() ? "" : "; ") + note;
  if (drift == next_.drift) return;
  next_.drift = drift;
  out_.news.push_back(
      drift.empty() ? News{.warning = false, .reason = "DriftGone", .note = "the database is what its revisions build"}
                    : News{.warning = true, .reason = "Drifted", .note = drift});
  Say(Standing::kReady, reason::kUpToDate, "the database is at " + next_.current);
}

}  // namespace sluice::migration
