// Identifiers to revisions, on nodes. The public forms are in target.h.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/graph/identifier.h"
#include "core/graph/revision_graph.h"
#include "core/graph/walk.h"

namespace sluice {

// As ResolveRevisions of target.h; `rows` is where the database is.
Result<std::vector<NodeId>> Resolve(const RevisionGraph& graph, std::string_view text, const std::vector<NodeId>& rows);

// The one place that a symbol alone means: an id, prefix or label, `head`, `heads` where there is one, `base`, `current`
// where there is one row.
Result<Place> ResolvePlace(const RevisionGraph& graph, std::string_view symbol, const std::optional<Branch>& branch,
                           const std::vector<NodeId>& rows);

// Where a walk with a symbol (`ae10+2`, `billing@head-1`) ends. REQUIRES: a symbol and an offset. Downwards the symbol has
// to be of the branch; upwards the branch only says which way to go.
Result<Place> ResolveWalk(const RevisionGraph& graph, const Identifier& identifier, const std::optional<Branch>& branch,
                          const std::vector<NodeId>& rows);

}  // namespace sluice
