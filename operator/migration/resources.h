// The kinds of objects that the controller works with.
#pragma once

#include "operator/api/names.h"
#include "operator/k8s/client.h"

namespace sluice::migration {

inline constexpr kube::Resource kSchemaMigrations{api::kGroup, api::kVersion, api::kPlural};
inline constexpr kube::Resource kJobs{"batch", "v1", "jobs"};
inline constexpr kube::Resource kDeployments{"apps", "v1", "deployments"};
inline constexpr kube::Resource kReplicaSets{"apps", "v1", "replicasets"};

}  // namespace sluice::migration
