// Graphs and plans as short texts, so that a test of the graph reads like a drawing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/graph/migration_plan.h"
#include "core/graph/revision_graph.h"

namespace sluice {

// Revisions in the order of loading, one for each `;`: the id, `< parent,parent`, `needs id,label`, `is label,label`,
// `contract`. For example `a; b < a is billing; c < a needs b contract`.
std::vector<Revision> RevisionsOf(std::string_view text);

// REQUIRES: nothing is wrong with the revisions.
RevisionGraph GraphOf(std::string_view text);

// The names between commas or spaces.
std::vector<std::string> Names(std::string_view text);

// The ids in the order of the nodes, joined by spaces; for a failure `code: message | hint`.
std::string Show(const RevisionGraph& graph, const Result<std::vector<NodeId>>& nodes);
std::string Show(const RevisionGraph& graph, const Result<NodeId>& node);

// `[rows] +a [rows] -b [rows]` (`=` for a stamp), then ` waiting c(contract)`; for a failure as above.
std::string Show(const Result<MigrationPlan>& plan);

// `code: message | hint`.
std::string Show(const Error& error);

}  // namespace sluice
