#include "core/engine/run_planner.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "core/graph/head_conflict.h"
#include "core/graph/target.h"

namespace sluice {
namespace {

bool IsIn(const MigrationPlan& plan, std::string_view revision) {
  return std::any_of(plan.steps.begin(), plan.steps.end(),
                     [revision](const PlannedStep& step) { return step.revision == revision; });
}

bool IsApplied(const RevisionGraph& graph, const Situation& situation, std::string_view revision) {
  const Result<std::vector<NodeId>> rows = ResolveRows(graph, situation.database.rows, false);
  const NodeId node = graph.Find(revision);
  return rows.ok() && node != RevisionGraph::kNoNode && AppliedSet(graph, *rows)[node];
}

Error InTheWay(const std::string& revision, std::string_view command) {
  return MakeError(ErrorCode::kPartial,
                   "revision " + revision + " is applied in part, and " + std::string(command) + " would pass it by",
                   "complete it (sluice upgrade " + revision +
                       "), undo it (sluice downgrade), or settle it (sluice "
                       "repair " +
                       revision + ")");
}

Status CheckHeads(const RevisionGraph& graph) {
  const std::vector<NodeId> heads = FindConflictingHeads(graph);
  if (heads.empty()) return {};
  std::string names;
  for (const NodeId head : heads) names += (names.empty() ? "" : " ") + graph.revision(head).id;
  const std::string& first = graph.revision(heads[0]).id;
  const std::string& second = graph.revision(heads[1]).id;
  return MakeError(ErrorCode::kMultipleHeads, "there are several heads of the same history: " + names,
                   "join them (sluice merge " + names + "), or make one follow the other (sluice rebase " + second +
                       " --onto " + first + "); if they are meant to stay: sluice upgrade heads");
}

// The version rows are of a history that has nothing to do with the files': somebody else's project uses the table.
Status CheckHistory(const Project& project, const Situation& situation, const MigrationPlan& plan) {
  if (situation.ahead.empty() || plan.steps.empty()) return {};
  const RevisionGraph& graph = *situation.merged;
  SLUICE_TRY(const std::vector<NodeId> rows, ResolveRows(graph, situation.database.rows, false));
  const std::vector<bool> applied = AppliedSet(graph, rows);
  for (const NodeId node : TopologicalOrder(graph)) {
    if (applied[node] && project.graph.Find(graph.id(node)) != RevisionGraph::kNoNode) return {};
  }
  return MakeError(ErrorCode::kAhead,
                   "the database is at " + situation.database.rows.front() +
                       ", which is of another history: none of its revisions is in the files",
                   "give this project a version table of its own (version_table in sluice.yaml, versionTable in the "
                   "chart's values); if both are meant to share one: sluice upgrade heads");
}

// The database has a revision that somebody else made from the same parent as one that would come now.
Status CheckAhead(const Situation& situation, const MigrationPlan& plan) {
  if (!situation.merged || plan.steps.empty()) return {};
  const RevisionGraph& graph = *situation.merged;
  std::string theirs;
  std::string ours;
  for (const NodeId head : FindConflictingHeads(graph)) {
    const std::string& id = graph.revision(head).id;
    if (std::find(situation.ahead.begin(), situation.ahead.end(), id) != situation.ahead.end()) theirs = id;
    if (IsIn(plan, id)) ours = id;
  }
  if (theirs.empty() || ours.empty()) return {};
  return MakeError(
      ErrorCode::kMultipleHeads,
      "the database has revision " + theirs + ", which the files don't have, beside " + ours +
          ": two heads of the same history",
      "get its file and make one follow the other (sluice rebase " + ours + " --onto " + theirs +
          "), or take it back first (sluice downgrade -1); if both are meant to stay: sluice upgrade heads");
}

// `heads` and `head` mean the files' heads, also where the database knows later ones.
Result<std::vector<std::string>> TargetsOfFiles(const Project& project, const Situation& situation,
                                                const std::vector<std::string>& targets) {
  if (targets.empty()) SLUICE_CHECK(CheckHeads(project.graph));
  if (!situation.merged) return targets;
  std::vector<std::string> resolved;
  for (const std::string& target : targets.empty() ? std::vector<std::string>{"heads"} : targets) {
    if (!IsFilesHeads(target)) {
      resolved.push_back(target);
      continue;
    }
    SLUICE_TRY(const std::vector<NodeId> nodes, ResolveRevisions(project.graph, target, {}));
    for (const NodeId node : nodes) resolved.push_back(project.graph.revision(node).id);
  }
  return resolved;
}

// N of a target `-N`.
std::optional<int> StepsBack(std::string_view target) {
  int count = 0;
  if (target.size() < 2 || target.front() != '-') return std::nullopt;
  const auto [end, error] = std::from_chars(target.data() + 1, target.data() + target.size(), count);
  if (error != std::errc() || end != target.data() + target.size()) return std::nullopt;
  return count;
}

}  // namespace

Result<MigrationPlan> PlanUpgradeRun(const Project& project, const Situation& situation,
                                     const std::vector<std::string>& targets, PhaseFilter phase) {
  const RevisionGraph& graph = situation.graph(project);
  SLUICE_TRY(const std::vector<std::string> wanted, TargetsOfFiles(project, situation, targets));
  SLUICE_TRY(MigrationPlan plan, PlanUpgrade(graph, situation.database.rows, wanted, phase));
  if (targets.empty()) {
    SLUICE_CHECK(CheckHistory(project, situation, plan));
    SLUICE_CHECK(CheckAhead(situation, plan));
  }
  std::vector<PlannedStep> first;
  for (const ProgressRow& row : situation.database.progress) {
    if (IsIn(plan, row.revision)) continue;
    if (!IsApplied(graph, situation, row.revision)) return InTheWay(row.revision, "this upgrade");
    first.push_back({StepKind::kUpgrade, row.revision, {}});
  }
  plan.steps.insert(plan.steps.begin(), first.begin(), first.end());
  return plan;
}

bool IsFilesHeads(std::string_view target) { return target == "head" || target == "heads"; }

Result<MigrationPlan> PlanDowngradeRun(const Project& project, const Situation& situation, std::string_view target) {
  const RevisionGraph& graph = situation.graph(project);
  std::vector<PlannedStep> first;
  for (const ProgressRow& row : situation.database.progress) {
    if (!IsApplied(graph, situation, row.revision)) first.push_back({StepKind::kDowngrade, row.revision, {}});
  }
  MigrationPlan plan;
  plan.rows_at_start = plan.rows_at_end = situation.database.rows;
  std::string rest(target);
  if (situation.merged && IsFilesHeads(target)) {
    SLUICE_TRY(const std::vector<NodeId> nodes, ResolveRevisions(project.graph, "head", {}));
    rest = project.graph.id(nodes.front());
  }
  if (const std::optional<int> back = StepsBack(target); back && !first.empty()) {
    const int left = *back - static_cast<int>(first.size());
    rest = left > 0 ? "-" + std::to_string(left) : "";
  }
  if (!rest.empty()) {
    SLUICE_TRY(plan, PlanDowngrade(graph, situation.database.rows, rest));
  }
  plan.steps.insert(plan.steps.begin(), first.begin(), first.end());
  SLUICE_CHECK(CheckPartsPlanned(situation, plan, "this downgrade"));
  return plan;
}

Status CheckPartsPlanned(const Situation& situation, const MigrationPlan& plan, std::string_view command) {
  for (const ProgressRow& row : situation.database.progress) {
    if (!IsIn(plan, row.revision)) return InTheWay(row.revision, command);
  }
  return {};
}

Result<MigrationPlan> PlanWayBack(const Project& project, const Situation& situation,
                                  const std::vector<std::string>& revisions) {
  MigrationPlan plan;
  plan.rows_at_start = plan.rows_at_end = situation.database.rows;
  for (const std::string& revision : revisions) {
    SLUICE_TRY(MigrationPlan one, PlanDowngradeOf(situation.graph(project), plan.rows_at_end, revision));
    plan.steps.push_back(std::move(one.steps.front()));
    plan.rows_at_end = std::move(one.rows_at_end);
  }
  return plan;
}

std::size_t StepsDone(const MigrationPlan& plan, const std::vector<std::string>& rows) {
  std::vector<std::string> then = plan.rows_at_start;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const RowEdit& edit = plan.steps[i].rows;
    if (edit.remove.empty() && edit.add.empty()) return 0;
    then = ApplyEdit(std::move(then), edit);
    if (then == rows) return i + 1;
  }
  return 0;
}

Result<MigrationPlan> PlanPartialRun(const Project& project, const Situation& situation, const std::string& revision,
                                     Direction direction) {
  const RevisionGraph& graph = situation.graph(project);
  if (situation.Progress(revision) == nullptr) {
    return MakeError(ErrorCode::kUsage, "revision " + revision + " is not applied in part",
                     "sluice status shows what is");
  }
  const bool upwards = direction == Direction::kUpgrade;
  if (upwards != IsApplied(graph, situation, revision)) {
    if (!upwards) return PlanDowngradeOf(graph, situation.database.rows, revision);
    SLUICE_TRY(MigrationPlan plan, PlanUpgrade(graph, situation.database.rows, {revision}, PhaseFilter::kAll));
    if (plan.steps.size() == 1) return plan;
    return MakeError(
        ErrorCode::kPartial,
        "revision " + revision + " can't be completed alone: " + plan.steps.front().revision + " has to come first",
        "complete both: sluice upgrade " + revision);
  }
  // The version rows have never moved for it, or have stayed: only the scripts run.
  MigrationPlan plan;
  plan.rows_at_start = plan.rows_at_end = situation.database.rows;
  plan.steps.push_back({upwards ? StepKind::kUpgrade : StepKind::kDowngrade, revision, {}});
  return plan;
}

}  // namespace sluice
