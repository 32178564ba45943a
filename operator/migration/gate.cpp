#include "operator/migration/gate.h"

#include <algorithm>
#include <iterator>

#include "operator/k8s/time_text.h"
#include "operator/migration/reasons.h"

namespace sluice::migration {
namespace {

constexpr std::size_t kShortestRevision = 4;

using Resources = std::vector<const GateResource*>;

// Those that gate it, by name.
Resources Gating(const GatedDeployment& deployment, const std::vector<GateResource>& resources) {
  Resources gating;
  for (const GateResource& resource : resources) {
    if (resource.Gates(deployment.name)) gating.push_back(&resource);
  }
  std::sort(gating.begin(), gating.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  return gating;
}

std::string PhaseText(const GateResource& resource) {
  if (resource.deleting) return "is being deleted";
  if (resource.observed_generation != resource.generation || !resource.phase) return "has not been looked at yet";
  switch (*resource.phase) {
    case api::Phase::kPending:
      return "is Pending";
    case api::Phase::kPlanning:
      return "is Planning";
    case api::Phase::kValidating:
      return "is Validating";
    case api::Phase::kAwaitingApproval:
      return "is AwaitingApproval";
    case api::Phase::kMigrating:
      return "is Migrating";
    case api::Phase::kDowngrading:
      return "is Downgrading";
    case api::Phase::kFailed:
      return "is Failed";
    case api::Phase::kRollingOut:
    case api::Phase::kContracting:
    case api::Phase::kReady:
      break;
  }
  return "has not reached what it wants";
}

GateDecision Hold(HoldReason reason, std::string message, std::optional<api::Time> again_at = std::nullopt) {
  return {GateStep::kHold, reason, std::move(message), again_at};
}

bool HasReachedSince(const GateResource& resource, const std::optional<api::Time>& time) {
  return time && resource.reached && resource.reached->at && *resource.reached->at > *time;
}

// Our pause, with the time since when this very template is held.
bool IsMarked(const GatedDeployment& deployment, api::Time now, std::chrono::seconds settle) {
  if (!deployment.paused_by_us() || deployment.held->hash != deployment.template_hash) return false;
  // A time far ahead is of a clock that was wrong.
  return deployment.held->at && *deployment.held->at <= now + settle;
}

bool AllReachedSince(const Resources& gating, const std::optional<api::Time>& time) {
  return std::all_of(gating.begin(), gating.end(), [&](const auto* one) { return HasReachedSince(*one, time); });
}

// The template that was put back is there again, and what it waits for is as it was then.
bool IsReapplied(const GatedDeployment& deployment, const Resources& gating) {
  if (!deployment.failed || deployment.failed->hash != deployment.template_hash) return false;
  const std::optional<api::Time>& then = deployment.failed->at;
  const std::vector<std::string>& wanted = deployment.wanted_schemas;
  if (wanted.empty()) return !AllReachedSince(gating, then);
  return std::none_of(gating.begin(), gating.end(), [&](const auto* one) {
    return HasReachedSince(*one, then) &&
           std::any_of(wanted.begin(), wanted.end(), [&](const auto& schema) { return one->HasReached(schema); });
  });
}

// Of a template that names what it needs: empty when it may go.
std::optional<GateDecision> InTheWayOfNamed(const std::vector<std::string>& wanted, const Resources& gating) {
  const auto missing = std::find_if(wanted.begin(), wanted.end(), [&](const std::string& schema) {
    return std::none_of(gating.begin(), gating.end(), [&](const auto* one) { return one->HasReached(schema); });
  });
  if (missing == wanted.end()) return std::nullopt;
  std::string names;
  for (const GateResource* resource : gating) names += (names.empty() ? "" : " or ") + resource->name;
  return Hold(HoldReason::kWaitsForMigration,
              "its template needs " + *missing + ", which SchemaMigration " + names + " has not reached");
}

// … and of one that names nothing.
std::optional<GateDecision> InTheWayOfNameless(const GatedDeployment& deployment, const Resources& gating,
                                               api::Time now, std::chrono::seconds settle) {
  // Without a mark of ours there is no telling since when it waits.
  if (!IsMarked(deployment, now, settle)) return Hold(HoldReason::kSettling, "its template names no schema");
  const api::Time settled_at = *deployment.held->at + settle;
  if (AllReachedSince(gating, deployment.held->at) || now >= settled_at) return std::nullopt;
  return Hold(HoldReason::kSettling,
              "its template names no schema: it waits until " + kube::TimeText(settled_at) + " for a change of one",
              settled_at);
}

// Why a template that isn't approved may not go; empty: it may.
std::optional<GateDecision> InTheWay(const GatedDeployment& deployment, const Resources& gating, api::Time now,
                                     std::chrono::seconds settle) {
  if (IsReapplied(deployment, gating)) {
    return Hold(HoldReason::kTemplateReapplied, "its template is the one that was put back");
  }
  for (const GateResource* resource : gating) {
    if (resource->failed()) {
      return Hold(HoldReason::kMigrationFailed, "SchemaMigration " + resource->name + " is Failed");
    }
  }
  for (const GateResource* resource : gating) {
    if (!resource->open()) {
      return Hold(HoldReason::kWaitsForMigration, "SchemaMigration " + resource->name + " " + PhaseText(*resource));
    }
  }
  if (!deployment.wanted_schemas.empty()) return InTheWayOfNamed(deployment.wanted_schemas, gating);
  return InTheWayOfNameless(deployment, gating, now, settle);
}

GateDecision Held(const GatedDeployment& deployment, GateDecision hold, api::Time now, std::chrono::seconds settle) {
  const bool is_persons = deployment.paused && !deployment.held;
  if (!is_persons && !IsMarked(deployment, now, settle)) {
    hold.step = GateStep::kPause;
    hold.again_at.reset();
  }
  return hold;
}

GateDecision DecideUnapproved(const GatedDeployment& deployment, const Resources& gating, api::Time now,
                              std::chrono::seconds settle) {
  std::optional<GateDecision> hold = InTheWay(deployment, gating, now, settle);
  if (hold) return Held(deployment, std::move(*hold), now, settle);
  return {deployment.paused && !deployment.held ? GateStep::kApprove : GateStep::kOpen};
}

GateDecision DecideApproved(const GatedDeployment& deployment) {
  if (deployment.paused_by_us()) return {GateStep::kUnpause};
  // What runs now is what a later one is taken back to.
  if (deployment.approved.back() != deployment.template_hash) return {GateStep::kApprove};
  return {};
}

GateDecision Adopt(const GatedDeployment& deployment, std::vector<std::string> names, bool leave) {
  GateDecision decision{GateStep::kAdopt};
  decision.gated_by = std::move(names);
  decision.leave_on_delete = leave;
  decision.approve = !deployment.gated && !deployment.held && !deployment.is_approved();
  return decision;
}

}  // namespace

bool GateResource::Gates(std::string_view deployment) const {
  return std::find(deployments.begin(), deployments.end(), deployment) != deployments.end();
}

bool GateResource::open() const {
  if (deleting || observed_generation != generation || !phase || !reached || reached->generation != generation) {
    return false;
  }
  return *phase == api::Phase::kRollingOut || *phase == api::Phase::kContracting || *phase == api::Phase::kReady ||
         (*phase == api::Phase::kFailed && rollout_failed);
}

bool GateResource::failed() const {
  return observed_generation == generation && phase == api::Phase::kFailed && !open();
}

bool GateResource::HasReached(std::string_view schema) const {
  if (!reached || schema.empty()) return false;
  if (reached->image == schema) return true;
  return std::any_of(reached->revisions.begin(), reached->revisions.end(),
                     [&](const std::string& revision) { return NamesRevision(schema, revision); });
}

bool NamesRevision(std::string_view schema, std::string_view revision) {
  return schema.size() >= kShortestRevision && revision.starts_with(schema);
}

GateResource GateResourceOf(const api::SchemaMigration& resource) {
  GateResource read;
  read.name = resource.name;
  if (resource.spec.gate) {
    read.deployments = resource.spec.gate->deployments;
    read.leave_on_delete = resource.spec.gate->on_delete == api::OnDelete::kLeave;
  }
  read.deleting = resource.deleting;
  read.generation = resource.generation;
  read.observed_generation = resource.status.observed_generation;
  read.phase = resource.status.phase;
  read.rollout_failed = resource.status.failure && resource.status.failure->reason == reason::kRolloutFailed;
  read.reached = resource.status.reached;
  return read;
}

std::string_view HoldReasonName(HoldReason reason) {
  switch (reason) {
    case HoldReason::kNone:
      break;
    case HoldReason::kWaitsForMigration:
      return "WaitsForMigration";
    case HoldReason::kMigrationFailed:
      return "MigrationFailed";
    case HoldReason::kResourceMissing:
      return "ResourceMissing";
    case HoldReason::kTemplateReapplied:
      return "TemplateReapplied";
    case HoldReason::kSettling:
      return "Settling";
  }
  return {};
}

GateDecision DecideGate(const GatedDeployment& deployment, const std::vector<GateResource>& resources, api::Time now,
                        std::chrono::seconds settle) {
  if (deployment.deleting) return {};
  const Resources gating = Gating(deployment, resources);
  if (!deployment.gated && gating.empty()) return {};
  if (deployment.break_glass && deployment.gated) {
    const bool is_free = deployment.is_approved() && !deployment.paused_by_us();
    return {is_free ? GateStep::kNothing : GateStep::kBreakGlass};
  }
  std::vector<std::string> names;
  bool leave = !gating.empty();
  for (const GateResource* resource : gating) {
    names.push_back(resource->name);
    leave = leave && resource->leave_on_delete;
  }
  std::vector<std::string> missing;
  std::set_difference(deployment.gated_by.begin(), deployment.gated_by.end(), names.begin(), names.end(),
                      std::back_inserter(missing));
  // Nothing was ever approved: a chart wrote the marks, and the resource is still to come.
  if (deployment.gated && deployment.approved.empty() && (!missing.empty() || gating.empty())) {
    const std::string name = missing.empty() ? "" : " " + missing.front();
    return Held(
        deployment,
        Hold(HoldReason::kResourceMissing, "there is no SchemaMigration" + name + " that names this Deployment"), now,
        settle);
  }
  if (gating.empty()) return {GateStep::kRelease};
  if (!deployment.gated || deployment.gated_by != names || deployment.leave_on_delete != leave) {
    return Adopt(deployment, std::move(names), leave);
  }
  return deployment.is_approved() ? DecideApproved(deployment) : DecideUnapproved(deployment, gating, now, settle);
}

RolloutState RolloutOf(const GatedDeployment& deployment, api::Time now, std::chrono::seconds timeout) {
  if (deployment.paused || !deployment.is_approved()) return RolloutState::kHeld;
  const std::optional<api::Time> fails_at = RolloutFailsAt(deployment, timeout);
  const bool is_late = fails_at && now >= *fails_at;
  if (deployment.observed_generation < deployment.generation) {
    return is_late ? RolloutState::kFailed : RolloutState::kProgressing;
  }
  if (deployment.progressing_reason == "ProgressDeadlineExceeded") return RolloutState::kFailed;
  const bool is_complete = deployment.updated_replicas >= deployment.replicas &&
                           deployment.current_replicas <= deployment.updated_replicas &&
                           deployment.available_replicas >= deployment.updated_replicas;
  if (is_complete) return RolloutState::kComplete;
  return is_late ? RolloutState::kFailed : RolloutState::kProgressing;
}

std::optional<api::Time> RolloutFailsAt(const GatedDeployment& deployment, std::chrono::seconds timeout) {
  const auto& released = deployment.released;
  if (!released || released->hash != deployment.template_hash || !released->at) return std::nullopt;
  return *released->at + timeout;
}

}  // namespace sluice::migration
