#include <algorithm>
#include <optional>
#include <utility>

#include "core/graph/identifier.h"
#include "core/graph/migration_plan.h"
#include "core/graph/reach.h"
#include "core/graph/resolve.h"
#include "core/graph/version_rows.h"

namespace sluice {
namespace {

Result<std::vector<NodeId>> ResolveTarget(const RevisionGraph& graph, const std::vector<NodeId>& rows,
                                          const std::string& target) {
  if (ParseRange(target)) {
    return MakeError(ErrorCode::kInvalidIdentifier,
                     "\"" + target + "\" is a range, and the database knows where it starts",
                     "name the revision to go to; ranges are for `--sql` and `history`");
  }
  SLUICE_TRY(const Identifier identifier, ParseIdentifier(target));
  if (identifier.symbol.empty() && *identifier.offset <= 0) {
    return MakeError(ErrorCode::kNotReachable, "\"" + target + "\" is not above where the database is",
                     "an upgrade goes up, as in `+1`; `sluice downgrade` goes down");
  }
  return ResolveDestinations(graph, target, rows);
}

// The revisions of `order` that may not run yet: contract revisions and what stands on one.
std::vector<WaitingRevision> FindWaiting(const RevisionGraph& graph, const std::vector<NodeId>& order,
                                         std::vector<bool>& pending) {
  std::vector<NodeId> behind(graph.size(), RevisionGraph::kNoNode);  // the contract revision a node waits for
  std::vector<WaitingRevision> waiting;
  for (const NodeId node : order) {
    for (const auto* below : {&graph.dependencies(node), &graph.parents(node)}) {
      for (const NodeId candidate : *below) {
        if (behind[candidate] != RevisionGraph::kNoNode) behind[node] = behind[candidate];
      }
    }
    if (graph.revision(node).phase == Phase::kContract) behind[node] = node;
    if (behind[node] == RevisionGraph::kNoNode) continue;
    pending[node] = false;
    waiting.push_back({graph.id(node), graph.id(behind[node])});
  }
  return waiting;
}

PlannedStep UpgradeStep(const RevisionGraph& graph, NodeId node, VersionRows& rows) {
  PlannedStep step{StepKind::kUpgrade, graph.id(node), {}};
  for (const auto* below : {&graph.parents(node), &graph.dependencies(node)}) {
    for (const NodeId row : *below) {
      if (rows.Has(row)) rows.Remove(row, step.rows);
    }
  }
  rows.Add(node, step.rows);
  return step;
}

}  // namespace

Result<MigrationPlan> PlanUpgrade(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                  const std::vector<std::string>& targets, PhaseFilter phase) {
  SLUICE_TRY(const std::vector<NodeId> start, ResolveRows(graph, rows, false));
  std::vector<NodeId> destination = targets.empty() ? UpperHeads(graph, std::nullopt) : std::vector<NodeId>();
  for (const std::string& target : targets) {
    SLUICE_TRY(const std::vector<NodeId> nodes, ResolveTarget(graph, start, target));
    destination.insert(destination.end(), nodes.begin(), nodes.end());
  }
  SLUICE_CHECK(CheckApart(graph, destination, "the targets", "name only the upper one"));
  SLUICE_CHECK(CheckApart(graph, start, "the version rows",
                          "`sluice stamp --purge` with the upper ones removes the row that is implied"));

  const std::vector<bool> applied = AppliedSet(graph, start);
  std::vector<bool> pending = Ancestors(graph, destination, Edges::kAll);
  for (NodeId node = 0; node < graph.size(); ++node) pending[node] = pending[node] && !applied[node];

  MigrationPlan plan;
  std::vector<NodeId> order = InOrder(graph, pending);
  if (phase == PhaseFilter::kExpand) {
    plan.waiting = FindWaiting(graph, order, pending);
    if (!plan.waiting.empty()) order = InOrder(graph, pending);
  }
  VersionRows current(graph, start);
  plan.rows_at_start = current.Sorted();
  plan.steps.reserve(order.size());
  for (const NodeId node : order) plan.steps.push_back(UpgradeStep(graph, node, current));
  plan.rows_at_end = current.Sorted();
  return plan;
}

}  // namespace sluice
