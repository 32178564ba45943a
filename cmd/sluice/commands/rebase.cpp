#include <algorithm>
#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/not_applied.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/workspace.h"
#include "core/graph/migration_plan.h"
#include "core/graph/target.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kOntoOption{.name = "onto", .value = "HEAD", .help = "The head to follow."};

Status CheckRebase(const RevisionGraph& graph, NodeId node, NodeId onto) {
  const std::string& id = graph.revision(node).id;
  const std::string& onto_id = graph.revision(onto).id;
  if (graph.parents(node).size() > 1) {
    return MakeError(ErrorCode::kUsage, id + " is a merge, and a merge can't follow one revision only",
                     "rebase the revisions that it merges, or remove it");
  }
  const std::vector<NodeId>& children = graph.children(onto);
  if (!children.empty() && std::find(children.begin(), children.end(), node) == children.end()) {
    return MakeError(ErrorCode::kUsage, onto_id + " is not a head, so the history would still branch there",
                     "sluice heads lists the heads");
  }
  return {};
}

// The graph as it would be; a revision that would follow itself shows as a cycle.
Status CheckResult(const Project& project, NodeId node, NodeId onto) {
  std::vector<Revision> revisions = project.scripts.Revisions();
  revisions[node].down_revisions = {project.graph.revision(onto).id};
  SLUICE_CHECK(RevisionGraph::Build(std::move(revisions)));
  return {};
}

Result<ExitCode> RunRebase(const Invocation& invocation, Console& console) {
  if (!invocation.Has(kOntoOption)) {
    return MakeError(ErrorCode::kUsage, "sluice rebase needs --onto HEAD", "sluice heads lists the heads");
  }
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  const Project& project = workspace.project;
  SLUICE_TRY(const NodeId node, ResolveRevision(project.graph, invocation.arguments.front(), {}));
  SLUICE_TRY(const NodeId onto, ResolveRevision(project.graph, invocation.Value(kOntoOption), {}));
  SLUICE_CHECK(CheckRebase(project.graph, node, onto));
  SLUICE_CHECK(CheckResult(project, node, onto));
  SLUICE_CHECK(CheckNotApplied(invocation, console, workspace, node));
  const std::string& id = project.graph.revision(node).id;
  const std::string& onto_id = project.graph.revision(onto).id;
  SLUICE_CHECK(RewriteDownRevisions(ScriptOf(project, node), {onto_id}));
  if (WantsJson(invocation)) {
    JsonWriter json;
    json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Member("revision", id);
    json.Key("down_revisions").Strings({onto_id}).Member("file", ScriptOf(project, node).path).EndObject();
    console.Print(std::move(json).Finish());
  } else {
    console.Print(id + " follows " + onto_id + " now (" + ScriptOf(project, node).path + ")\n");
  }
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "REV", .help = "The revision that moves, with all that follow it.", .at_least = 1}};
constexpr const OptionSpec* kOptions[] = {&kOntoOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kRebaseCommand{
    .name = "rebase",
    .summary = "Make a revision that is not applied yet follow another one",
    .description =
        "Rewrites the `Revises:` line of a script, and nothing else of it. For two people who made a revision from "
        "the same parent: one of the two then follows the other, and there is one head again.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice rebase 6ee0 --onto 9a8b",
    .run = RunRebase};

}  // namespace sluice::cli
