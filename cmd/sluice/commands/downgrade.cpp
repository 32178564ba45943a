#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/migration_run.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/progress.h"
#include "cmd/sluice/termination_log.h"
#include "core/engine/plan_check.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kRequireValidatedOption{
    .name = "require-validated",
    .value = "HASH",
    .help =
        "Run only the downgrade with this hash, which `sluice plan REV --downgrade` has shown, or what is left of it "
        "(docs/validate.md)."};

// --undo and --require-validated.
Status ChooseWhat(const Invocation& invocation, DowngradeRequest& request) {
  const bool requires_plan = invocation.Has(kRequireValidatedOption);
  SLUICE_TRY(request.undo, ChosenUndo(invocation));
  if ((requires_plan || !request.undo.empty()) && invocation.Has(kSqlOption)) {
    return MakeError(ErrorCode::kUsage, "--require-validated and --undo need the database, and --sql has none");
  }
  if (!requires_plan) return {};
  if (!request.undo.empty()) return MakeError(ErrorCode::kUsage, "--undo and --require-validated don't go together");
  const std::string hash = invocation.Value(kRequireValidatedOption);
  if (!IsPlanHash(hash)) {
    return MakeError(ErrorCode::kUsage,
                     "--require-validated of a downgrade needs the hash of a plan, 64 hex digits, not \"" + hash + "\"",
                     "sluice plan REV --downgrade prints it");
  }
  request.required = DemandedValidation{hash, {}};
  return {};
}

Result<ExitCode> RunDowngrade(const Invocation& invocation, Console& console) {
  SLUICE_CHECK(CheckRunOptions(invocation));
  DowngradeRequest request;
  SLUICE_CHECK(ChooseWhat(invocation, request));
  if (invocation.Has(kSqlOption)) return PrintSql(invocation, console, StepKind::kDowngrade);
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
constexpr const OptionSpec* kOptions[] = {&kUndoPlanOption,  &kRequireValidatedOption, &kSqlOption,
                                          &kBareOption,      &kDryRunOption,           &kSingleTransactionOption,
                                          &kLogFormatOption, &kTerminationLogOption,   &kOutputOption};
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
