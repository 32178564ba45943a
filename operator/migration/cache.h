// What the controller knows of the cluster without asking: slim projections, kept by reflectors. All of it may be read
// by several threads; none of it is newer than the last event that came.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "operator/migration/gate.h"
#include "operator/migration/gated_deployment.h"
#include "operator/migration/job_view.h"
#include "operator/runtime/store.h"

namespace sluice::migration {

// A SchemaMigration, as far as others look at it.
struct ResourceView {
  std::string uid;
  GateResource gate;
  // What it works on, by name (database_name.h).
  std::vector<std::string> databases;
  std::string database_id;  // of the last report; empty: not known
  int pending = 0;
  bool drifted = false;
  std::optional<std::chrono::duration<double>> last_duration;  // of the last Job that has ended

  bool operator==(const ResourceView&) const = default;
};

ResourceView ViewOf(const api::SchemaMigration& resource);

struct Cache {
  // `changed` is called with the key of a resource that has to be looked at, in the thread of a reflector.
  explicit Cache(const std::function<void(const std::string& key)>& changed);

  runtime::Store<ResourceView> resources;
  runtime::Store<JobView> jobs;                 // those that the operator made
  runtime::Store<PodView> pods;                 // of those Jobs
  runtime::Store<GatedDeployment> deployments;  // with the label sluice.dev/gated

  // Of one resource.
  std::vector<JobView> JobsOf(const std::string& uid) const;
  std::vector<PodView> PodsOf(const std::vector<JobView>& jobs) const;
  // Those that gate one of these Deployments of the namespace, or that their marks name: `name` as it was just read or
  // written, which the cache may not know yet; nullptr: it is gone.
  std::vector<GateResource> ResourcesOf(const std::vector<GatedDeployment>& deployments,
                                        const std::string& namespace_name, const std::string& name,
                                        const api::SchemaMigration* as_it_is) const;
  std::vector<GatedDeployment> DeploymentsOf(const std::string& namespace_name, const std::string& resource) const;
  int running_jobs() const;
};

}  // namespace sluice::migration
