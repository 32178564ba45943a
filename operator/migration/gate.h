// The gate: whether a Deployment's template may roll out, by what the SchemaMigrations that gate it have reached. Pure.
// gate_patches.h writes what is decided here.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operator/api/schema_migration.h"
#include "operator/migration/gated_deployment.h"

namespace sluice::migration {

// A SchemaMigration, as far as the gate looks at it.
struct GateResource {
  std::string name;
  std::vector<std::string> deployments;  // that its gate names
  bool leave_on_delete = false;
  bool deleting = false;
  std::int64_t generation = 0;
  std::int64_t observed_generation = -1;
  std::optional<api::Phase> phase;
  bool rollout_failed = false;  // why it is Failed: the schema is there, and stays
  std::optional<api::Reached> reached;

  bool operator==(const GateResource&) const = default;

  bool Gates(std::string_view deployment) const;
  // What it wants now has been seen and reached, and nothing is in the way: RollingOut, Contracting or Ready, or Failed
  // because of the rollout alone, so that a mended template gets its turn. One that is being deleted isn't open.
  bool open() const;
  bool failed() const;
  // It has reached exactly this: the image letter by letter, or a revision by at least four letters of its beginning.
  bool HasReached(std::string_view schema) const;
};

// Whether a template that names `schema` means this revision: by at least four letters of its beginning.
bool NamesRevision(std::string_view schema, std::string_view revision);

GateResource GateResourceOf(const api::SchemaMigration& resource);

enum class GateStep {
  kNothing,
  kAdopt,       // write its marks (AdoptPatch)
  kRelease,     // nobody gates it any more: put the approved template back, if it is held, and ReleasePatch
  kHold,        // it stays as it is, for `reason`
  kPause,       // nobody paused it, or not for this template: PausePatch; the webhook missed it
  kOpen,        // let it go: OpenPatch
  kApprove,     // the template is right, and a person's pause stays, or nothing is paused at all: ApprovePatch
  kUnpause,     // the template is one that was approved before: UnpausePatch
  kBreakGlass,  // a person says so: OpenPatch, and an event
};

enum class HoldReason {
  kNone,
  kWaitsForMigration,
  kMigrationFailed,
  kResourceMissing,
  kTemplateReapplied,
  kSettling,
};

// `WaitsForMigration`, as conditions and events say it; empty for kNone.
std::string_view HoldReasonName(HoldReason reason);

struct GateDecision {
  GateStep step = GateStep::kNothing;
  HoldReason reason = HoldReason::kNone;   // of kHold and kPause
  std::string message = {};                // for people, of kHold and kPause: what it waits for
  std::optional<api::Time> again_at = {};  // when time alone may change the answer
  std::vector<std::string> gated_by = {};  // of kAdopt
  bool leave_on_delete = false;            // of kAdopt
  bool approve = false;                    // of kAdopt: the template that is there now is approved

  bool operator==(const GateDecision&) const = default;
};

inline constexpr std::chrono::seconds kSettle{30};

// What is to be done with a Deployment. `resources`: all of its namespace that there are, or those at least that gate
// it or that its marks name; one that isn't among them doesn't exist, so the caller must have seen all of them once.
//
//   - A Deployment without the label that a resource names is adopted, with its template approved: what waits for the
//     schema at its first creation is its init container. One that came with the label is held from the start.
//   - A template that names an image or a revision may go when one of its resources has reached exactly that (of
//   several:
//     each of them) and all of them are open. One that names nothing may go when all are open and each has reached
//     something since the template was held, or `settle` has passed since.
//   - The template that was put back may go only when the resource it waits for has reached something since.
//   - A resource whose name a chart wrote into the marks and which isn't there holds it; one that was there is taken
//   out
//     of the marks.
GateDecision DecideGate(const GatedDeployment& deployment, const std::vector<GateResource>& resources, api::Time now,
                        std::chrono::seconds settle = kSettle);

enum class RolloutState {
  kHeld,         // paused, or its template isn't approved
  kProgressing,  // new pods are awaited, or old ones are still there
  kComplete,     // as `kubectl rollout status` says it
  kFailed,
};

// How far the rollout of its template is. Failed: the progress deadline is exceeded, or it isn't complete within
// `timeout` from when it was let go. To be asked until it is complete: a Deployment that loses pods later is
// progressing, or failed, again.
RolloutState RolloutOf(const GatedDeployment& deployment, api::Time now, std::chrono::seconds timeout);

// When RolloutOf says failed if nothing changes; empty: time alone won't.
std::optional<api::Time> RolloutFailsAt(const GatedDeployment& deployment, std::chrono::seconds timeout);

}  // namespace sluice::migration
