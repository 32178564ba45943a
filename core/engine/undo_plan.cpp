#include "core/engine/undo_plan.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "core/engine/run_planner.h"
#include "core/graph/reach.h"
#include "core/graph/target.h"

namespace sluice {
namespace {

// Who has moved each revision last.
using LastMoves = std::map<std::string, LastMove, std::less<>>;

Error StandsOnIt(const std::string& below, const std::string& above, const LastMoves& moves) {
  const auto found = moves.find(above);
  const std::string plan = found == moves.end() ? std::string() : found->second.plan;
  return MakeError(ErrorCode::kNotReachable,
                   "revision " + below + " can't be taken back: revision " + above + " stands on it, which " +
                       (plan.empty() ? "no run of a known plan has applied" : "plan " + plan + " has applied"),
                   plan.empty() ? "if that shall go too: sluice downgrade to where the database should be"
                                : "if that shall go too, first: sluice downgrade --undo " + plan);
}

Status CheckAbove(const RevisionGraph& graph, const std::vector<bool>& applied, const std::vector<bool>& taken,
                  const LastMoves& moves) {
  std::vector<NodeId> nodes;
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (taken[node]) nodes.push_back(node);
  }
  std::vector<bool> in_the_way = Descendants(graph, nodes, Edges::kAll);
  for (NodeId node = 0; node < graph.size(); ++node) {
    in_the_way[node] = in_the_way[node] && applied[node] && !taken[node];
  }
  const std::vector<NodeId> order = InOrder(graph, in_the_way);
  if (order.empty()) return {};
  const std::vector<bool> below = Ancestors(graph, {order.front()}, Edges::kAll);
  const auto stood_on =
      std::find_if(nodes.rbegin(), nodes.rend(), [&below](NodeId node) { return static_cast<bool>(below[node]); });
  return StandsOnIt(graph.id(*stood_on), graph.id(order.front()), moves);
}

}  // namespace

Result<MigrationPlan> PlanUndo(ReadSession& session, const Settings& settings, const Project& project,
                               const Situation& situation, const std::string& hash) {
  const DatabaseState& database = situation.database;
  MigrationPlan nothing;
  nothing.rows_at_start = nothing.rows_at_end = database.rows;
  if (!database.has_bookkeeping) return nothing;
  const Bookkeeping bookkeeping(settings, database.version_table_schema);
  if (database.layout_minor < 1) {
    // A run of a program that records its plan would have made the tables grow.
    SLUICE_TRY(const bool ours, OwnsRuns(session, bookkeeping));
    if (ours) return nothing;
    return MakeError(ErrorCode::kBookkeeping,
                     "the tables in schema " + bookkeeping.schema() +
                         " are of an earlier layout, and don't tell which plan a run was of",
                     "let their owner run this once: " + bookkeeping.GrowTables());
  }
  SLUICE_TRY(std::vector<LastMove> read, ReadLastMoves(session, bookkeeping, hash));
  LastMoves moves;
  for (LastMove& move : read) moves.insert_or_assign(move.revision, std::move(move));

  const RevisionGraph& graph = situation.graph(project);
  SLUICE_TRY(const std::vector<NodeId> rows, ResolveRows(graph, database.rows, false));
  const std::vector<bool> applied = AppliedSet(graph, rows);
  const auto is_ours = [&moves](std::string_view revision) {
    const auto found = moves.find(revision);
    return found != moves.end() && found->second.of_plan;
  };
  std::vector<bool> taken(graph.size());
  for (NodeId node = 0; node < graph.size(); ++node) taken[node] = applied[node] && is_ours(graph.id(node));
  std::vector<PlannedStep> parts;
  for (const ProgressRow& row : database.progress) {
    const NodeId node = graph.Find(row.revision);
    const bool is_applied = node != RevisionGraph::kNoNode && applied[node];
    if (is_ours(row.revision) && !is_applied) parts.push_back({StepKind::kDowngrade, row.revision, {}});
  }
  std::vector<NodeId> order = InOrder(graph, taken);
  if (order.empty() && parts.empty()) return nothing;
  SLUICE_CHECK(CheckAbove(graph, applied, taken, moves));
  std::vector<std::string> revisions;
  for (auto node = order.rbegin(); node != order.rend(); ++node) revisions.push_back(graph.id(*node));
  SLUICE_TRY(MigrationPlan plan, PlanWayBack(project, situation, revisions));
  plan.steps.insert(plan.steps.begin(), parts.begin(), parts.end());
  SLUICE_CHECK(CheckPartsPlanned(situation, plan, "this downgrade"));
  return plan;
}

}  // namespace sluice
