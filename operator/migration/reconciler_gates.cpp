// What a Reconciler does with Deployments.
#include <algorithm>
#include <utility>

#include "operator/migration/gate_patches.h"
#include "operator/migration/reconciler.h"
#include "operator/migration/resources.h"

namespace sluice::migration {

namespace {

using kube::ApiResult;
using kube::ApiStatus;
using kube::Done;
using kube::Json;

// How often a Deployment is looked for that nothing tells of.
constexpr std::chrono::seconds kUnseenPause{5};

runtime::EventNews NewsOf(const GatedDeployment& deployment, bool warning, std::string reason, std::string note) {
  return {.regarding = {.api_version = "apps/v1",
                        .kind = "Deployment",
                        .namespace_name = deployment.namespace_name,
                        .name = deployment.name,
                        .uid = deployment.uid},
          .warning = warning,
          .reason = std::move(reason),
          .action = "Gate",
          .note = std::move(note),
          .topic = deployment.template_hash};
}

}  // namespace

ApiResult<bool> Reconciler::FindTargets(const api::SchemaMigration& resource,
                                        std::vector<GatedDeployment>* deployments) {
  std::set<std::string> missing;
  for (const std::string& target : resource.spec.gate ? resource.spec.gate->deployments : std::vector<std::string>()) {
    const bool known = std::any_of(deployments->begin(), deployments->end(),
                                   [&](const GatedDeployment& deployment) { return deployment.name == target; });
    if (known) continue;
    SLUICE_TRY(std::optional<GatedDeployment> found, FindDeployment(resource.namespace_name, target));
    if (found) {
      deployments->push_back(*std::move(found));
    } else {
      missing.insert(target);
    }
  }
  const bool is_told = expect_ && expect_(resource.namespace_name, resource.name, missing);
  // One that has come before anybody waited for it is told by nobody.
  for (const std::string& target : missing) {
    if (!is_told) break;
    SLUICE_TRY(std::optional<GatedDeployment> found, FindDeployment(resource.namespace_name, target));
    if (found) deployments->push_back(*std::move(found));
  }
  return !missing.empty() && !is_told;
}

ApiResult<Reconciler::Pause> Reconciler::WorkGates(const std::string& namespace_name, const std::string& name,
                                                   const api::SchemaMigration* resource) {
  std::vector<GatedDeployment> deployments = cache_.DeploymentsOf(namespace_name, name);
  Pause pause;
  if (resource) {
    SLUICE_TRY(const bool unseen, FindTargets(*resource, &deployments));
    if (unseen) pause = kUnseenPause;
  } else if (expect_) {
    expect_(namespace_name, name, {});
  }
  const std::vector<GateResource> resources = cache_.ResourcesOf(deployments, namespace_name, name, resource);
  for (const GatedDeployment& deployment : deployments) {
    const api::Time now = clock_.Now();
    const GateDecision decision = DecideGate(deployment, resources, now, settings_.gate_settle);
    SLUICE_CHECK(WorkGate(deployment, decision));
    std::optional<api::Time> again = decision.again_at;
    if (resource && resource->spec.gate && resource->status.phase == api::Phase::kRollingOut) {
      const std::optional<api::Time> fails = RolloutFailsAt(deployment, RolloutTimeout(*resource, deployment));
      if (fails && *fails > now && (!again || *fails < *again)) again = fails;
    }
    if (!again) continue;
    const auto wait =
        std::max(std::chrono::milliseconds(100), std::chrono::duration_cast<std::chrono::milliseconds>(*again - now));
    if (!pause || wait < *pause) pause = wait;
  }
  return pause;
}

bool Reconciler::IsNews(const std::string& uid, const std::string& message) {
  const std::lock_guard lock(mutex_);
  return std::exchange(told_[uid], message) != message;
}

void Reconciler::Forget(const std::string& uid) {
  const std::lock_guard lock(mutex_);
  told_.erase(uid);
}

Result<int> Reconciler::ReleaseAll(const std::string& namespace_name) {
  std::vector<GatedDeployment> deployments;
  SLUICE_TRY([[maybe_unused]] const kube::ListEnd end,
             client_
                 .List({.resource = kDeployments,
                        .namespace_name = namespace_name,
                        .label_selector = std::string(api::kGatedLabel) + "=true"},
                       [&](const Json& deployment) {
                         deployments.push_back(ReadDeployment(deployment));
                         return Status();
                       })
                 .AsResult());
  for (const GatedDeployment& deployment : deployments) {
    SLUICE_CHECK(WorkGate(deployment, {.step = GateStep::kRelease}).AsResult());
    // Once the template is back, the marks go too.
    const ApiResult<Json> now = client_.Get({kDeployments, deployment.namespace_name, deployment.name});
    if (!now.ok()) continue;
    const GatedDeployment left = ReadDeployment(*now);
    if (left.gated) SLUICE_CHECK(Patch(left, ReleasePatch(left)).AsResult());
  }
  return static_cast<int>(deployments.size());
}

ApiStatus Reconciler::WorkGate(const GatedDeployment& deployment, const GateDecision& decision) {
  if (decision.step != GateStep::kHold) Forget(deployment.uid);
  switch (decision.step) {
    case GateStep::kNothing:
      return Done{};
    case GateStep::kAdopt:
      return Patch(deployment, AdoptPatch(deployment, decision));
    case GateStep::kRelease: {
      if (deployment.paused_by_us() && !deployment.leave_on_delete && !deployment.is_approved()) {
        return PutTemplateBack(deployment.namespace_name, {deployment.name, deployment.template_hash});
      }
      return Patch(deployment, ReleasePatch(deployment));
    }
    case GateStep::kHold:
      if (deployment.paused_by_us() && IsNews(deployment.uid, decision.message)) {
        tell_(NewsOf(deployment, false, std::string(HoldReasonName(decision.reason)), decision.message));
      }
      return Done{};
    case GateStep::kPause: {
      SLUICE_CHECK(Patch(deployment, PausePatch(deployment, clock_.Now())));
      tell_(NewsOf(deployment, false, std::string(HoldReasonName(decision.reason)), decision.message));
      return Done{};
    }
    case GateStep::kOpen: {
      SLUICE_CHECK(Patch(deployment, OpenPatch(deployment, clock_.Now())));
      tell_(NewsOf(deployment, false, "GateOpened", "the schema is there; the template rolls out"));
      return Done{};
    }
    case GateStep::kApprove:
      return Patch(deployment, ApprovePatch(deployment));
    case GateStep::kUnpause:
      return Patch(deployment, UnpausePatch(deployment));
    case GateStep::kBreakGlass: {
      SLUICE_CHECK(Patch(deployment, OpenPatch(deployment, clock_.Now())));
      tell_(NewsOf(deployment, true, "GateBroken", "let go because of the annotation sluice.dev/gate: open"));
      return Done{};
    }
  }
  return Done{};
}

ApiStatus Reconciler::Patch(const GatedDeployment& deployment, const Json& patch) {
  const ApiResult<Json> patched = client_.MergePatch({kDeployments, deployment.namespace_name, deployment.name}, patch);
  if (patched.ok() || patched.error().failure == kube::ApiFailure::kNotFound) return Done{};
  return patched.error();
}

ApiStatus Reconciler::PutTemplateBack(const std::string& namespace_name, const PutBack& order) {
  const kube::ObjectName place{kDeployments, namespace_name, order.deployment};
  bool done = false;
  std::optional<kube::ApiError> trouble;
  const ApiStatus put = Change(place, [&](const Json& object) -> std::optional<Json> {
    const GatedDeployment deployment = ReadDeployment(object);
    done = deployment.template_hash == order.template_hash;
    if (!done) return std::nullopt;
    auto sets = ReplicaSetsOf(deployment);
    if (!sets.ok()) {
      trouble = sets.error();
      return std::nullopt;
    }
    const Json* set = FindApprovedReplicaSet(*sets, deployment);
    if (set) return PutBackPatch(object, *set, clock_.Now());
    tell_(NewsOf(deployment, true, "NoApprovedTemplate", "no ReplicaSet has the earlier template any more"));
    trouble = MakeError(ErrorCode::kNotUpToDate, "Deployment " + namespace_name + "/" + order.deployment +
                                                     ": no ReplicaSet has a template that was approved before");
    return std::nullopt;
  });
  if (trouble) return *std::move(trouble);
  SLUICE_CHECK(put);
  if (!done) return Done{};
  // What the operator has written belongs to whoever wrote it before: Helm's next apply would conflict otherwise.
  GatedDeployment now;
  SLUICE_CHECK(Change(place, [&](const Json& object) {
    now = ReadDeployment(object);
    return WithoutManagedFieldsPatch(object, api::kFieldManager);
  }));
  tell_(NewsOf(now, true, "TemplatePutBack", "the template that was approved before is back"));
  return Done{};
}

ApiStatus Reconciler::Change(const kube::ObjectName& place,
                             const std::function<std::optional<Json>(const Json& object)>& patch_of) {
  constexpr int kAttempts = 5;  // controllers write to it all the time
  for (int attempt = 1;; ++attempt) {
    SLUICE_TRY(const Json object, client_.Get(place));
    const std::optional<Json> patch = patch_of(object);
    if (!patch) return Done{};
    const ApiResult<Json> patched = client_.MergePatch(place, *patch);
    if (patched.ok()) return Done{};
    if (patched.error().failure != kube::ApiFailure::kConflict || attempt == kAttempts) {
      return patched.error();
    }
  }
}

}  // namespace sluice::migration
