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
// one's is known to the database only. A revision that a downgrade left half-way is completed first. kPartial when a
// partial revision is not among those that the targets need.
Result<MigrationPlan> PlanUpgradeRun(const Project& project, const Situation& situation,
                                     const std::vector<std::string>& targets, PhaseFilter phase);

// A partial revision that has no version row is undone first; to `-N` it counts as one step.
Result<MigrationPlan> PlanDowngradeRun(const Project& project, const Situation& situation, std::string_view target);

// Completes or undoes one partial revision, and nothing else. kUsage when it is not partial; kPartial when other
// revisions would have to go first.
Result<MigrationPlan> PlanPartialRun(const Project& project, const Situation& situation, const std::string& revision,
                                     Direction direction);

}  // namespace sluice
