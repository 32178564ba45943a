#include "core/engine/wait.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/other_pods.h"
#include "cmd/sluice/progress_text.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/workspace.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kForOption{.name = "for",
                                .value = "REV",
                                .help =
                                    "What must be applied, whatever came after it: a revision, or heads, those of the "
                                    "files here.",
                                .default_value = "heads",
                                .repeatable = true};

// What was waited for, in the order of waiting; each is there when it was asked for.
struct Waited {
  std::optional<WaitReport> revisions;
  std::optional<kube::OtherPodsQuery> query;
  std::optional<kube::OtherPodsReport> pods;
  std::optional<Error> error;
};

std::string WaitText(const Waited& waited) {
  std::string text;
  if (const auto& report = waited.revisions) {
    text += "The database has what is needed (waited " + ElapsedText(report->waited) + ")\n";
    if (!report->waiting.empty()) text += "Not waited for, contract: " + Join(report->waiting) + "\n";
    if (!report->ahead.empty())
      text += "The database is ahead of the files by " + Count(report->ahead.size(), "revision") + "\n";
  }
  return waited.pods ? text + PodsText(*waited.query, *waited.pods) : text;
}

void WriteRevisions(JsonWriter& json, const WaitReport& report) {
  json.Key("database").BeginObject();
  json.Member("name", report.database).Member("user", report.user).Member("server_version", report.server_version);
  json.Member("version_table", report.version_table).EndObject();
  json.Key("rows").Strings(report.rows).Key("wanted").Strings(report.wanted).Key("missing").Strings(report.missing);
  json.Key("waiting").Strings(report.waiting).Key("ahead").Strings(report.ahead);
}

std::string WaitJson(const Waited& waited) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion);
  std::chrono::milliseconds total{0};
  if (waited.revisions) {
    WriteRevisions(json, *waited.revisions);
    total += waited.revisions->waited;
  }
  if (waited.pods) {
    WritePods(json.Key("pods"), *waited.query, waited.pods->left);
    total += waited.pods->waited;
  }
  json.Key("waited_milliseconds").Int(total.count());
  if (waited.error) WriteError(json.Key("error"), *waited.error);
  json.EndObject();
  return std::move(json).Finish();
}

WaitRequest ChosenRevisions(const Invocation& invocation, const Settings& settings) {
  WaitRequest request;
  request.revisions = invocation.Values(kForOption);
  request.phase = ChosenPhase(invocation);
  if (settings.run_timeout.count() > 0) request.limit = settings.run_timeout;
  // A program that waits for its schema runs beside later releases too: an older image has to start.
  request.ahead = invocation.Has(kAheadOption) ? settings.ahead : AheadPolicy::kOk;
  return request;
}

// The pods after the revisions, within what is left of the limit.
Status WaitForPodsToo(DatabaseAccess& access, Waited& waited) {
  std::optional<std::chrono::milliseconds> limit;
  if (access.settings().run_timeout.count() > 0) {
    limit = access.settings().run_timeout;
    if (waited.revisions) limit = std::max(*limit - waited.revisions->waited, std::chrono::milliseconds(0));
  }
  SLUICE_TRY(waited.pods, WaitForPods(access, *waited.query, limit));
  waited.error = waited.pods->error;
  return {};
}

ExitCode Show(const Invocation& invocation, Console& console, DatabaseAccess& access, const Waited& waited) {
  access.progress().Clear();
  if (WantsJson(invocation)) {
    console.Print(WaitJson(waited));
  } else if (waited.error) {
    console.PrintError(RenderError(*waited.error, console.error_palette()));
  } else {
    console.Print(WaitText(waited));
  }
  if (!waited.error) return ExitCode::kDone;
  if (waited.error->code == ErrorCode::kInterrupted && access.signal() == SIGTERM) return ExitCode::kTerminated;
  return ExitCodeFor(waited.error->code);
}

Result<ExitCode> RunWait(const Invocation& invocation, Console& console) {
  Waited waited;
  SLUICE_TRY(waited.query, ChosenPods(invocation));
  const bool asks_database = !waited.query || invocation.Has(kForOption);
  if (!asks_database && (invocation.Has(kPhaseOption) || invocation.Has(kAheadOption))) {
    return MakeError(ErrorCode::kUsage, "--phase and --ahead are about revisions, and no --for asks for any",
                     "for example: --for heads");
  }
  SLUICE_TRY(const Config config, LoadCommandConfig(invocation));
  Project project;
  if (asks_database) {
    SLUICE_TRY(project, LoadProject(config.settings));
  }
  DatabaseAccess access(invocation, console, config.settings, project);
  if (asks_database) {
    waited.revisions = WaitForRevisions(access.context(), project, ChosenRevisions(invocation, config.settings));
    waited.error = waited.revisions->error;
  }
  if (waited.query && !waited.error) SLUICE_CHECK(WaitForPodsToo(access, waited));
  return Show(invocation, console, access, waited);
}

constexpr const OptionSpec* kOptions[] = {&kForOption,       &kPhaseOption,     &kUntilNoOtherPodsOption, &kImageOption,
                                          &kContainerOption, &kNamespaceOption, &kTimeoutOption,          &kAheadOption,
                                          &kLogFormatOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kWaitCommand{
    .name = "wait",
    .summary = "Wait until the database has what this release needs",
    .description =
        "Waits until revisions are applied, whatever came after them, and changes nothing: for an init container "
        "that holds a rollout back. A server that isn't there yet is waited for too. With `--phase expand` it "
        "asks for what `sluice upgrade --phase expand` applies. Exit code 4 when --timeout is spent.\n\n"
        "With --until-no-other-pods it waits for the end of a rollout instead, or with --for besides: a contract "
        "revision may run when no pod of the release before is left. The service account needs a Role that lets it "
        "list pods.",
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice wait --phase expand --timeout 5m",
    .run = RunWait};

}  // namespace sluice::cli
