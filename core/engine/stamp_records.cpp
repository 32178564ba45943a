#include "core/engine/stamp_records.h"

#include <vector>

#include "core/engine/step_reader.h"
#include "core/graph/target.h"

namespace sluice {

Result<std::string> StampRecords(const Project& project, const Situation& situation, const MigrationPlan& plan,
                                 const RecordWriter& writer, EventRecord event) {
  std::string sql;
  for (const PlannedStep& step : plan.steps) {
    event.revision = step.revision;
    event.outcome = "stamped";
    sql += writer.Event(event, "", "");
  }
  const RevisionGraph& graph = situation.graph(project);
  SLUICE_TRY(const std::vector<NodeId> rows, ResolveRows(graph, plan.rows_at_start, false));
  SLUICE_TRY(const std::vector<NodeId> new_rows, ResolveRows(graph, plan.rows_at_end, false));
  const std::vector<bool> before = AppliedSet(graph, rows);
  const std::vector<bool> after = AppliedSet(graph, new_rows);
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (before[node] == after[node]) continue;
    const std::string& id = graph.revision(node).id;
    if (!after[node]) {
      sql += writer.MarkNotApplied(id);
      continue;
    }
    const Script* script = FindScript(project, id);
    if (script == nullptr) continue;
    SLUICE_TRY(const std::string text, ReadScriptText(*script));
    sql += writer.StoreScript({DescribeStored(*script), text}, true);
  }
  return sql;
}

}  // namespace sluice
