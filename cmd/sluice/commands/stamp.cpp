#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/migration_run.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/progress.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kPurgeOption{.name = "purge",
                                  .help = "Forget all version rows first, those of unknown revisions too."};

Result<ExitCode> RunStamp(const Invocation& invocation, Console& console) {
  SLUICE_CHECK(CheckRunOptions(invocation));
  const bool purge = invocation.Has(kPurgeOption);
  if (invocation.Has(kSqlOption)) return PrintSql(invocation, console, StepKind::kStamp, purge);
  const StampRequest request{invocation.arguments, purge, NotesPlanHash(invocation)};
  return RunMigration(invocation, console, {StepKind::kStamp, TransactionMode::kOne, request.purge},
                      [&](Migrator& migrator) { return migrator.Stamp(request); });
}

constexpr ArgumentSpec kArguments[] = {{.name = "REV",
                                        .help = "What the database is to be at: any identifier of docs/revisions.md.",
                                        .at_least = 1,
                                        .at_most = ArgumentSpec::kUnlimited}};
constexpr const OptionSpec* kOptions[] = {&kPurgeOption, &kSqlOption, &kBareOption, &kLogFormatOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kRunOptions, &kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kStampCommand{
    .name = "stamp",
    .summary = "Say that the database is at a revision, without running anything",
    .description = "Sets the version rows, and runs no script: for a database whose schema was made in another way.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice stamp head",
    .run = RunStamp};

}  // namespace sluice::cli
