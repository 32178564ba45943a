// The plan of a run: that of the graph, with what is partial put first. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/situation.h"
#include "core/graph/migration_plan.h"

namespace sluice {

// `targets` as PlanUpgrade takes them, `heads` being those of the files. Without targets several heads that nobody told
// apart by branch labels are kMultipleHeads: two people made a revision from the same parent, also where the other
// one's is known to the database only; and a database that has revisions, but none of the files', is kAhead. A revision
// that a downgrade left half-way is completed first. kPartial when a partial revision is not among those that the
// targets need.
Result<MigrationPlan> PlanUpgradeRun(const Project& project, const Situation& situation,
                                     const std::vector<std::string>& targets, PhaseFilter phase);

// `head` and `heads`: of the files, also where the database knows later ones.
bool IsFilesHeads(std::string_view target);

// A partial revision that has no version row is undone first; to `-N` it counts as one step. `head` and `heads` are the
// head of the files, so that an older image goes back to what it knows; kMultipleHeads when it has several.
Result<MigrationPlan> PlanDowngradeRun(const Project& project, const Situation& situation, std::string_view target);

// Whichever way leads to exactly these targets (as PlanUpgradeRun takes them, or one `base`): up when one of them is
// not applied yet; down when all are, and something stands above one of them; nothing when the database is there.
// kUsage for a target that counts from where the database is.
Result<MigrationPlan> PlanSyncRun(const Project& project, const Situation& situation,
                                  const std::vector<std::string>& targets, PhaseFilter phase);

// kPartial when a revision that is applied in part is not among the plan's; `command` as in `this downgrade`.
Status CheckPartsPlanned(const Situation& situation, const MigrationPlan& plan, std::string_view command);

// Takes back exactly these revisions (full ids), in this order. kNotReachable when one of them can't go back then.
Result<MigrationPlan> PlanWayBack(const Project& project, const Situation& situation,
                                  const std::vector<std::string>& revisions);

// How many of the plan's steps another migrator has carried out, so that only the rest is left: decided anew, `-1` or
// `+1` would go one revision too far. 0 when `rows` are not on the plan's way, or don't tell.
std::size_t StepsDone(const MigrationPlan& plan, const std::vector<std::string>& rows);

// Completes or undoes one partial revision, and nothing else. kUsage when it is not partial; kPartial when other
// revisions would have to go first.
Result<MigrationPlan> PlanPartialRun(const Project& project, const Situation& situation, const std::string& revision,
                                     Direction direction);

}  // namespace sluice
