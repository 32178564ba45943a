// `sluice repair`: settles a revision that is applied in part. Only a person can know what came to pass where the
// catalog doesn't tell; every decision is an event.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/engine/migrator.h"
#include "core/engine/partial_units.h"

namespace sluice {

enum class RepairAction {
  kResume,    // complete it in the direction it was begun in
  kUndo,      // take back what stands, in the other direction
  kMarkDone,  // units up to N count as done, as they are written now
  kRedo,      // unit N and those after it count as not done; what a failed CREATE INDEX CONCURRENTLY left is dropped
  kForget,    // drop the record; nothing runs, the version rows stay as they are
};

std::string_view RepairActionName(RepairAction action);  // "resume", "undo", "mark-done", "redo", "forget"

struct RepairRequest {
  std::string revision;  // an id or a unique prefix of a partial revision; empty: the only one
  RepairAction action = RepairAction::kResume;
  int unit = 0;  // N of kMarkDone and kRedo, as ReadPartialRevisions numbers
};

// The partial revisions with their units; reads only. Errors: those of Database::Connect, ReadState and Assess.
Result<std::vector<PartialDetails>> ReadPartialRevisions(const RunContext& context, const Project& project);

// Waits for the advisory lock as every run does, decides with the lock held, records an event with outcome `repaired`,
// and for kResume and kUndo runs that one revision. `finished` of the report names it when it came to its end;
// `partial` is what is left otherwise, with and without an error. Errors besides a run's: kUsage when nothing is
// partial, the revision is not, several are and none was named, or the unit's number doesn't fit.
RunReport Repair(const RunContext& context, const Project& project, const RepairRequest& request);

}  // namespace sluice
