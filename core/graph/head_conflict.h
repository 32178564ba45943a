// Several heads: branches that somebody meant, or two people who made a revision from the same parent. Pure.
#pragma once

#include <vector>

#include "core/graph/revision_graph.h"

namespace sluice {

// The heads that nobody told apart: of the same history (joined by `Revises` edges) and under the same branch labels.
// The first such group, in the order of loading; empty when all heads are meant. Heads with labels of their own, and
// heads of histories that never met, are meant.
std::vector<NodeId> FindConflictingHeads(const RevisionGraph& graph);

}  // namespace sluice
