#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "core/graph/identifier.h"
#include "core/graph/migration_plan.h"
#include "core/graph/reach.h"
#include "core/graph/resolve.h"
#include "core/graph/version_rows.h"

namespace sluice {
namespace {

struct Destination {
  Place place = RevisionGraph::kNoNode;
  std::optional<Branch> branch;  // only this branch goes back
};

Result<Destination> ResolveSteps(const RevisionGraph& graph, const std::vector<NodeId>& rows,
                                 const Identifier& identifier, std::optional<Branch> branch) {
  if (*identifier.offset >= 0) {
    return MakeError(ErrorCode::kNotReachable,
                     "\"" + std::string(identifier.text) + "\" is not below where the database is",
                     "a downgrade goes down, as in `-1`; `sluice upgrade` goes up");
  }
  SLUICE_TRY(const NodeId start, StartGoingDown(graph, rows, identifier, branch));
  SLUICE_TRY(const Place place, Walk(graph, start, identifier, branch));
  // Steps back from the only row leave other branches that start at the same place alone.
  if (!branch) branch = Branch{graph.id(start), start, Lineage(graph, {start}, Edges::kRevises)};
  return Destination{place, std::move(branch)};
}

Result<Destination> ResolveDestination(const RevisionGraph& graph, const std::vector<NodeId>& rows,
                                       std::string_view target) {
  SLUICE_TRY(const Identifier identifier, ParseIdentifier(target));
  SLUICE_TRY(std::optional<Branch> branch, FindBranch(graph, identifier.label));
  if (identifier.offset && identifier.symbol.empty()) return ResolveSteps(graph, rows, identifier, std::move(branch));
  if (identifier.offset) {
    SLUICE_TRY(const Place place, ResolveWalk(graph, identifier, branch, {}));
    return Destination{place, std::move(branch)};
  }
  // The label says which branch goes back; the head of everything is meant, as in Alembic.
  const bool symbolic = identifier.symbol == "head" || identifier.symbol == "heads";
  SLUICE_TRY(const Place place, ResolvePlace(graph, identifier.symbol, symbolic ? std::nullopt : branch, {}));
  return Destination{place, std::move(branch)};
}

// The lowest revisions that have to go: what follows the destination, on the branch where one is named.
Result<std::vector<NodeId>> FindRoots(const RevisionGraph& graph, const Destination& destination) {
  const bool to_base = destination.place == RevisionGraph::kNoNode;
  const std::vector<NodeId>& above = to_base ? graph.bases() : graph.children(destination.place);
  if (!destination.branch || above.size() <= 1) return above;
  const std::vector<bool> below_label = Ancestors(graph, {destination.branch->revision}, Edges::kRevises);
  std::vector<NodeId> roots;
  for (const NodeId node : above) {
    if (below_label[node]) roots.push_back(node);
  }
  if (!roots.empty()) return roots;
  return MakeError(ErrorCode::kNotReachable,
                   "branch " + destination.branch->name + " does not say which of " + NameRevisions(graph, above) +
                       " has to go back",
                   "name the branch by one of them, as in `" + graph.id(above.front()) + "@" +
                       (to_base ? std::string("base") : graph.id(destination.place)) + "`");
}

Error NothingToDrop(const RevisionGraph& graph, NodeId place, bool applied) {
  const std::string& id = graph.id(place);
  if (!applied) {
    return MakeError(ErrorCode::kNotReachable, "revision " + id + " is not applied, so there is no way down to it",
                     "`sluice current` shows where the database is");
  }
  return MakeError(ErrorCode::kNotReachable,
                   "nothing above revision " + id + " is applied: it is there because others depend on it",
                   "name a revision of the branch that has to go back");
}

// Plans the steps from the applied set down.
class Descent {
 public:
  Descent(const RevisionGraph& graph, const std::vector<bool>& applied, VersionRows& rows)
      : graph_(graph), rows_(rows), applied_above_(graph.size(), 0) {
    for (NodeId node = 0; node < graph.size(); ++node) {
      if (!applied[node]) continue;
      for (const NodeId parent : graph.parents(node)) ++applied_above_[parent];
      for (const NodeId dependency : graph.dependencies(node)) ++applied_above_[dependency];
    }
  }

  // REQUIRES: nothing above `node` is applied any more. What it stood on becomes a row when nothing else stands on it.
  PlannedStep Drop(NodeId node) {
    PlannedStep step{StepKind::kDowngrade, graph_.id(node), {}};
    rows_.Remove(node, step.rows);
    for (const auto* below : {&graph_.parents(node), &graph_.dependencies(node)}) {
      for (const NodeId next : *below) {
        if (--applied_above_[next] == 0 && !rows_.Has(next)) rows_.Add(next, step.rows);
      }
    }
    return step;
  }

 private:
  const RevisionGraph& graph_;
  VersionRows& rows_;
  std::vector<std::size_t> applied_above_;  // edges from applied revisions down to each node
};

}  // namespace

Result<MigrationPlan> PlanDowngrade(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                    std::string_view target) {
  SLUICE_TRY(const std::vector<NodeId> start, ResolveRows(graph, rows, false));
  SLUICE_TRY(const Destination destination, ResolveDestination(graph, start, target));
  SLUICE_TRY(const std::vector<NodeId> roots, FindRoots(graph, destination));

  const std::vector<bool> applied = AppliedSet(graph, start);
  std::vector<bool> dropped = Descendants(graph, roots, Edges::kAll);
  for (NodeId node = 0; node < graph.size(); ++node) dropped[node] = dropped[node] && applied[node];
  std::vector<NodeId> order = InOrder(graph, dropped);
  std::reverse(order.begin(), order.end());

  VersionRows current(graph, start);
  const Place place = destination.place;
  if (order.empty() && place != RevisionGraph::kNoNode && !current.Has(place)) {
    return NothingToDrop(graph, place, applied[place]);
  }
  MigrationPlan plan;
  plan.rows_at_start = current.Sorted();
  plan.steps.reserve(order.size());
  Descent descent(graph, applied, current);
  for (const NodeId node : order) plan.steps.push_back(descent.Drop(node));
  plan.rows_at_end = current.Sorted();
  return plan;
}

Result<MigrationPlan> PlanDowngradeOf(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                      const std::string& revision) {
  SLUICE_TRY(const std::vector<NodeId> start, ResolveRows(graph, rows, false));
  SLUICE_TRY(const NodeId node, FindRevision(graph, revision, std::nullopt));
  const std::vector<bool> applied = AppliedSet(graph, start);
  if (!applied[node]) {
    return MakeError(ErrorCode::kNotReachable, "revision " + graph.id(node) + " is not applied",
                     "`sluice current` shows where the database is");
  }
  for (const auto* above : {&graph.children(node), &graph.dependents(node)}) {
    for (const NodeId next : *above) {
      if (!applied[next]) continue;
      return MakeError(ErrorCode::kNotReachable,
                       "revision " + graph.id(node) + " can't go back alone: " + graph.id(next) + " stands on it",
                       "take that one back first");
    }
  }
  VersionRows current(graph, start);
  MigrationPlan plan;
  plan.rows_at_start = current.Sorted();
  plan.steps.push_back(Descent(graph, applied, current).Drop(node));
  plan.rows_at_end = current.Sorted();
  return plan;
}

}  // namespace sluice
