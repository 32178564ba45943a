#include "core/graph/migration_plan.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/graph/reach.h"

namespace sluice {

std::string_view StepKindName(StepKind kind) {
  switch (kind) {
    case StepKind::kUpgrade:
      return "upgrade";
    case StepKind::kDowngrade:
      return "downgrade";
    case StepKind::kStamp:
      return "stamp";
  }
  return "";
}

std::vector<std::string> ApplyEdit(std::vector<std::string> rows, const RowEdit& edit) {
  for (const std::string& row : edit.remove) std::erase(rows, row);
  rows.insert(rows.end(), edit.add.begin(), edit.add.end());
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::vector<std::vector<std::string>> RowsAlong(const MigrationPlan& plan) {
  std::set<std::string> rows(plan.rows_at_start.begin(), plan.rows_at_start.end());
  std::vector<std::vector<std::string>> along;
  along.reserve(plan.steps.size() + 1);
  along.push_back(plan.rows_at_start);
  for (const PlannedStep& step : plan.steps) {
    for (const std::string& row : step.rows.remove) rows.erase(row);
    rows.insert(step.rows.add.begin(), step.rows.add.end());
    along.emplace_back(rows.begin(), rows.end());
  }
  return along;
}

Result<MigrationPlan> PlanRange(const RevisionGraph& graph, const RevisionRange& range, Direction direction,
                                PhaseFilter phase) {
  const bool up = direction == Direction::kUpgrade;
  const std::string from = !range.from.empty() ? range.from : up ? "base" : "heads";
  SLUICE_TRY(const std::vector<NodeId> start, ResolveRevisions(graph, from, {}));
  std::vector<std::string> rows;
  for (const NodeId node : start) rows.push_back(graph.id(node));
  if (!up) return PlanDowngrade(graph, rows, range.to.empty() ? "base" : range.to);
  return PlanUpgrade(graph, rows, {range.to.empty() ? "heads" : range.to}, phase);
}

std::vector<bool> AppliedSet(const RevisionGraph& graph, const std::vector<NodeId>& rows) {
  return Ancestors(graph, rows, Edges::kAll);
}

std::vector<NodeId> TopologicalOrder(const RevisionGraph& graph) {
  return InOrder(graph, std::vector<bool>(graph.size(), true));
}

}  // namespace sluice
