// Steps up and down the `Revises` edges: `+2`, `ae10-1`, `billing@base+2`.
#pragma once

#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/graph/identifier.h"
#include "core/graph/revision_graph.h"

namespace sluice {

// A place to walk from or to: a revision, or before the first one, which is kNoNode.
using Place = NodeId;

// Goes `identifier.offset` steps from `start`; upwards only along the branch, and where it has the choice past none of
// `avoided` (by NodeId; empty: none). Errors: kAmbiguousWalk where several revisions come next, kEdge past the last
// revision or past base, saying how far it got.
Result<Place> Walk(const RevisionGraph& graph, Place start, const Identifier& identifier,
                   const std::optional<Branch>& branch, const std::vector<bool>& avoided = {});

// Where `+N` starts: the revision of `rows` on the branch; without one, the newest applied revision of the branch, or
// base. kAmbiguousWalk where there are several.
Result<Place> StartGoingUp(const RevisionGraph& graph, const std::vector<NodeId>& rows, const Identifier& identifier,
                           const std::optional<Branch>& branch);

// Where `-N` starts: the only row, or the only row on the branch, or the newest applied revision of the branch. kEdge
// when nothing is applied (of the branch), kAmbiguousWalk where there are several.
Result<NodeId> StartGoingDown(const RevisionGraph& graph, const std::vector<NodeId>& rows, const Identifier& identifier,
                              const std::optional<Branch>& branch);

}  // namespace sluice
