#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/migration_run.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/progress.h"
#include "cmd/sluice/termination_log.h"
#include "core/engine/plan_check.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kRequireValidatedOption{.name = "require-validated",
                                             .value = "HASH-OR-FILE",
                                             .help =
                                                 "Run only the plan that `sluice validate` has passed, or what is "
                                                 "left of it: its hash, or its report (`-o json`) in a file "
                                                 "(docs/validate.md)."};

Result<ExitCode> RunUpgrade(const Invocation& invocation, Console& console) {
  SLUICE_CHECK(CheckRunOptions(invocation));
  const bool demands = invocation.Has(kRequireValidatedOption);
  if (demands && invocation.Has(kSqlOption)) {
    return MakeError(ErrorCode::kUsage, "--require-validated needs the database, and --sql has none");
  }
  if (invocation.Has(kSqlOption)) return PrintSql(invocation, console, StepKind::kUpgrade);
  UpgradeRequest request;
  request.targets = invocation.arguments;
  request.phase = ChosenPhase(invocation);
  request.mode = ChosenMode(invocation);
  request.demand = NotesPlanHash(invocation);
  if (demands) {
    SLUICE_TRY(request.required, ReadDemand(invocation.Value(kRequireValidatedOption)));
  }
  return RunMigration(invocation, console, {StepKind::kUpgrade, request.mode},
                      [&](Migrator& migrator) { return migrator.Upgrade(request); });
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "REV",
     .help = "Where to: any identifier of docs/revisions.md, for example head, 6ee0, +2, "
             "billing@head. The default is heads.",
     .at_most = ArgumentSpec::kUnlimited}};
constexpr const OptionSpec* kOptions[] = {&kPhaseOption,
                                          &kSqlOption,
                                          &kBareOption,
                                          &kDryRunOption,
                                          &kSingleTransactionOption,
                                          &kRequireValidatedOption,
                                          &kAheadOption,
                                          &kLogFormatOption,
                                          &kTerminationLogOption,
                                          &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kRunOptions, &kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kUpgradeCommand{
    .name = "upgrade",
    .summary = "Apply what is pending, up to the newest revision",
    .description =
        "Applies the pending revisions up to the targets, each section in a transaction of its own with its "
        "record. Several upgrades at once are safe: one works, the others wait for it. An upgrade that was cut "
        "off goes on where it stopped. `sluice` without a command does the same.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice upgrade +1",
    .run = RunUpgrade};

}  // namespace sluice::cli
