#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/migration_run.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/progress.h"
#include "cmd/sluice/termination_log.h"

namespace sluice::cli {
namespace {

Result<ExitCode> RunDowngrade(const Invocation& invocation, Console& console) {
  SLUICE_CHECK(CheckRunOptions(invocation));
  if (invocation.Has(kSqlOption)) return PrintSql(invocation, console, StepKind::kDowngrade);
  DowngradeRequest request;
  if (!invocation.arguments.empty()) request.target = invocation.arguments.front();
  request.mode = ChosenMode(invocation);
  request.demand = NotesPlanHash(invocation);
  return RunMigration(invocation, console, {StepKind::kDowngrade, request.mode},
                      [&](Migrator& migrator) { return migrator.Downgrade(request); });
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "REV",
     .help = "Where to: any identifier of docs/revisions.md, for example -2, 6ee0, billing@base, base. The default is "
             "-1, one revision back."}};
constexpr const OptionSpec* kOptions[] = {
    &kSqlOption,       &kBareOption,           &kDryRunOption, &kSingleTransactionOption,
    &kLogFormatOption, &kTerminationLogOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kRunOptions, &kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kDowngradeCommand{
    .name = "downgrade",
    .summary = "Take revisions back, one where no target is given",
    .description =
        "Runs the downgrade sections of what stands above the target. The text that runs is the one that was "
        "stored when the revision was applied, so this works without the file too, and from an older image.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice downgrade -1",
    .run = RunDowngrade};

}  // namespace sluice::cli
