#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/revision_report.h"
#include "cmd/sluice/workspace.h"

namespace sluice::cli {
namespace {

Result<ExitCode> RunHeads(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  const Project& project = workspace.project;
  if (WantsJson(invocation)) {
    JsonWriter json;
    json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("heads").BeginArray();
    for (const NodeId head : project.graph.heads()) {
      json.BeginObject();
      WriteRevisionMembers(json, project.graph, head, ScriptOf(project, head).path);
      json.EndObject();
    }
    json.EndArray().EndObject();
    console.Print(std::move(json).Finish());
    return ExitCode::kDone;
  }
  for (const NodeId head : project.graph.heads()) {
    console.Print(RevisionLine(project.graph, head, console.palette()) + "\n");
  }
  if (project.graph.heads().size() > 1) {
    console.PrintError("There are several heads. To make one: sluice merge, or sluice rebase REV --onto HEAD\n");
  }
  return ExitCode::kDone;
}

constexpr const OptionSpec* kOptions[] = {&kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kProjectOptions};

}  // namespace

constexpr CommandSpec kHeadsCommand{
    .name = "heads",
    .summary = "List the newest revisions",
    .description =
        "Lists the heads: the revisions that no other one revises. A project with two people who made a revision "
        "from the same parent has two, until one of them runs `sluice merge` or `sluice rebase`.",
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice heads",
    .run = RunHeads};

}  // namespace sluice::cli
