#include "operator/migration/conditions.h"

#include <algorithm>

namespace sluice::migration {

namespace {

using api::Condition;
using api::Phase;
using api::Status;

void SetOrRemove(Status& status, bool wanted, Condition condition, api::Time now) {
  if (wanted) {
    SetCondition(status, std::move(condition), now);
  } else {
    RemoveCondition(status, condition.type);
  }
}

// Templates may pass that ask for what was reached: before that there is nothing that they could have asked for.
bool IsOpen(const Status& status) {
  return status.reached &&
         (status.phase == Phase::kRollingOut || status.phase == Phase::kContracting || status.phase == Phase::kReady);
}

}  // namespace

const Condition* FindCondition(const Status& status, std::string_view type) {
  const auto found = std::find_if(status.conditions.begin(), status.conditions.end(),
                                  [&](const Condition& condition) { return condition.type == type; });
  return found == status.conditions.end() ? nullptr : &*found;
}

void SetCondition(Status& status, Condition condition, api::Time now) {
  const Condition* before = FindCondition(status, condition.type);
  condition.changed_at = before && before->status == condition.status ? before->changed_at : now;
  RemoveCondition(status, condition.type);
  const auto place = std::find_if(status.conditions.begin(), status.conditions.end(),
                                  [&](const Condition& other) { return other.type > condition.type; });
  status.conditions.insert(place, std::move(condition));
}

void RemoveCondition(Status& status, std::string_view type) {
  std::erase_if(status.conditions, [&](const Condition& condition) { return condition.type == type; });
}

void SetConditions(Status& status, const api::SchemaMigration& resource, const Situation& situation, api::Time now) {
  const auto make = [&](const char* type, bool is_true, const std::string& reason, const std::string& message) {
    return Condition{.type = type,
                     .status = is_true,
                     .reason = reason,
                     .message = message,
                     .observed_generation = status.observed_generation,
                     .changed_at = {}};
  };
  const auto& [standing, reason, message] = situation;
  SetCondition(status, make("Ready", standing == Standing::kReady, reason, message), now);
  SetOrRemove(status, standing == Standing::kWorking, make("Reconciling", true, reason, message), now);
  SetOrRemove(status, standing == Standing::kStalled, make("Stalled", true, reason, message), now);

  const bool has_plan = status.plan && !status.plan->hash.empty();
  const bool validated =
      has_plan && status.validation && status.validation->passed && status.validation->plan_hash == status.plan->hash;
  const bool failed_validation =
      has_plan && status.validation && !status.validation->passed && status.validation->plan_hash == status.plan->hash;
  SetOrRemove(status, resource.spec.validation && has_plan,
              make("Validated", validated,
                   validated           ? "Passed"
                   : failed_validation ? "Failed"
                                       : "NotYet",
                   validated ? "staging has passed the plan " + status.plan->hash.substr(0, 12)
                             : "staging has not passed the plan"),
              now);
  const bool approved = has_plan && resource.spec.approved_plan == status.plan->hash;
  SetOrRemove(status, resource.spec.policy.approval == api::Approval::kManual && has_plan,
              make("Approved", approved, approved ? "Approved" : "AwaitingApproval",
                   approved ? "spec.approvedPlan is this plan"
                            : "spec.approvedPlan is not " + (has_plan ? status.plan->hash : std::string())),
              now);
  const bool open = IsOpen(status);
  SetOrRemove(status, resource.spec.gate.has_value(),
              make("GateOpen", open, open ? "Reached" : "Closed",
                   open ? "templates that ask for what was reached may roll out" : "new templates are held"),
              now);
  SetOrRemove(status, !status.drift.empty(), make("Drifted", true, "Drifted", status.drift), now);
  const bool rollback =
      status.failure && status.failure->reason == "RolloutFailed" && status.phase == Phase::kRollingOut;
  SetOrRemove(status, rollback,
              make("RollbackRequired", true, "RolloutFailed", status.failure ? status.failure->message : ""), now);
}

}  // namespace sluice::migration
