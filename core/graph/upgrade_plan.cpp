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

// Contract revisions that are not applied, and what stands on one. Empty when all phases run.
std::vector<bool> FindHeldBack(const RevisionGraph& graph, const std::vector<bool>& applied, PhaseFilter phase) {
  if (phase == PhaseFilter::kAll) return {};
  std::vector<NodeId> contracts;
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (!applied[node] && graph.revision(node).phase == Phase::kContract) contracts.push_back(node);
  }
  return Descendants(graph, contracts, Edges::kAll);
}

// Where the targets of one upgrade lie.
class TargetResolver {
 public:
  TargetResolver(const RevisionGraph& graph, const std::vector<NodeId>& rows, const std::vector<bool>& held_back)
      : graph_(graph), rows_(rows), held_back_(held_back) {}

  Result<std::vector<NodeId>> Resolve(const std::string& target) const {
    if (ParseRange(target)) {
      return MakeError(ErrorCode::kInvalidIdentifier,
                       "\"" + target + "\" is a range, and the database knows where it starts",
                       "name the revision to go to; ranges are for `--sql` and `history`");
    }
    SLUICE_TRY(const Identifier identifier, ParseIdentifier(target));
    return identifier.symbol.empty() ? ResolveSteps(identifier) : ResolveDestinations(graph_, target, rows_);
  }

 private:
  // `+N` from where the database is. It goes along what may run, where there is such a way.
  Result<std::vector<NodeId>> ResolveSteps(const Identifier& identifier) const {
    if (*identifier.offset <= 0) {
      return MakeError(ErrorCode::kNotReachable,
                       "\"" + std::string(identifier.text) + "\" is not above where the database is",
                       "an upgrade goes up, as in `+1`; `sluice downgrade` goes down");
    }
    SLUICE_TRY(const std::optional<Branch> branch, FindBranch(graph_, identifier.label));
    SLUICE_TRY(const Place start, StartGoingUp(graph_, rows_, identifier, branch));
    SLUICE_TRY(const Place place, Walk(graph_, start, identifier, branch, held_back_));
    return std::vector<NodeId>{place};
  }

  const RevisionGraph& graph_;
  const std::vector<NodeId>& rows_;
  const std::vector<bool>& held_back_;
};

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
  const std::vector<bool> applied = AppliedSet(graph, start);
  const std::vector<bool> held_back = FindHeldBack(graph, applied, phase);
  std::vector<NodeId> destination = targets.empty() ? UpperHeads(graph, std::nullopt) : std::vector<NodeId>();
  for (const std::string& target : targets) {
    SLUICE_TRY(const std::vector<NodeId> nodes, TargetResolver(graph, start, held_back).Resolve(target));
    destination.insert(destination.end(), nodes.begin(), nodes.end());
  }
  SLUICE_CHECK(CheckApart(graph, destination, "the targets", "name only the upper one"));
  SLUICE_CHECK(CheckApart(graph, start, "the version rows",
                          "`sluice stamp --purge` with the upper ones removes the row that is implied"));

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
