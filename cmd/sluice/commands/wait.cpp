#include "core/engine/wait.h"

#include <csignal>
#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/progress_text.h"
#include "cmd/sluice/render.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kForOption{.name = "for",
                                .value = "REV",
                                .help =
                                    "What must be applied, whatever came after it: a revision, or heads, those of the "
                                    "files here.",
                                .default_value = "heads",
                                .repeatable = true};

std::string WaitText(const WaitReport& report) {
  std::string text = "The database has what is needed (waited " + ElapsedText(report.waited) + ")\n";
  if (!report.waiting.empty()) text += "Not waited for, contract: " + Join(report.waiting) + "\n";
  if (!report.ahead.empty())
    text += "The database is ahead of the files by " + Count(report.ahead.size(), "revision") + "\n";
  return text;
}

std::string WaitJson(const WaitReport& report) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("database").BeginObject();
  json.Member("name", report.database).Member("user", report.user).Member("server_version", report.server_version);
  json.Member("version_table", report.version_table).EndObject();
  json.Key("rows").Strings(report.rows).Key("wanted").Strings(report.wanted).Key("missing").Strings(report.missing);
  json.Key("waiting").Strings(report.waiting).Key("ahead").Strings(report.ahead);
  json.Key("waited_milliseconds").Int(report.waited.count());
  if (report.error) WriteError(json.Key("error"), *report.error);
  json.EndObject();
  return std::move(json).Finish();
}

Result<ExitCode> RunWait(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  const Settings& settings = workspace.config.settings;
  WaitRequest request;
  request.revisions = invocation.Values(kForOption);
  request.phase = ChosenPhase(invocation);
  if (settings.run_timeout.count() > 0) request.limit = settings.run_timeout;
  // A program that waits for its schema runs beside later releases too: an older image has to start.
  request.ahead = invocation.Has(kAheadOption) ? settings.ahead : AheadPolicy::kOk;
  DatabaseAccess database(invocation, console, settings, workspace.project);
  const WaitReport report = WaitForRevisions(database.context(), workspace.project, request);
  database.progress().Clear();
  if (WantsJson(invocation)) {
    console.Print(WaitJson(report));
  } else if (report.error) {
    console.PrintError(RenderError(*report.error, console.error_palette()));
  } else {
    console.Print(WaitText(report));
  }
  if (!report.error) return ExitCode::kDone;
  if (report.error->code == ErrorCode::kInterrupted && database.signal() == SIGTERM) return ExitCode::kTerminated;
  return ExitCodeFor(report.error->code);
}

constexpr const OptionSpec* kOptions[] = {&kForOption,   &kPhaseOption,     &kTimeoutOption,
                                          &kAheadOption, &kLogFormatOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kWaitCommand{
    .name = "wait",
    .summary = "Wait until the database has what this release needs",
    .description =
        "Waits until revisions are applied, whatever came after them, and changes nothing: for an init container "
        "that holds a rollout back. A server that isn't there yet is waited for too. With `--phase expand` it "
        "asks for what `sluice upgrade --phase expand` applies. Exit code 4 when --timeout is spent.",
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice wait --phase expand --timeout 5m",
    .run = RunWait};

}  // namespace sluice::cli
