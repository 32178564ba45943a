#include "cmd/sluice/not_applied.h"

#include <string>

#include "cmd/sluice/database_access.h"
#include "core/graph/migration_plan.h"
#include "core/graph/target.h"

namespace sluice::cli {

Status CheckNotApplied(const Invocation& invocation, Console& console, const Workspace& workspace, NodeId node) {
  std::string why_not;
  const auto database = TryDatabase(invocation, console, workspace, &why_not);
  if (!database) {
    console.PrintError("Not checked whether it is applied: " + why_not + "\n");
    return {};
  }
  const RevisionGraph& graph = database->graph();
  const std::string& id = workspace.project.graph.revision(node).id;
  SLUICE_TRY(const std::vector<NodeId> rows, ResolveRows(graph, database->situation().database.rows, false));
  if (!AppliedSet(graph, rows)[graph.Find(id)]) return {};
  return MakeError(ErrorCode::kApplied, id + " is applied already, so it stays where it is",
                   "change the other revision instead, or join the two with `sluice merge`");
}

}  // namespace sluice::cli
