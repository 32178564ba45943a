#include <memory>
#include <string>
#include <vector>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/schema_report.h"
#include "cmd/sluice/termination_log.h"
#include "cmd/sluice/workspace.h"
#include "core/engine/agreement.h"
#include "core/engine/run_planner.h"
#include "core/graph/target.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kForOption{
    .name = "for",
    .value = "REV",
    .help =
        "Ask instead whether a program with these heads would work on the database: they are applied, and no "
        "contract revision came after them. `heads` are those of the files here.",
    .repeatable = true};

std::string Lines(const std::string& title, const std::vector<std::string>& lines) {
  std::string text = title + "\n";
  for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

std::string ReportText(const AgreementReport& report, bool verbose) {
  std::string text;
  if (!report.has_models) {
    text += "Models: none are configured\n";
  } else if (report.of_models.empty()) {
    text += "Models and scripts agree\n";
  } else {
    text += Lines("Models and scripts differ (make a revision: sluice revision MESSAGE):", report.of_models);
  }
  if (report.has_database) {
    if (!report.ahead.empty()) {
      text += Lines("The database has revisions that the files don't have:", report.ahead);
    } else if (report.of_database.empty()) {
      text += "The database is what its revisions build\n";
    } else {
      text += Lines("The database is not what its revisions build:", report.of_database);
    }
    if (!report.pending.empty()) text += Lines("Not applied yet (sluice upgrade):", report.pending);
  }
  return text + RenderUnmanaged(report.unmanaged, "models and database", verbose);
}

std::string ReportJson(const AgreementReport& report) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("agree").Bool(report.agree());
  json.Key("models").BeginObject().Key("compared").Bool(report.has_models);
  json.Key("differences").Strings(report.of_models).EndObject();
  json.Key("database").BeginObject().Key("compared").Bool(report.has_database).Key("rows").Strings(report.rows);
  json.Key("pending").Strings(report.pending).Key("ahead").Strings(report.ahead);
  json.Key("differences").Strings(report.of_database).EndObject();
  WriteUnmanaged(json, "unmanaged", report.unmanaged);
  json.EndObject();
  return std::move(json).Finish();
}

Result<ExitCode> CheckFor(const Invocation& invocation, Console& console, DatabaseAccess& database) {
  const RevisionGraph& graph = database.graph();
  std::vector<NodeId> heads;
  for (const std::string& identifier : invocation.Values(kForOption)) {
    // The database may know later heads: it is the files here that stand for the program.
    const RevisionGraph& known = IsFilesHeads(identifier) ? database.project().graph : graph;
    SLUICE_TRY(const std::vector<NodeId> named, ResolveRevisions(known, identifier, {}));
    for (const NodeId node : named) heads.push_back(graph.Find(known.id(node)));
  }
  SLUICE_TRY(const std::vector<NodeId> rows, ResolveRows(graph, database.situation().database.rows, false));
  const std::string why_not = WhyNotFor(graph, rows, heads);
  if (invocation.report != nullptr && !why_not.empty()) invocation.report->notes.push_back(why_not);
  if (WantsJson(invocation)) {
    JsonWriter json;
    json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("accepts").Bool(why_not.empty());
    json.Member("why_not", why_not).EndObject();
    console.Print(std::move(json).Finish());
  } else {
    console.Print(why_not.empty() ? "A program with these heads works on the database\n"
                                  : "A program with these heads does not work on the database: " + why_not + "\n");
  }
  return why_not.empty() ? ExitCode::kDone : ExitCode::kNotUpToDate;
}

Result<ExitCode> RunCheck(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  if (invocation.Has(kForOption)) {
    DatabaseAccess database(invocation, console, workspace.config.settings, workspace.project);
    SLUICE_CHECK(database.Open());
    NoteDatabase(invocation.report, database);
    return CheckFor(invocation, console, database);
  }
  DatabaseAccess database(invocation, console, workspace.config.settings, workspace.project);
  const bool asks = IsConfigured(workspace.config.settings.connection);
  if (asks) {
    SLUICE_CHECK(database.Open());
    NoteDatabase(invocation.report, database);
  }
  SLUICE_TRY(const AgreementReport report,
             FindAgreement(database.context(), workspace.project, asks ? &database.migrator() : nullptr));
  NoteAgreement(invocation.report, report);
  console.PrintError(RenderModelNotes(report.notes));
  console.Print(WantsJson(invocation) ? ReportJson(report) : ReportText(report, invocation.Has(kVerboseOption)));
  return report.agree() ? ExitCode::kDone : ExitCode::kNotUpToDate;
}

constexpr const OptionSpec* kOptions[] = {&kForOption, &kVerboseOption, &kTerminationLogOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kCheckCommand{
    .name = "check",
    .summary = "Say whether models, scripts and database agree",
    .description =
        "Compares what the models declare with what the scripts build, and what the database holds with what its "
        "revisions build (drift), on scratch databases; names what differs, and ends with 4 then. Revisions that are "
        "not applied yet count as a difference. Without a database only models and scripts are compared.",
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice check",
    .run = RunCheck};

}  // namespace sluice::cli
