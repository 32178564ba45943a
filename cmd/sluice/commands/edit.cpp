#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/editor.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/project.h"
#include "core/graph/target.h"
#include "core/script/script_parser.h"

namespace sluice::cli {
namespace {

Result<ExitCode> RunEdit(const Invocation& invocation, Console&) {
  SLUICE_TRY(const Project project, LoadProject(invocation));
  SLUICE_TRY(const NodeId node, ResolveRevision(project.graph, invocation.arguments.front(), {}));
  const Script& script = project.script(node);
  SLUICE_CHECK(OpenInEditor(script.path));
  // A header or a section marker that was broken is told now, not by the next command.
  SLUICE_TRY(const std::string text, ReadScriptText(script));
  SLUICE_CHECK(ParseScript(text, script.path));
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "REV", .help = "Any identifier of docs/revisions.md that means one revision.", .at_least = 1}};
constexpr const OptionGroup* kGroups[] = {&kProjectOptions};

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
