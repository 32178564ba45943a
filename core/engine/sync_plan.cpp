// Whichever way leads to a target.
#include <algorithm>
#include <utility>

#include "core/engine/run_planner.h"
#include "core/graph/identifier.h"
#include "core/graph/reach.h"
#include "core/graph/target.h"

namespace sluice {
namespace {

struct Destination {
  bool base = false;  // the one target is `base`, perhaps of a branch
  std::vector<NodeId> nodes;
};

Result<Destination> Resolve(const Project& project, const Situation& situation,
                            const std::vector<std::string>& targets) {
  const RevisionGraph& graph = situation.graph(project);
  Destination destination;
  for (const std::string& target : targets) {
    SLUICE_TRY(const Identifier identifier, ParseIdentifier(target));
    if ((identifier.offset && identifier.symbol.empty()) || identifier.symbol == "current") {
      return MakeError(ErrorCode::kUsage,
                       "\"" + target + "\" counts from where the database is, so it doesn't say where it should be",
                       "name a revision, a branch, heads or base");
    }
    if (identifier.symbol == "base" && !identifier.offset) {
      if (targets.size() > 1) return MakeError(ErrorCode::kUsage, "base goes with no other target");
      destination.base = true;
      return destination;
    }
    // `head` and `heads` mean the files' heads, also where the database knows later ones.
    const RevisionGraph& known = IsFilesHeads(target) ? project.graph : graph;
    SLUICE_TRY(const std::vector<NodeId> named, ResolveRevisions(known, target, {}));
    for (const NodeId node : named) destination.nodes.push_back(graph.Find(known.id(node)));
  }
  return destination;
}

// What is applied above the targets, newest first.
std::vector<NodeId> FindAbove(const RevisionGraph& graph, const std::vector<NodeId>& targets,
                              const std::vector<bool>& wanted, const std::vector<bool>& applied) {
  std::vector<NodeId> roots;
  for (const NodeId node : targets) {
    roots.insert(roots.end(), graph.children(node).begin(), graph.children(node).end());
  }
  std::vector<bool> above = Descendants(graph, roots, Edges::kAll);
  for (NodeId node = 0; node < graph.size(); ++node) above[node] = above[node] && applied[node] && !wanted[node];
  std::vector<NodeId> order = InOrder(graph, above);
  std::reverse(order.begin(), order.end());
  return order;
}

}  // namespace

Result<MigrationPlan> PlanSyncRun(const Project& project, const Situation& situation,
                                  const std::vector<std::string>& targets, PhaseFilter phase) {
  const RevisionGraph& graph = situation.graph(project);
  const DatabaseState& database = situation.database;
  SLUICE_TRY(const Destination destination,
             Resolve(project, situation, targets.empty() ? std::vector<std::string>{"heads"} : targets));
  if (destination.base) return PlanDowngradeRun(project, situation, targets.front());

  SLUICE_TRY(const std::vector<NodeId> rows, ResolveRows(graph, database.rows, false));
  const std::vector<bool> applied = AppliedSet(graph, rows);
  const std::vector<bool> wanted = AppliedSet(graph, destination.nodes);
  bool goes_up = false;
  for (NodeId node = 0; node < graph.size(); ++node) goes_up = goes_up || (wanted[node] && !applied[node]);
  for (const ProgressRow& row : database.progress) {
    const NodeId node = graph.Find(row.revision);
    goes_up = goes_up || (node != RevisionGraph::kNoNode && wanted[node]);
  }
  if (goes_up) return PlanUpgradeRun(project, situation, targets, phase);

  std::vector<std::string> above;
  for (const NodeId node : FindAbove(graph, destination.nodes, wanted, applied)) above.push_back(graph.id(node));
  MigrationPlan plan;
  plan.rows_at_start = plan.rows_at_end = database.rows;
  if (above.empty() && database.progress.empty()) return plan;
  if (destination.nodes.size() == 1 && !above.empty()) {
    return PlanDowngradeRun(project, situation, graph.id(destination.nodes.front()));
  }
  SLUICE_TRY(plan, PlanWayBack(project, situation, above));
  std::vector<PlannedStep> parts;
  for (const ProgressRow& row : database.progress) {
    const NodeId node = graph.Find(row.revision);
    if (node != RevisionGraph::kNoNode && applied[node]) continue;
    parts.push_back({StepKind::kDowngrade, row.revision, {}});
  }
  plan.steps.insert(plan.steps.begin(), parts.begin(), parts.end());
  SLUICE_CHECK(CheckPartsPlanned(situation, plan, "this downgrade"));
  return plan;
}

}  // namespace sluice
