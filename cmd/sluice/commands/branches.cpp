#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/revision_report.h"
#include "cmd/sluice/workspace.h"

namespace sluice::cli {
namespace {

std::vector<NodeId> BranchPoints(const RevisionGraph& graph) {
  std::vector<NodeId> points;
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (graph.children(node).size() > 1) points.push_back(node);
  }
  return points;
}

std::vector<NodeId> LabelledRevisions(const RevisionGraph& graph) {
  std::vector<NodeId> labelled;
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (!graph.revision(node).branch_labels.empty()) labelled.push_back(node);
  }
  return labelled;
}

std::string BranchesJson(const RevisionGraph& graph) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("branch_points").BeginArray();
  for (const NodeId point : BranchPoints(graph)) {
    json.BeginObject().Member("revision", graph.revision(point).id);
    json.Key("children").Strings(Ids(graph, graph.children(point))).EndObject();
  }
  json.EndArray().Key("labels").BeginArray();
  for (const NodeId node : LabelledRevisions(graph)) {
    for (const std::string& label : graph.revision(node).branch_labels) {
      json.BeginObject().Member("label", label).Member("revision", graph.revision(node).id).EndObject();
    }
  }
  json.EndArray().EndObject();
  return std::move(json).Finish();
}

std::string BranchesText(const RevisionGraph& graph, const Palette& palette) {
  std::string text;
  for (const NodeId point : BranchPoints(graph)) {
    text += RevisionLine(graph, point, palette) + "\n";
    for (const NodeId child : graph.children(point)) text += "  -> " + RevisionLine(graph, child, palette) + "\n";
  }
  for (const NodeId node : LabelledRevisions(graph)) {
    for (const std::string& label : graph.revision(node).branch_labels) {
      text += "label " + label + ": " + RevisionLine(graph, node, palette) + "\n";
    }
  }
  return text;
}

Result<ExitCode> RunBranches(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  const Project& project = workspace.project;
  console.Print(WantsJson(invocation) ? BranchesJson(project.graph) : BranchesText(project.graph, console.palette()));
  return ExitCode::kDone;
}

constexpr const OptionSpec* kOptions[] = {&kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kProjectOptions};

}  // namespace

constexpr CommandSpec kBranchesCommand{
    .name = "branches",
    .summary = "List where the history branches, and the branch labels",
    .description =
        "Lists the branch points (revisions that more than one other revises) with what follows each of them, and "
        "the branch labels with the revisions they are written on.",
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice branches",
    .run = RunBranches};

}  // namespace sluice::cli
