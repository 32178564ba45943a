// Which revisions can be reached from others, and a legal order to run them in. Iterative and linear in nodes + edges.
#pragma once

#include <vector>

#include "core/graph/revision_graph.h"

namespace sluice {

enum class Edges {
  kRevises,  // `Revises` only: a revision's lineage
  kAll,      // and `Depends-On`: what has to be there for it
};

// By NodeId; a revision is its own ancestor and its own descendant.
std::vector<bool> Ancestors(const RevisionGraph& graph, const std::vector<NodeId>& nodes, Edges edges);
std::vector<bool> Descendants(const RevisionGraph& graph, const std::vector<NodeId>& nodes, Edges edges);

// The union of the two: what is above, below or at `nodes`.
std::vector<bool> Lineage(const RevisionGraph& graph, const std::vector<NodeId>& nodes, Edges edges);

// Those of `nodes` from which another of them is reached going down.
std::vector<NodeId> BelowOthers(const RevisionGraph& graph, const std::vector<NodeId>& nodes);

// The revisions of `wanted` (by NodeId), parents and dependencies first. Ties break by the order of loading, and a
// branch that was begun is finished before the next one starts. Revisions of a cycle, and what is above it, are left
// out.
std::vector<NodeId> InOrder(const RevisionGraph& graph, const std::vector<bool>& wanted);

}  // namespace sluice
