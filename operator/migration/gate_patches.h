// What the operator writes to Deployments. All are JSON merge patches with the resourceVersion that was seen in them,
// so that a Deployment which somebody has changed meanwhile is never touched (409: look again). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operator/api/schema_migration.h"
#include "operator/migration/gate.h"
#include "operator/migration/gated_deployment.h"

namespace sluice::migration {

// The annotation sluice.dev/approved with the template as the newest.
std::string ApprovedWith(const GatedDeployment& deployment);

// `decision` is of kAdopt.
Json AdoptPatch(const GatedDeployment& deployment, const GateDecision& decision);

// Un-pauses what we paused, approves the template, writes when it was let go, and forgets what was put back before.
Json OpenPatch(const GatedDeployment& deployment, api::Time now);

// Approves the template, as the newest; whatever is paused stays.
Json ApprovePatch(const GatedDeployment& deployment);

// Un-pauses what we paused; its template is an approved one and becomes the newest of them.
Json UnpausePatch(const GatedDeployment& deployment);

// Pauses it, and says for which template and since when.
Json PausePatch(const GatedDeployment& deployment, api::Time now);

// Takes all marks away, and un-pauses what we paused, unless it is to be left (sluice.dev/on-delete).
Json ReleasePatch(const GatedDeployment& deployment);

// After a contract revision an older template can't run any more: only the newest approved one stays so.
Json ForgetApprovedPatch(const GatedDeployment& deployment);

// The ReplicaSet (apps/v1) that the Deployment is to be taken back to: of those that it owns the one with the newest
// approved template that isn't the one it has now, and of several of these, which differ in what the gate doesn't look
// at, the one with the highest revision. Null: there is none any more.
const Json* FindApprovedReplicaSet(const std::vector<Json>& replica_sets, const GatedDeployment& deployment);

// Brings the template of a ReplicaSet back, un-pauses what we paused, and marks the template that is there now as the
// one that was put back: it isn't approved any more. `deployment`: the whole object, as it was just read.
Json PutBackPatch(const Json& deployment, const Json& replica_set, api::Time now);

// Takes the entries of a field manager out of metadata.managedFields: another manager's next server-side apply doesn't
// conflict with what it wrote, then. Empty: there are none. `object`: as the last write returned it.
std::optional<Json> WithoutManagedFieldsPatch(const Json& object, std::string_view manager);

}  // namespace sluice::migration
