// What a run would do to a database, without doing it. Reads only.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/engine/situation.h"
#include "core/engine/step_script.h"
#include "core/graph/migration_plan.h"

namespace sluice {

struct PlanRequest {
  StepKind kind = StepKind::kUpgrade;
  std::vector<std::string> targets = {};  // as the run takes them; a downgrade takes one, `-1` when there is none
  PhaseFilter phase = PhaseFilter::kAll;
  bool sync = false;      // whichever way leads to exactly the targets (PlanSyncRun), instead of `kind`
  std::string undo = {};  // of a downgrade: what runs of the plan with this hash have applied (PlanUndo), not `targets`
};

// The plan from `situation`, but for an undo, which needs the database's record. Errors: those of the run
// (run_planner.h).
Result<MigrationPlan> PlanRun(const Project& project, const Situation& situation, const PlanRequest& request);

struct DatabasePlan {
  Situation situation;
  MigrationPlan plan;
  std::vector<StepScript> steps;  // one a step of the plan, with the text that would run; none for a stamp
};

// The plan as the run would make it now, with the same refusals (kModified, kPartial, kIrreversible, …), except that a
// standby will do.
Result<DatabasePlan> PlanForDatabase(const RunContext& context, const Project& project, const PlanRequest& request);

}  // namespace sluice
