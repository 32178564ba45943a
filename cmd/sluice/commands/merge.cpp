#include <algorithm>
#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/new_revision.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/revision_report.h"
#include "cmd/sluice/workspace.h"
#include "core/graph/target.h"

namespace sluice::cli {
namespace {

Result<std::vector<NodeId>> ChooseParents(const Invocation& invocation, const RevisionGraph& graph) {
  if (invocation.arguments.empty()) return graph.heads();
  std::vector<NodeId> parents;
  for (const std::string& identifier : invocation.arguments) {
    SLUICE_TRY(const std::vector<NodeId> nodes, ResolveRevisions(graph, identifier, {}));
    for (const NodeId node : nodes) {
      if (std::find(parents.begin(), parents.end(), node) == parents.end()) parents.push_back(node);
    }
  }
  return parents;
}

// Every revision below `nodes` over `Revises`, themselves left out.
std::vector<bool> AncestorsOf(const RevisionGraph& graph, const std::vector<NodeId>& nodes) {
  std::vector<bool> found(graph.size());
  std::vector<NodeId> open = nodes;
  while (!open.empty()) {
    const NodeId node = open.back();
    open.pop_back();
    for (const NodeId parent : graph.parents(node)) {
      if (found[parent]) continue;
      found[parent] = true;
      open.push_back(parent);
    }
  }
  return found;
}

Status CheckParents(const RevisionGraph& graph, const std::vector<NodeId>& parents) {
  if (parents.size() < 2) {
    return MakeError(
        ErrorCode::kUsage,
        "there is nothing to merge: " + (parents.empty() ? std::string("there are no revisions")
                                                         : graph.revision(parents.front()).id + " is the only head"),
        "a merge needs two revisions or more; sluice heads lists the heads");
  }
  const std::vector<bool> ancestors = AncestorsOf(graph, parents);
  for (const NodeId parent : parents) {
    if (!ancestors[parent]) continue;
    return MakeError(ErrorCode::kOverlappingTargets,
                     "can't merge " + Join(Ids(graph, parents)) + ": " + graph.revision(parent).id +
                         " is an ancestor of another one of them",
                     "leave it out: what descends from it holds it already");
  }
  return {};
}

Result<ExitCode> RunMerge(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  const Project& project = workspace.project;
  NewRevision wanted;
  SLUICE_TRY(wanted.parents, ChooseParents(invocation, project.graph));
  SLUICE_CHECK(CheckParents(project.graph, wanted.parents));
  wanted.message = invocation.Value(kMessageOption, "merge " + Join(Ids(project.graph, wanted.parents), " and "));
  wanted.branch_labels = invocation.Values(kBranchLabelOption);
  wanted.revision_id = invocation.Value(kRevisionIdOption);
  wanted.version_path = invocation.Value(kVersionPathOption);
  SLUICE_TRY(const WrittenRevision written, WriteNewRevision(workspace, wanted));
  console.Print(RenderWritten(written, WantsJson(invocation)));
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "REV", .help = "What to merge; all heads without one.", .at_most = ArgumentSpec::kUnlimited}};
constexpr const OptionSpec* kOptions[] = {&kMessageOption, &kBranchLabelOption, &kVersionPathOption, &kRevisionIdOption,
                                          &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kProjectOptions};

}  // namespace

constexpr CommandSpec kMergeCommand{
    .name = "merge",
    .summary = "Join several heads with a revision that follows all of them",
    .description =
        "Writes a revision whose parents are the revisions named, all heads without any. Its sections are empty: "
        "it changes nothing, and makes one head of several.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice merge -m \"join billing and login\"",
    .run = RunMerge};

}  // namespace sluice::cli
