#include <utility>
#include <vector>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/revision_report.h"
#include "core/graph/target.h"

namespace sluice::cli {
namespace {

// One revision with the text of its script: the file's, or the database's where there is no file.
struct Shown {
  NodeId node;
  std::string file;
  std::string script;
};

Result<Shown> ReadShown(const RevisionGraph& graph, NodeId node, const Project& project, DatabaseAccess* database) {
  const std::string& id = graph.revision(node).id;
  Shown shown{node, FileOf(project, id), {}};
  if (!shown.file.empty()) {
    SLUICE_TRY(shown.script, ReadScriptText(ScriptOf(project, project.graph.Find(id))));
  } else {
    const Bookkeeping tables(database->settings(), database->situation().database.version_table_schema);
    SLUICE_TRY(shown.script, ReadStoredScript(database->reader(), tables, id));
  }
  return shown;
}

std::string ShowText(const RevisionGraph& graph, const Shown& shown, const Palette& palette) {
  std::string text = RevisionLine(graph, shown.node, palette) + "\n";
  for (const std::string& line : RevisionDetails(graph, shown.node, shown.file)) text += line + "\n";
  return text + "\n" + shown.script + (shown.script.ends_with('\n') ? "" : "\n");
}

std::string ShowJson(const RevisionGraph& graph, const std::vector<Shown>& revisions) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("revisions").BeginArray();
  for (const Shown& shown : revisions) {
    json.BeginObject();
    WriteRevisionMembers(json, graph, shown.node, shown.file);
    json.Member("script", shown.script).EndObject();
  }
  json.EndArray().EndObject();
  return std::move(json).Finish();
}

Result<ExitCode> RunShow(const Invocation& invocation, Console& console) {
  const std::string target = invocation.arguments.empty() ? "heads" : invocation.arguments.front();
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  SLUICE_TRY(const auto database, DatabaseForCurrent(invocation, console, workspace, target));
  const RevisionGraph& graph = database ? database->graph() : workspace.project.graph;
  const std::vector<std::string> rows = database ? database->situation().database.rows : std::vector<std::string>();
  SLUICE_TRY(const std::vector<NodeId> nodes, ResolveRevisions(graph, target, rows));
  std::vector<Shown> revisions;
  for (const NodeId node : nodes) {
    SLUICE_TRY(Shown shown, ReadShown(graph, node, workspace.project, database.get()));
    revisions.push_back(std::move(shown));
  }
  if (WantsJson(invocation)) {
    console.Print(ShowJson(graph, revisions));
    return ExitCode::kDone;
  }
  for (const Shown& shown : revisions) console.Print(ShowText(graph, shown, console.palette()));
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "REV", .help = "Any identifier of docs/revisions.md; the heads without one."}};
constexpr const OptionSpec* kOptions[] = {&kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kShowCommand{
    .name = "show",
    .summary = "Show a revision: its place in the history and its script",
    .description =
        "Shows what a revision revises, what follows it, its labels and dependencies, and the text of its script.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice show 6ee0",
    .run = RunShow};

}  // namespace sluice::cli
