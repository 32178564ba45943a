#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/editor.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/workspace.h"
#include "core/graph/target.h"
#include "core/script/script_parser.h"

namespace sluice::cli {
namespace {

Result<ExitCode> RunEdit(const Invocation& invocation, Console& console) {
  const std::string& target = invocation.arguments.front();
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  SLUICE_TRY(const auto database, DatabaseForCurrent(invocation, console, workspace, target));
  const RevisionGraph& graph = database ? database->graph() : workspace.project.graph;
  const std::vector<std::string> rows = database ? database->situation().database.rows : std::vector<std::string>();
  SLUICE_TRY(const NodeId node, ResolveRevision(graph, target, rows));
  const std::string& id = graph.revision(node).id;
  const NodeId in_files = workspace.project.graph.Find(id);
  if (in_files == RevisionGraph::kNoNode) {
    return MakeError(ErrorCode::kAhead, "there is no file of revision " + id + ", only the database knows it",
                     "sluice show " + target + " prints its script");
  }
  const Script& script = ScriptOf(workspace.project, in_files);
  SLUICE_CHECK(OpenInEditor(script.path));
  // A header or a section marker that was broken is told now, not by the next command.
  SLUICE_TRY(const std::string text, ReadScriptText(script));
  SLUICE_CHECK(ParseScript(text, script.path));
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "REV", .help = "Any identifier of docs/revisions.md that means one revision.", .at_least = 1}};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kEditCommand{
    .name = "edit",
    .summary = "Open a revision's script in $VISUAL or $EDITOR",
    .description =
        "Opens the script of a revision in the editor of $VISUAL or $EDITOR, and reads it when the editor is "
        "closed, so that a mistake in its header or its section lines is told at once.",
    .arguments = kArguments,
    .groups = kGroups,
    .example = "sluice edit head",
    .run = RunEdit};

}  // namespace sluice::cli
