// Observes a SchemaMigration and all that belongs to it, decides (decide.h, gate.h), and carries out what was decided.
// Every step may be the last one before the process ends: the next look begins from what is there then.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "operator/k8s/client.h"
#include "operator/migration/cache.h"
#include "operator/migration/decide.h"
#include "operator/runtime/event_series.h"
#include "operator/runtime/wall_clock.h"

namespace sluice::migration {

struct ReconcilerSettings {
  int most_jobs = 20;
  std::chrono::seconds job_ttl{3600};
  std::chrono::seconds gate_settle{30};
  std::vector<std::string> allowed_service_accounts;  // empty: any
};

class Reconciler {
 public:
  // All outlive this. `clock`: the time that is written into objects, and that windows and time limits are about.
  // `tell`: is told what people want to know, by several threads.
  Reconciler(kube::Client& client, Cache& cache, std::function<void(const runtime::EventNews&)> tell,
             ReconcilerSettings settings, runtime::WallClock& clock);

  // Told with each look what Deployments a resource names that aren't there, by their namespace and its name; answers
  // whether the resource will be looked at when one of them comes. To be set before the first look.
  using Expect = std::function<bool(const std::string& namespace_name, const std::string& resource,
                                    std::set<std::string> deployments)>;
  void OnMissing(Expect expect) { expect_ = std::move(expect); }

  // One look at a resource, by `namespace/name`. Returns when to look again, if nothing happens before; an error means
  // as soon as it makes sense. kConflict: somebody else was faster, which is nobody's fault. May be called by several
  // threads, with one key by one of them at a time.
  kube::ApiResult<std::optional<std::chrono::milliseconds>> Reconcile(const std::string& key);

  // Lets every gated Deployment of a namespace go (empty: of all of them), whatever gates it: before an operator is
  // uninstalled. How many there were.
  Result<int> ReleaseAll(const std::string& namespace_name);

 private:
  using Pause = std::optional<std::chrono::milliseconds>;

  // What is observed beyond the cache.
  kube::ApiResult<Observed> Observe(const api::SchemaMigration& resource);
  kube::ApiResult<std::vector<PodView>> PodsThatEnded(const JobView& job);
  kube::ApiResult<std::string> TroubleOf(const JobView& job);
  kube::ApiResult<std::optional<GatedDeployment>> FindDeployment(const std::string& namespace_name,
                                                                 const std::string& name);
  kube::ApiResult<TargetView> ViewTarget(const api::SchemaMigration& resource, const std::string& name);
  kube::ApiResult<int> CountOtherPods(const GatedDeployment& deployment);
  // How long the rollout may take by a clock that was set meanwhile. REQUIRES: resource.spec.gate
  std::chrono::seconds RolloutTimeout(const api::SchemaMigration& resource, const GatedDeployment& deployment) const;
  kube::ApiResult<std::vector<kube::Json>> ReplicaSetsOf(const GatedDeployment& deployment);

  // What is done.
  kube::ApiStatus Act(const api::SchemaMigration& resource, const Decision& decision);
  // `version`: the resourceVersion, before and after.
  kube::ApiStatus SetFinalizer(const api::SchemaMigration& resource, bool wanted, std::string* version);
  kube::ApiStatus MakeJob(const api::SchemaMigration& resource, const JobOrder& order);
  kube::ApiStatus PutTemplateBack(const std::string& namespace_name, const PutBack& order);
  kube::ApiStatus Cancel(const std::string& namespace_name, const std::string& job);
  kube::ApiStatus LetGo(const std::string& namespace_name, const std::string& job);
  void Tell(const api::SchemaMigration& resource, const News& news);
  // The Deployments that a resource names and the cache doesn't know to be its own, as far as they are there. True: the
  // others come without news.
  kube::ApiResult<bool> FindTargets(const api::SchemaMigration& resource, std::vector<GatedDeployment>* deployments);
  // Opens, holds, adopts and releases Deployments; `resource` as it is after Act.
  kube::ApiResult<Pause> WorkGates(const std::string& namespace_name, const std::string& name,
                                   const api::SchemaMigration* resource);
  kube::ApiStatus WorkGate(const GatedDeployment& deployment, const GateDecision& decision);
  // Reads an object and patches it, again where somebody else was faster. An empty patch: nothing is to be done.
  kube::ApiStatus Change(const kube::ObjectName& place,
                         const std::function<std::optional<kube::Json>(const kube::Json& object)>& patch_of);
  // Whether the same was not said of this Deployment before.
  bool IsNews(const std::string& uid, const std::string& message);
  void Forget(const std::string& uid);
  kube::ApiStatus Patch(const GatedDeployment& deployment, const kube::Json& patch);

  // Two resources for one database take turns: who works on it now, but for `resource`; empty: nobody.
  std::string BusyWith(const api::SchemaMigration& resource);
  std::string HolderOf(const api::SchemaMigration& resource);  // REQUIRES: mutex_ is held
  // From here on `resource` works on its databases, until Unclaim. False: somebody else does.
  bool Claim(const api::SchemaMigration& resource);
  void Unclaim(const std::string& uid);

  kube::Client& client_;
  Cache& cache_;
  std::function<void(const runtime::EventNews&)> tell_;
  Expect expect_;
  const ReconcilerSettings settings_;
  runtime::WallClock& clock_;
  std::mutex mutex_;
  std::map<std::string, std::string> told_;  // guarded by mutex_: what was said last of a held Deployment, by uid
  std::set<std::string> claims_;             // guarded by mutex_: uids of resources that start a Job, or have one
};

}  // namespace sluice::migration
