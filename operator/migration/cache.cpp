#include "operator/migration/cache.h"

#include <algorithm>

#include "operator/api/schema_migration_codec.h"
#include "operator/migration/database_name.h"

namespace sluice::migration {

namespace {

using Changed = std::function<void(const std::string& key)>;

// Whose objects change is told with both: what was, and what is.
template <typename T, typename Owners>
typename runtime::Store<T>::Changes TellOwners(const Changed& changed, const Owners& owners) {
  return [changed, owners](const std::string&, const T* before, const T* now) {
    std::vector<std::string> keys;
    for (const T* object : {before, now}) {
      if (!object) continue;
      for (const std::string& owner : owners(*object)) keys.push_back(object->namespace_name + "/" + owner);
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const std::string& key : keys) changed(key);
  };
}

// What others do when this resource moves on: those that gate the same Deployments, and those that wait for its
// database.
void TellOthers(const Cache& cache, const Changed& changed, const std::string& key, const ResourceView* before,
                const ResourceView* now) {
  changed(key);
  if (before && now && before->gate.open() == now->gate.open() && before->gate.reached == now->gate.reached) return;
  const ResourceView& view = now ? *now : *before;
  const std::string place = key.substr(0, key.find('/') + 1);
  std::vector<std::string> others;
  cache.deployments.ForEach([&](const std::string& deployment, const GatedDeployment& gated) {
    if (!deployment.starts_with(place) || !view.gate.Gates(gated.name)) return;
    others.insert(others.end(), gated.gated_by.begin(), gated.gated_by.end());
  });
  for (const std::string& other : others) {
    if (place + other != key) changed(place + other);
  }
}

}  // namespace

namespace {

std::optional<std::chrono::duration<double>> DurationOf(const std::optional<api::Run>& run) {
  if (!run || !run->started_at || !run->finished_at) return std::nullopt;
  return *run->finished_at - *run->started_at;
}

}  // namespace

ResourceView ViewOf(const api::SchemaMigration& resource) {
  return {.uid = resource.uid,
          .gate = GateResourceOf(resource),
          .databases = DatabasesOf(resource),
          .database_id = resource.status.database_id,
          .pending = resource.status.pending,
          .drifted = !resource.status.drift.empty(),
          .last_duration = DurationOf(resource.status.last_run)};
}

Cache::Cache(const Changed& changed)
    : resources([](const kube::Json& object) { return ViewOf(api::ReadSchemaMigration(object)); },
                [this, changed](const std::string& key, const ResourceView* before, const ResourceView* now) {
                  TellOthers(*this, changed, key, before, now);
                }),
      jobs(ReadJob, TellOwners<JobView>(changed, [](const JobView& job) { return std::vector{job.owner}; })),
      pods(ReadPod, TellOwners<PodView>(changed, [](const PodView& pod) { return std::vector{pod.owner}; })),
      deployments(ReadDeployment,
                  TellOwners<GatedDeployment>(changed, [](const GatedDeployment& gated) { return gated.gated_by; })) {}

std::vector<JobView> Cache::JobsOf(const std::string& uid) const {
  std::vector<JobView> found;
  jobs.ForEach([&](const std::string&, const JobView& job) {
    if (job.owner_uid == uid) found.push_back(job);
  });
  return found;
}

std::vector<PodView> Cache::PodsOf(const std::vector<JobView>& of_jobs) const {
  std::vector<PodView> found;
  pods.ForEach([&](const std::string&, const PodView& pod) {
    for (const JobView& job : of_jobs) {
      if (pod.namespace_name == job.namespace_name && pod.job == job.name) found.push_back(pod);
    }
  });
  return found;
}

// There may be thousands of resources in a namespace, and each look is about few of them.
std::vector<GateResource> Cache::ResourcesOf(const std::vector<GatedDeployment>& of_deployments,
                                             const std::string& namespace_name, const std::string& name,
                                             const api::SchemaMigration* as_it_is) const {
  std::vector<GateResource> found;
  if (of_deployments.empty()) return found;
  const std::string place = namespace_name + "/";
  resources.ForEach([&](const std::string& key, const ResourceView& view) {
    const GateResource& gate = view.gate;
    if (!key.starts_with(place) || gate.name == name) return;
    const bool is_meant = std::any_of(of_deployments.begin(), of_deployments.end(), [&](const GatedDeployment& gated) {
      const auto& names = gated.gated_by;
      return gate.Gates(gated.name) || std::find(names.begin(), names.end(), gate.name) != names.end();
    });
    if (is_meant) found.push_back(gate);
  });
  if (as_it_is) found.push_back(GateResourceOf(*as_it_is));
  return found;
}

std::vector<GatedDeployment> Cache::DeploymentsOf(const std::string& namespace_name,
                                                  const std::string& resource) const {
  std::vector<GatedDeployment> found;
  deployments.ForEach([&](const std::string&, const GatedDeployment& gated) {
    const auto& names = gated.gated_by;
    if (gated.namespace_name == namespace_name && std::find(names.begin(), names.end(), resource) != names.end()) {
      found.push_back(gated);
    }
  });
  return found;
}

int Cache::running_jobs() const {
  int running = 0;
  jobs.ForEach([&](const std::string&, const JobView& job) { running += job.state == JobState::kRunning ? 1 : 0; });
  return running;
}

}  // namespace sluice::migration
