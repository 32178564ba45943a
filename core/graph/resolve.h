// Identifiers to revisions, on nodes. The public forms are in target.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/graph/identifier.h"
#include "core/graph/revision_graph.h"
#include "core/graph/walk.h"

namespace sluice {

// The heads (of the branch) that no other one of them stands on: to be at these is to have applied them all.
std::vector<NodeId> UpperHeads(const RevisionGraph& graph, const std::optional<Branch>& branch);

// Rows and targets are places to be at together, so none may be below another: kOverlappingTargets, saying that `what`
// overlap.
Status CheckApart(const RevisionGraph& graph, const std::vector<NodeId>& nodes, const std::string& what,
                  const std::string& hint);

// As ResolveRevisions of target.h; `rows` is where the database is.
Result<std::vector<NodeId>> Resolve(const RevisionGraph& graph, std::string_view text, const std::vector<NodeId>& rows);

// The one place that a symbol alone means: an id, prefix or label, `head`, `heads` where there is one, `base`,
// `current` where there is one row.
Result<Place> ResolvePlace(const RevisionGraph& graph, std::string_view symbol, const std::optional<Branch>& branch,
                           const std::vector<NodeId>& rows);

// The places to be at for an upgrade or a stamp: as Resolve, with the upper heads for `heads` and `LABEL@heads`.
Result<std::vector<NodeId>> ResolveDestinations(const RevisionGraph& graph, std::string_view text,
                                                const std::vector<NodeId>& rows);

// Where a walk with a symbol (`ae10+2`, `billing@head-1`) ends. REQUIRES: a symbol and an offset. Downwards the symbol
// has to be of the branch; upwards the branch only says which way to go.
Result<Place> ResolveWalk(const RevisionGraph& graph, const Identifier& identifier, const std::optional<Branch>& branch,
                          const std::vector<NodeId>& rows);

}  // namespace sluice
