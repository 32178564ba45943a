#include "core/engine/database_plan.h"

#include <utility>

#include "core/engine/run_planner.h"
#include "core/engine/step_reader.h"
#include "core/engine/undo_plan.h"

namespace sluice {

Result<MigrationPlan> PlanRun(const Project& project, const Situation& situation, const PlanRequest& request) {
  if (request.sync) return PlanSyncRun(project, situation, request.targets, request.phase);
  switch (request.kind) {
    case StepKind::kUpgrade:
      return PlanUpgradeRun(project, situation, request.targets, request.phase);
    case StepKind::kDowngrade:
      if (request.targets.size() > 1) return MakeError(ErrorCode::kUsage, "a downgrade goes to one target only");
      return PlanDowngradeRun(project, situation, request.targets.empty() ? "-1" : request.targets.front());
    case StepKind::kStamp:
      break;
  }
  return PlanStamp(situation.graph(project), situation.database.rows, request.targets, /*purge=*/false);
}

Result<DatabasePlan> PlanForDatabase(const RunContext& context, const Project& project, const PlanRequest& request) {
  Database database(context);
  SLUICE_CHECK(database.Connect());
  SLUICE_TRY(DatabaseState state, database.ReadState());
  DatabasePlan made;
  SLUICE_TRY(made.situation, Assess(database.reader(), context.settings, project, std::move(state)));
  SLUICE_CHECK(CheckModified(context.settings, project, made.situation));
  if (request.undo.empty()) {
    SLUICE_TRY(made.plan, PlanRun(project, made.situation, request));
  } else {
    SLUICE_TRY(made.plan, PlanUndo(database.reader(), context.settings, project, made.situation, request.undo));
  }
  if (request.kind == StepKind::kStamp) return made;
  StepReader reader(context.settings, project, made.situation, database.reader(), context.observer);
  SLUICE_TRY(made.steps, reader.ReadSteps(made.plan.steps));
  return made;
}

}  // namespace sluice
