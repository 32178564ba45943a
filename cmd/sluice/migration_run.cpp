#include "cmd/sluice/migration_run.h"

#include <utility>

#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/workspace.h"

namespace sluice::cli {
namespace {

// `--phase expand` leaves contract revisions to the rollout. An expand revision behind one can't wait: the new pods
// need it.
void CheckWaiting(const RevisionGraph& graph, RunReport& report) {
  if (report.error) return;
  for (const WaitingRevision& waiting : report.waiting) {
    if (graph.revision(graph.Find(waiting.revision)).phase == Phase::kContract) continue;
    report.error = MakeError(ErrorCode::kBehindContract,
                             "expand revision " + waiting.revision + " stands behind contract revision " +
                                 waiting.contract + ", which waits for the rollout",
                             "apply the contract revision first, when no pod of the release before is left: sluice "
                             "upgrade " +
                                 waiting.contract);
    return;
  }
}

}  // namespace

Result<TransactionMode> ChosenMode(const Invocation& invocation) {
  const bool dry_run = invocation.Has(kDryRunOption);
  const bool single = invocation.Has(kSingleTransactionOption);
  if (dry_run && single) {
    return MakeError(ErrorCode::kUsage, "--dry-run is in one transaction anyway", "leave --single-transaction away");
  }
  return dry_run ? TransactionMode::kRollBack : single ? TransactionMode::kOne : TransactionMode::kEachSection;
}

Result<ExitCode> RunMigration(const Invocation& invocation, Console& console, const RunKind& kind,
                              const std::function<RunReport(Migrator&)>& request) {
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  DatabaseAccess database(invocation, console, workspace.config.settings, workspace.project);
  SLUICE_CHECK(database.Open());
  if (!WantsJson(invocation)) console.Print("Connected to " + database.Describe() + "\n");
  RunReport report = request(database.migrator());
  CheckWaiting(database.graph(), report);
  return ShowRun(invocation, console, database, kind, report);
}

ExitCode ShowRun(const Invocation& invocation, Console& console, DatabaseAccess& database, const RunKind& kind,
                 const RunReport& report) {
  database.progress().Clear();
  if (WantsJson(invocation)) {
    console.Print(RenderRunJson(report, kind));
  } else {
    console.Print(RenderRun(report, kind, console.palette()));
    if (report.error) console.PrintError(RenderError(*report.error, console.error_palette()));
  }
  return RunExitCode(report, kind, database.signal());
}

}  // namespace sluice::cli
