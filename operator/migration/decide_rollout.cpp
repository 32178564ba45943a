// The Deployments: they roll out, old pods go, and sometimes a template has to come back.
#include <algorithm>

#include "operator/migration/decider.h"
#include "operator/migration/gate.h"
#include "operator/migration/reasons.h"

namespace sluice::migration {

using api::Phase;

namespace {

// Whether the template asks for the image, or for one of the revisions.
bool Asks(const TargetView& target, const std::string& image, const std::vector<std::string>& revisions) {
  return std::any_of(target.asks_for.begin(), target.asks_for.end(), [&](const std::string& schema) {
    return schema == image || std::any_of(revisions.begin(), revisions.end(),
                                          [&](const auto& revision) { return NamesRevision(schema, revision); });
  });
}

// The revisions of its plan.
std::vector<std::string> StepsOf(const api::Status& status) {
  std::vector<std::string> revisions;
  if (!status.plan) return revisions;
  for (const api::PlanStep& step : status.plan->steps) revisions.push_back(step.revision);
  return revisions;
}

}  // namespace

void Decider::RollingOut() {
  // Whether what is held may go now is seen by the next look only: it follows from the status that this one leaves.
  const bool begins = resource_.status.phase != Phase::kRollingOut;
  bool complete = true;
  std::string progress;
  for (const TargetView& target : seen_.targets) {
    if (!target.exists) continue;
    const Rollout rollout = RolloutOfRelease(target);
    if (rollout == Rollout::kFailed) return RolloutFailed(target);
    if (target.opens || rollout == Rollout::kProgressing || (begins && target.held)) {
      complete = false;
      progress += (progress.empty() ? "" : ", ") + target.name;
    }
  }
  if (!complete) {
    next_.failure.reset();
    return Say(Standing::kWorking, reason::kRollingOut, "rolls out: " + progress);
  }
  next_.failure.reset();
  NoteReleased();
  const bool contracts = !next_.pending_contract.empty() && spec_.policy.contract == api::ContractTime::kAfterRollout;
  Enter(contracts ? Phase::kContracting : Phase::kReady);
}

void Decider::NoteTemplates() {
  std::vector<api::GatedBefore> gated;
  for (const TargetView& target : seen_.targets) {
    if (!target.exists) continue;
    const api::GatedBefore* before = FindGated(target.name);
    gated.push_back({.deployment = target.name,
                     .template_hash = target.approved_hash,
                     .released_hash = before ? before->released_hash : std::string()});
  }
  next_.gated = std::move(gated);
}

void Decider::NoteReleased() {
  for (const TargetView& target : seen_.targets) {
    if (!target.exists || !target.approved) continue;
    auto gated = std::find_if(next_.gated.begin(), next_.gated.end(),
                              [&](const api::GatedBefore& each) { return each.deployment == target.name; });
    // One that came after the plan was made.
    if (gated == next_.gated.end()) gated = next_.gated.insert(gated, {target.name, {}, {}});
    gated->released_hash = target.template_hash;
  }
}

// A rollout that was complete once is over: a restart, a node that is drained and pods that break later are no failure
// of the release, however long ago that was.
Rollout Decider::RolloutOfRelease(const TargetView& target) const {
  const api::GatedBefore* gated = FindGated(target.name);
  const bool is_over = gated && gated->released_hash == target.template_hash;
  const bool moves = target.rollout == Rollout::kProgressing || target.rollout == Rollout::kFailed;
  return is_over && moves ? Rollout::kComplete : target.rollout;
}

const api::GatedBefore* Decider::FindGated(const std::string& deployment) const {
  for (const api::GatedBefore& gated : next_.gated) {
    if (gated.deployment == deployment) return &gated;
  }
  return nullptr;
}

// Whether the template, which names nothing, is the one that rolled out, or should have, for what is to be taken back.
bool Decider::IsReleased(const TargetView& target) const {
  const api::GatedBefore* gated = FindGated(target.name);
  if (!gated) return false;
  const bool back = next_.plan->direction == api::Direction::kDowngrade;
  return back ? gated->released_hash == target.template_hash : gated->template_hash != target.template_hash;
}

void Decider::RolloutFailed(const TargetView& target) {
  const std::string message = "Deployment " + target.name + " did not become available within its time";
  const bool is_new = !next_.failure || next_.failure->reason != reason::kRolloutFailed;
  if (is_new) out_.news.push_back({.warning = true, .reason = reason::kRolloutFailed, .note = message});
  next_.failure = api::Failure{.reason = reason::kRolloutFailed, .message = message};
  if (spec_.gate->on_failed_rollout != api::OnFailedRollout::kHold && target.can_put_back && !target.reapplied) {
    return Enter(Phase::kDowngrading);
  }
  Say(Standing::kStalled, reason::kRolloutFailed, message + "; mend it, or go back");
}

// Why the schema stays where it is after a failed rollout; empty: it goes back.
std::string Decider::SchemaStays() const {
  if (spec_.gate->on_failed_rollout != api::OnFailedRollout::kUndoAndDowngrade) return "the schema stays";
  if (!next_.plan || next_.plan->hash.empty() || next_.plan->direction != api::Direction::kUpgrade) {
    return "the schema stays: this release has not changed it";
  }
  if (!next_.downgrade_plan) return "the schema stays: no way back is known";
  if (!next_.downgrade_plan->irreversible.empty()) {
    return "the schema stays: revision " + next_.downgrade_plan->irreversible.front() + " has no way back";
  }
  if (spec_.policy.on_data_loss == api::OnDataLoss::kRefuse && !next_.downgrade_plan->data_loss.empty()) {
    return "the schema stays: the way back would lose data (status.downgradePlan)";
  }
  return {};
}

bool Decider::NamesWhatWasReached(const TargetView& target) const {
  return !target.held && next_.reached && Asks(target, next_.reached->image, next_.reached->revisions);
}

bool Decider::NeedsNewTemplate(const TargetView& target) const {
  if (target.held) return true;
  if (!target.asks_for.empty()) return !NamesWhatWasReached(target);
  const api::GatedBefore* before = FindGated(target.name);
  return before && before->template_hash == target.template_hash;
}

bool Decider::OldPodsAreGone(std::string* waits_for) const {
  for (const TargetView& target : seen_.targets) {
    if (!target.exists || target.other_pods == 0) continue;
    if (!target.other_pods) {
      *waits_for = "looks for pods of an older template of Deployment " + target.name;
      return false;
    }
    *waits_for = "waits for " + std::to_string(*target.other_pods) + " pods of an older template of Deployment " +
                 target.name + " to be gone";
    return false;
  }
  return true;
}

void Decider::Contracting() {
  // Contract revisions of the release before come first: the pods that could need what they take away are gone when
  // there are none but those of the approved template. Those of this release wait for its own template too.
  const bool of_before = !next_.reached || next_.reached->generation != resource_.generation;
  std::string waits_for;
  if (spec_.gate) {
    if (!of_before) {
      for (const TargetView& target : seen_.targets) {
        if (!target.exists || !NeedsNewTemplate(target)) continue;
        return Say(Standing::kWorking, reason::kWaitingForTemplate,
                   "contract revisions wait until Deployment " + target.name + " runs what this release brings");
      }
      for (const TargetView& target : seen_.targets) {
        if (target.exists && RolloutOfRelease(target) != Rollout::kComplete) return Enter(Phase::kRollingOut);
      }
    }
    // Somebody went back to the template before: what was true when this phase began is so no more.
    if (of_before && !HasRunningJob() && !ContractOfBeforeMayRun()) return Enter(Phase::kPlanning);
    if (!OldPodsAreGone(&waits_for)) {
      LookAgainAt(seen_.now + std::chrono::seconds(1));
      return Say(Standing::kWorking, reason::kWaitingForOldPods, waits_for);
    }
  }
  const std::optional<JobResult> result = of_before ? Outcome(Step::kContract, next_.pending_contract.back(), {})
                                                    : Outcome(Step::kContract, spec_.target, next_.plan->hash);
  if (!result) return;
  switch (result->meaning) {
    case Meaning::kSucceeded:
      for (const TargetView& target : seen_.targets) {
        if (target.exists) out_.forget_approved.push_back(target.name);
      }
      out_.news.push_back({.warning = false, .reason = "Contracted", .note = "contract revisions are applied"});
      next_.pending_contract.clear();
      if (of_before) return Enter(Phase::kPlanning);
      next_.pending = 0;
      Reach(result->report->heads, nullptr);
      return Enter(Phase::kReady);
    case Meaning::kTimeMends:
    case Meaning::kUnknown:
      return TellTrying(*result);
    case Meaning::kPlanChanged:
      return PlanAgain(result->message);
    case Meaning::kPersonMends:
      return Fail(reason::kContractFailed, result->message);
  }
}

bool Decider::TemplatesAreBack(std::string* waits_for) {
  for (const TargetView& target : seen_.targets) {
    if (!target.exists || target.held || !next_.reached) continue;
    const bool newer = target.asks_for.empty() ? IsReleased(target) : AsksForWhatGoes(target);
    if (!newer) continue;
    if (!target.can_put_back) {
      Fail(reason::kNoApprovedTemplate, "Deployment " + target.name +
                                            " runs what needs the newer schema, and no earlier template of it is "
                                            "known; change it, then the resource");
      return false;
    }
    out_.put_back.push_back({target.name, target.template_hash});
    *waits_for = "puts the earlier template of Deployment " + target.name + " back";
  }
  if (!out_.put_back.empty()) return false;
  return OldPodsAreGone(waits_for);
}

// After a failed rollout whose schema stays a mended template goes on it; where the schema went back too, it comes
// again with a mended template. After a failed migration what was held for it gets its approved template back, where
// that is wanted; once.
void Decider::Failed() {
  const bool schema_is_there = next_.failure && next_.failure->reason == reason::kRolloutFailed && next_.reached &&
                               next_.reached->generation == resource_.generation;
  const bool opens = std::any_of(seen_.targets.begin(), seen_.targets.end(),
                                 [](const TargetView& target) { return target.exists && target.opens; });
  if (schema_is_there && opens) return Enter(Phase::kRollingOut);
  if (next_.failure && next_.failure->reason == reason::kRolledBack &&
      std::any_of(seen_.targets.begin(), seen_.targets.end(), [&](const auto& target) { return IsMended(target); })) {
    next_.failure.reset();
    return Enter(Phase::kPlanning);
  }
  if (!spec_.gate || !spec_.gate->restore_template || !next_.failure) return;
  for (const TargetView& target : seen_.targets) {
    if (target.exists && target.held && target.can_put_back && !target.reapplied && IsOfWhatFailed(target)) {
      out_.put_back.push_back({target.name, target.template_hash});
    }
  }
}

// A release writes its Deployment first, so the template of the mend is here before the resource says what it wants.
bool Decider::IsOfWhatFailed(const TargetView& target) const {
  if (target.asks_for.empty()) {
    return target.held_since && next_.phase_since && *target.held_since <= *next_.phase_since;
  }
  return AsksForThisRelease(target);
}

// Another template that came after the one that was put back, for the same release of the schema.
bool Decider::IsMended(const TargetView& target) const {
  if (!target.exists || !target.held || target.reapplied) return false;
  if (!target.put_back_at || !target.held_since || *target.held_since < *target.put_back_at) return false;
  return target.asks_for.empty() || AsksForThisRelease(target);
}

bool Decider::AsksForThisRelease(const TargetView& target) const { return Asks(target, spec_.image, StepsOf(next_)); }

bool Decider::AsksForWhatGoes(const TargetView& target) const {
  return Asks(target, next_.reached->image, StepsOf(next_));
}

}  // namespace sluice::migration
