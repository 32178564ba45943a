// graph × version rows × target → the steps of an upgrade, a downgrade or a stamp with the edits of the version rows.
// Pure, deterministic (the same plan on every machine), linear.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/graph/revision_graph.h"

namespace sluice {

// What one step does to the version table. `remove` and `add` are full ids; one of each is an UPDATE of that row, as
// Alembic does; everything else is DELETEs and INSERTs. Each must hit exactly one row.
struct RowEdit {
  std::vector<std::string> remove;
  std::vector<std::string> add;
};

enum class StepKind { kUpgrade, kDowngrade, kStamp };

std::string_view StepKindName(StepKind kind);  // "upgrade", "downgrade", "stamp"

struct PlannedStep {
  StepKind kind = StepKind::kUpgrade;
  std::string revision;  // full id; for a stamp to base: the row that goes
  RowEdit rows;
};

// A pending revision that `--phase expand` leaves out.
struct WaitingRevision {
  std::string revision;
  std::string contract;  // the contract revision it stands behind; itself when it is one
};

struct MigrationPlan {
  std::vector<PlannedStep> steps;
  std::vector<std::string> rows_at_start;  // sorted bytewise
  std::vector<std::string> rows_at_end;    // sorted bytewise
  std::vector<WaitingRevision> waiting;    // in plan order; only with PhaseFilter::kExpand
};

// Rows before the first step and after each step, sorted bytewise: rows[i] is before step i, rows[i+1] after it.
std::vector<std::vector<std::string>> RowsAlong(const MigrationPlan& plan);

enum class PhaseFilter { kAll, kExpand };

// `rows` are full ids of revisions of the graph (see ResolveRows); an ancestor of another row is kept, as Alembic would.
// `targets` are identifiers; empty means `heads`. Errors besides those of target.h: kNotReachable, kOverlappingTargets,
// kMultipleHeads (for `head`). With kExpand the plan holds what may run now and `waiting` the rest; the caller decides
// about expand revisions that stand behind a contract (kBehindContract, exit 4).
Result<MigrationPlan> PlanUpgrade(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                  const std::vector<std::string>& targets, PhaseFilter phase);

Result<MigrationPlan> PlanDowngrade(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                    std::string_view target);

// `purge`: the rows are forgotten first.
Result<MigrationPlan> PlanStamp(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                const std::vector<std::string>& targets, bool purge);

// What the version rows imply: the rows and all their ancestors over both kinds of edges, by NodeId.
std::vector<bool> AppliedSet(const RevisionGraph& graph, const std::vector<NodeId>& rows);

// All revisions, parents and dependencies first, in the plan's deterministic order (`history` prints its reverse).
std::vector<NodeId> TopologicalOrder(const RevisionGraph& graph);

}  // namespace sluice
