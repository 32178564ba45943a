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

struct StampDestination {
  std::vector<NodeId> nodes;
  std::vector<NodeId> lineage_of;  // rows above, below or at these are meant
  bool everything = false;         // `base`: every row is meant
};

Result<StampDestination> ResolveDestination(const RevisionGraph& graph, const std::vector<std::string>& targets) {
  StampDestination destination;
  for (const std::string& target : targets) {
    SLUICE_TRY(const Identifier identifier, ParseIdentifier(target));
    if (identifier.offset) {
      return MakeError(ErrorCode::kInvalidIdentifier,
                       "\"" + target + "\" is relative, and a stamp runs nothing to count", "name the revision");
    }
    SLUICE_TRY(const std::optional<Branch> branch, FindBranch(graph, identifier.label));
    SLUICE_TRY(const std::vector<NodeId> nodes, ResolveDestinations(graph, target, {}));
    if (branch) destination.lineage_of.push_back(branch->revision);
    destination.lineage_of.insert(destination.lineage_of.end(), nodes.begin(), nodes.end());
    destination.everything = destination.everything || (nodes.empty() && !branch);
    destination.nodes.insert(destination.nodes.end(), nodes.begin(), nodes.end());
  }
  return destination;
}

// The rows that the stamp is about.
std::vector<NodeId> FindMeant(const RevisionGraph& graph, const std::vector<NodeId>& rows,
                              const StampDestination& destination) {
  if (destination.everything) return rows;
  const std::vector<bool> lineage = Lineage(graph, destination.lineage_of, Edges::kAll);
  std::vector<NodeId> meant;
  for (const NodeId row : rows) {
    if (lineage[row]) meant.push_back(row);
  }
  return meant;
}

// The rows that go: those meant, unless the destination only adds a branch that has no row yet.
std::vector<NodeId> FindLeaving(const RevisionGraph& graph, const std::vector<NodeId>& meant,
                                const std::vector<NodeId>& destination) {
  const std::vector<bool> lineage = Lineage(graph, meant, Edges::kAll);
  const VersionRows rows(graph, meant);
  const bool moves = destination.empty() || std::any_of(destination.begin(), destination.end(),
                                                        [&](NodeId node) { return lineage[node] && !rows.Has(node); });
  return moves ? meant : std::vector<NodeId>();
}

}  // namespace

Result<MigrationPlan> PlanStamp(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                const std::vector<std::string>& targets, bool purge) {
  SLUICE_TRY(const std::vector<NodeId> start, ResolveRows(graph, rows, false));
  SLUICE_TRY(const StampDestination destination, ResolveDestination(graph, targets));
  SLUICE_CHECK(CheckApart(graph, destination.nodes, "the targets", "name only the upper one"));
  const std::vector<NodeId> leaving =
      purge ? start : FindLeaving(graph, FindMeant(graph, start, destination), destination.nodes);

  MigrationPlan plan;
  VersionRows current(graph, start);
  plan.rows_at_start = current.Sorted();
  std::vector<bool> stays(graph.size(), false);
  for (const NodeId node : destination.nodes) stays[node] = true;
  std::vector<NodeId> going;
  for (const NodeId row : leaving) {
    if (!stays[row]) going.push_back(row);
  }
  // The first new row takes the place of those that go; where none is new they are removed one by one.
  for (const NodeId node : destination.nodes) {
    if (current.Has(node)) continue;
    PlannedStep step{StepKind::kStamp, graph.id(node), {}};
    for (const NodeId row : std::exchange(going, {})) current.Remove(row, step.rows);
    current.Add(node, step.rows);
    plan.steps.push_back(std::move(step));
  }
  for (const NodeId row : going) {
    PlannedStep step{StepKind::kStamp, graph.id(row), {}};
    current.Remove(row, step.rows);
    plan.steps.push_back(std::move(step));
  }
  plan.rows_at_end = current.Sorted();
  return plan;
}

}  // namespace sluice
