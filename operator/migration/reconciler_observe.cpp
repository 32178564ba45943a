// What a Reconciler looks at beyond its cache.
#include <algorithm>

#include "operator/migration/gate_patches.h"
#include "operator/migration/reconciler.h"
#include "operator/migration/resources.h"
#include "operator/migration/window.h"

namespace sluice::migration {

namespace {

using api::Phase;
using kube::ApiResult;
using kube::Json;

// Whether the pods of a Deployment matter now: nothing else is worth a request.
bool LooksAtPods(const api::SchemaMigration& resource) {
  return resource.status.phase == Phase::kContracting || resource.status.phase == Phase::kDowngrading;
}

Rollout RolloutFor(RolloutState state) {
  switch (state) {
    case RolloutState::kHeld:
      return Rollout::kHeld;
    case RolloutState::kProgressing:
      return Rollout::kProgressing;
    case RolloutState::kComplete:
      return Rollout::kComplete;
    case RolloutState::kFailed:
      return Rollout::kFailed;
  }
  return Rollout::kComplete;
}

constexpr std::chrono::hours kUntilZonesAreMended{1};

// A window that nobody can tell the time of is closed.
void ObserveWindow(const std::string& text, Observed& seen) {
  const Result<api::Time> opens = WindowOpens(text, seen.now);
  seen.window_opens = opens.ok() ? *opens : seen.now + kUntilZonesAreMended;
  if (!opens.ok()) seen.window_trouble = opens.error().message;
}

bool HasEarlierTemplate(const GatedDeployment& deployment) {
  return std::any_of(deployment.approved.begin(), deployment.approved.end(),
                     [&](const std::string& hash) { return hash != deployment.template_hash; });
}

}  // namespace

ApiResult<Observed> Reconciler::Observe(const api::SchemaMigration& resource) {
  Observed seen;
  seen.resource = resource;
  seen.now = clock_.Now();
  ObserveWindow(resource.spec.policy.window, seen);
  seen.jobs = cache_.JobsOf(resource.uid);
  seen.pods = cache_.PodsOf(seen.jobs);
  const auto& accounts = settings_.allowed_service_accounts;
  seen.account_refused =
      !accounts.empty() && std::find(accounts.begin(), accounts.end(), resource.spec.service_account) == accounts.end();
  seen.may_start_job = cache_.running_jobs() < settings_.most_jobs;
  for (const JobView& job : seen.jobs) {
    NoReport why;
    if (job.state == JobState::kRunning) {
      if (!job.has_pods) {
        SLUICE_TRY(seen.job_trouble, TroubleOf(job));
      }
    } else if (!job.has_ttl && !ReportOf(job, seen.pods, &why)) {
      // The Job's end may have been told before that of its pod.
      SLUICE_TRY(const std::vector<PodView> pods, PodsThatEnded(job));
      seen.pods.insert(seen.pods.end(), pods.begin(), pods.end());
    }
  }
  if (!resource.deleting) seen.busy_with = BusyWith(resource);
  if (resource.spec.gate) {
    for (const std::string& name : resource.spec.gate->deployments) {
      SLUICE_TRY(TargetView target, ViewTarget(resource, name));
      seen.targets.push_back(std::move(target));
    }
  }
  return seen;
}

ApiResult<std::vector<PodView>> Reconciler::PodsThatEnded(const JobView& job) {
  std::vector<PodView> pods;
  SLUICE_TRY([[maybe_unused]] const kube::ListEnd end,
             client_.List({.resource = kube::kPods,
                           .namespace_name = job.namespace_name,
                           .label_selector = "batch.kubernetes.io/job-name=" + job.name},
                          [&](const Json& pod) {
                            pods.push_back(ReadPod(pod));
                            return Status();
                          }));
  return pods;
}

ApiResult<std::string> Reconciler::TroubleOf(const JobView& job) {
  std::string trouble;
  SLUICE_TRY([[maybe_unused]] const kube::ListEnd end, client_.List({.resource = kube::kEvents,
                                                                     .namespace_name = job.namespace_name,
                                                                     .field_selector = "regarding.uid=" + job.uid},
                                                                    [&](const Json& event) {
                                                                      if (kube::TextAt(event, {"type"}) == "Warning")
                                                                        trouble = kube::TextAt(event, {"note"});
                                                                      return Status();
                                                                    }));
  return trouble;
}

ApiResult<std::optional<GatedDeployment>> Reconciler::FindDeployment(const std::string& namespace_name,
                                                                     const std::string& name) {
  std::optional<GatedDeployment> known = cache_.deployments.Find(namespace_name + "/" + name);
  if (known) return known;
  ApiResult<Json> object = client_.Get({kDeployments, namespace_name, name});
  if (object.ok()) return std::optional(ReadDeployment(*object));
  if (object.error().failure == kube::ApiFailure::kNotFound) return known;
  return object.error();
}

ApiResult<TargetView> Reconciler::ViewTarget(const api::SchemaMigration& resource, const std::string& name) {
  TargetView view;
  view.name = name;
  SLUICE_TRY(const std::optional<GatedDeployment> deployment, FindDeployment(resource.namespace_name, name));
  if (!deployment) return view;
  view.exists = true;
  view.template_hash = deployment->template_hash;
  view.asks_for = deployment->wanted_schemas;
  // One that isn't adopted yet runs what it runs: that is approved when it is.
  view.approved = deployment->is_approved() || !deployment->gated;
  view.approved_hash = deployment->approved.empty() ? deployment->template_hash : deployment->approved.back();
  view.held = deployment->paused_by_us();
  if (view.held) view.held_since = deployment->held->at;
  view.can_put_back = HasEarlierTemplate(*deployment);
  view.reapplied = deployment->failed && deployment->failed->hash == deployment->template_hash;
  if (deployment->failed) view.put_back_at = deployment->failed->at;
  view.rollout = RolloutFor(RolloutOf(*deployment, clock_.Now(), RolloutTimeout(resource, *deployment)));
  const GateDecision decision =
      DecideGate(*deployment, cache_.ResourcesOf({*deployment}, resource.namespace_name, resource.name, &resource),
                 clock_.Now(), settings_.gate_settle);
  view.opens =
      decision.step == GateStep::kOpen || decision.step == GateStep::kApprove || decision.step == GateStep::kUnpause;
  if (LooksAtPods(resource)) {
    SLUICE_TRY(view.other_pods, CountOtherPods(*deployment));
  }
  return view;
}

std::chrono::seconds Reconciler::RolloutTimeout(const api::SchemaMigration& resource,
                                                const GatedDeployment& deployment) const {
  const std::chrono::seconds timeout = resource.spec.gate->rollout_timeout;
  const auto& released = deployment.released;
  return released && released->at ? timeout + clock_.ForwardSince(*released->at) : timeout;
}

ApiResult<std::vector<Json>> Reconciler::ReplicaSetsOf(const GatedDeployment& deployment) {
  std::vector<Json> sets;
  SLUICE_TRY([[maybe_unused]] const kube::ListEnd end, client_.List({.resource = kReplicaSets,
                                                                     .namespace_name = deployment.namespace_name,
                                                                     .label_selector = deployment.selector},
                                                                    [&](const Json& set) {
                                                                      if (kube::ControllerUid(set) == deployment.uid)
                                                                        sets.push_back(set);
                                                                      return Status();
                                                                    }));
  return sets;
}

ApiResult<int> Reconciler::CountOtherPods(const GatedDeployment& deployment) {
  SLUICE_TRY(const std::vector<Json> sets, ReplicaSetsOf(deployment));
  const std::string& approved = deployment.approved.empty() ? deployment.template_hash : deployment.approved.back();
  std::vector<std::string> approved_sets;
  for (const Json& set : sets) {
    if (TemplateHash(kube::At(set, {"spec", "template"})) == approved)
      approved_sets.push_back(kube::TextAt(set, {"metadata", "uid"}));
  }
  int others = 0;
  SLUICE_TRY(
      [[maybe_unused]] const kube::ListEnd end,
      client_.List(
          {.resource = kube::kPods, .namespace_name = deployment.namespace_name, .label_selector = deployment.selector},
          [&](const Json& pod) {
            const std::string phase = kube::TextAt(pod, {"status", "phase"});
            const bool is_approved =
                std::find(approved_sets.begin(), approved_sets.end(), kube::ControllerUid(pod)) != approved_sets.end();
            if (phase != "Succeeded" && phase != "Failed" && !is_approved) ++others;
            return Status();
          }));
  return others;
}

}  // namespace sluice::migration
