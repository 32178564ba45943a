#include "core/engine/status.h"

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/status_report.h"

namespace sluice::cli {
namespace {

Result<ExitCode> RunStatus(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  DatabaseAccess database(invocation, console, workspace.config.settings, workspace.project);
  SLUICE_TRY(const StatusReport report, ReadStatus(database.context(), workspace.project));
  const PhaseFilter phase = ChosenPhase(invocation);
  console.Print(WantsJson(invocation) ? RenderStatusJson(report, phase)
                                      : RenderStatus(report, phase, console.palette()));
  return ExitCode::kDone;
}

constexpr const OptionSpec* kOptions[] = {&kPhaseOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kStatusCommand{
    .name = "status",
    .summary = "Show on one screen where the database is and what is pending",
    .description =
        "Shows where the database is, what is pending and what waits for a rollout, revisions that are applied in "
        "part, the last runs, and the migrator that is at work with the sessions that block it.",
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice status",
    .run = RunStatus};

}  // namespace sluice::cli
