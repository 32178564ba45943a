#include <csignal>
#include <string>
#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/progress.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/termination_log.h"
#include "cmd/sluice/validation_report.h"
#include "cmd/sluice/workspace.h"
#include "core/base/file_system.h"
#include "core/engine/plan_check.h"
#include "core/engine/rehearsal.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kPlanOption{
    .name = "plan",
    .value = "FILE",
    .help =
        "Rehearse this plan, which `sluice plan -o json` made on another database, and nothing else. Where the "
        "configured database stands at other rows, what the scripts build up to the plan's rows is taken instead."};
constexpr OptionSpec kCopyOption{
    .name = "copy",
    .value = "schema|template|scripts|none",
    .help =
        "Where it is rehearsed: on a copy of the configured database's schema without rows; on a copy with its rows "
        "(nobody may be connected to it); on what the scripts build; or on the configured database itself, which then "
        "stays upgraded.",
    .default_value = "schema"};
constexpr OptionSpec kUpgradeOnlyOption{.name = "upgrade-only",
                                        .help = "Rehearse the upgrade without the way back and the second upgrade."};
constexpr OptionSpec kAllowDestructiveOption{.name = "allow-destructive",
                                             .help = "Let an upgrade pass that loses data; the report names what."};
constexpr OptionSpec kValidateOutputOption{
    .name = "output",
    .short_name = 'o',
    .value = "text|json|markdown",
    .help = "Print for people, for programs (docs/json.md) and --require-validated, or for a pull request.",
    .default_value = "text"};

CopyKind ChosenCopy(const Invocation& invocation) {
  const std::string word = invocation.Value(kCopyOption);
  if (word == "template") return CopyKind::kTemplate;
  if (word == "scripts") return CopyKind::kScripts;
  return word == "none" ? CopyKind::kNone : CopyKind::kSchema;
}

Result<RehearsalRequest> ChosenRequest(const Invocation& invocation, const Settings& settings) {
  RehearsalRequest request;
  request.targets = invocation.arguments;
  request.phase = ChosenPhase(invocation);
  request.copy = ChosenCopy(invocation);
  request.goes_back = !invocation.Has(kUpgradeOnlyOption);
  request.allow_data_loss = invocation.Has(kAllowDestructiveOption);
  request.has_database = IsConfigured(settings.connection);
  const bool needs_database = request.copy == CopyKind::kTemplate || request.copy == CopyKind::kNone;
  if (needs_database && !request.has_database) {
    return MakeError(ErrorCode::kUsage,
                     "no database is configured, and --copy " + invocation.Value(kCopyOption) + " needs one",
                     "set DATABASE_URL, or rehearse on what the scripts build: --copy scripts");
  }
  if (!invocation.Has(kPlanOption)) return request;
  if (!request.targets.empty() || invocation.Has(kPhaseOption)) {
    return MakeError(ErrorCode::kUsage, "--plan says what is rehearsed: it goes with neither targets nor --phase");
  }
  SLUICE_TRY(PlanFile file, ReadPlanFile(invocation.Value(kPlanOption)));
  request.plan = std::move(file.plan);
  return request;
}

ExitCode ExitCodeOf(const RehearsalReport& report, int signal) {
  if (!report.error) return ExitCode::kDone;
  if (report.error->code == ErrorCode::kInterrupted && signal == SIGTERM) return ExitCode::kTerminated;
  bool committed = false;
  for (const RehearsedRun& run : report.runs) committed = committed || !run.steps.empty();
  return ExitCodeFor(report.error->code, committed && report.copy == CopyKind::kNone);
}

Result<ExitCode> RunValidate(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  SLUICE_TRY(const RehearsalRequest request, ChosenRequest(invocation, workspace.config.settings));
  DatabaseAccess database(invocation, console, workspace.config.settings, workspace.project);
  // Which database it is can be told without it; where it can't be had, the rehearsal says why.
  if (invocation.report != nullptr && request.has_database && database.Open().ok()) {
    NoteDatabase(invocation.report, database);
  }
  const RehearsalReport report = Rehearse(database.context(), workspace.project, request);
  database.progress().Clear();
  NoteRehearsal(invocation.report, report);
  if (invocation.Has(kReportOption)) {
    SLUICE_CHECK(ReplaceFile(invocation.Value(kReportOption), RenderValidationJson(report)));
  }
  const std::string output = invocation.Value(kValidateOutputOption);
  console.Print(output == "json"       ? RenderValidationJson(report)
                : output == "markdown" ? RenderValidationMarkdown(report)
                                       : RenderValidation(report, console.palette()));
  if (report.error && output != "json") console.PrintError(RenderError(*report.error, console.error_palette()));
  return ExitCodeOf(report, database.signal());
}

constexpr ArgumentSpec kArguments[] = {{.name = "REV",
                                        .help = "Where to: any identifier of docs/revisions.md. The default is heads.",
                                        .at_most = ArgumentSpec::kUnlimited}};
constexpr const OptionSpec* kOptions[] = {
    &kPlanOption,      &kCopyOption,           &kUpgradeOnlyOption, &kAllowDestructiveOption, &kPhaseOption,
    &kLogFormatOption, &kValidateOutputOption, &kReportOption,      &kTerminationLogOption};
constexpr const OptionGroup* kGroups[] = {&kRunOptions, &kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kValidateCommand{
    .name = "validate",
    .summary = "Rehearse an upgrade: up, back and up again, with every statement measured",
    .description =
        "Runs the pending revisions on a copy, verifies, takes them back, verifies that the schema, the version rows "
        "and the rows of the tables that no step touches are as before, and upgrades again. Reports for each statement "
        "its time, the locks it took on what, what it rewrote and scanned, rows and WAL. The hash of the plan, or the "
        "report itself, can be required in production: sluice upgrade --require-validated (docs/validate.md).",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice validate --plan plan.json -o json",
    .run = RunValidate};

}  // namespace sluice::cli
