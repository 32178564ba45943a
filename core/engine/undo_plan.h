// Taking back what the runs of one plan have applied, and nothing else.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/db/pg_session.h"
#include "core/engine/situation.h"
#include "core/graph/migration_plan.h"

namespace sluice {

// `hash`: of the plan that the runs were of, or were asked to keep to (table `run`). Their revisions that are still
// applied, or applied in part, newest first; what an undo that was cut off has left is among them. Empty when nothing
// is. Errors: kNotReachable when another plan has applied something on top of it, kPartial when another plan has left a
// revision in part, kBookkeeping when the tables are another role's and too old to tell.
Result<MigrationPlan> PlanUndo(ReadSession& session, const Settings& settings, const Project& project,
                               const Situation& situation, const std::string& hash);

}  // namespace sluice
