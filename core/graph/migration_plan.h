// graph × version rows × target → the steps of an upgrade, a downgrade or a stamp with the edits of the version rows.
// Pure, deterministic (the same plan on every machine), linear.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/graph/revision_graph.h"
#include "core/graph/target.h"

namespace sluice {

// What one step does to the version table. `remove` and `add` are full ids; one of each is an UPDATE of that row, as
// Alembic does; everything else is DELETEs and INSERTs. Each must hit exactly one row.
struct RowEdit {
  std::vector<std::string> remove;
  std::vector<std::string> add;
};

// `rows` after the edit, sorted bytewise.
std::vector<std::string> ApplyEdit(std::vector<std::string> rows, const RowEdit& edit);

enum class StepKind { kUpgrade, kDowngrade, kStamp };

std::string_view StepKindName(StepKind kind);  // "upgrade", "downgrade", "stamp"

struct PlannedStep {
  StepKind kind = StepKind::kUpgrade;
  std::string revision;  // full id; for a stamp that only removes a row: that row
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

// Rows before the first step and after each step, sorted bytewise: rows[i] is before step i, rows[i+1] after it. Steps
// × rows of memory: for what is shown or written out whole; to go through the steps one by one, apply each `rows`.
std::vector<std::vector<std::string>> RowsAlong(const MigrationPlan& plan);

enum class PhaseFilter { kAll, kExpand };

// `rows` are full ids of revisions of the graph (see ResolveRows). `targets` are identifiers; empty means `heads`.
// Errors besides those of target.h: kNotReachable, kMultipleHeads (for `head`), kOverlappingTargets (a target above
// another one, or a row above another one). With kExpand the plan holds what may run now and `waiting` the rest; the
// caller decides about expand revisions that stand behind a contract (kBehindContract, exit 4).
Result<MigrationPlan> PlanUpgrade(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                  const std::vector<std::string>& targets, PhaseFilter phase);

// A row that is an ancestor of another one stays until its own turn comes. kNotReachable when there is no way down to
// the target from where the database is.
Result<MigrationPlan> PlanDowngrade(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                    std::string_view target);

// Takes back this one revision. kUnknownRevision; kNotReachable when it is not applied, or something applied stands on
// it.
Result<MigrationPlan> PlanDowngradeOf(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                      const std::string& revision);

// The rows become `targets`: rows above or below a target move to it, rows of other branches stay. `base` removes all
// rows, `LABEL@base` those of that branch. Relative identifiers are kInvalidIdentifier, as in Alembic; a target above
// another one is kOverlappingTargets. `purge`: the rows are forgotten first.
Result<MigrationPlan> PlanStamp(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                const std::vector<std::string>& targets, bool purge);

// The plan of a range `from:to`, which needs no version rows: `from` is where the database is said to be. An end that
// is not written is base or heads, whichever lies that way.
Result<MigrationPlan> PlanRange(const RevisionGraph& graph, const RevisionRange& range, Direction direction,
                                PhaseFilter phase);

// What the version rows imply: the rows and all their ancestors over both kinds of edges, by NodeId.
std::vector<bool> AppliedSet(const RevisionGraph& graph, const std::vector<NodeId>& rows);

// All revisions, parents and dependencies first, in the plan's deterministic order (`history` prints its reverse).
std::vector<NodeId> TopologicalOrder(const RevisionGraph& graph);

}  // namespace sluice
