// Which revisions are applied, in part or not at all: the marks beside a drawn history. Pure.
#pragma once

#include <vector>

#include "core/engine/situation.h"
#include "core/graph/revision_graph.h"

namespace sluice {

enum class RevisionState {
  kPending,
  kWaiting,  // pending, and a contract revision or behind one: `upgrade --phase expand` leaves it out
  kPartial,  // begun in either direction and not complete
  kApplied,
  kForgotten,  // taken back, and its file is gone: only the database's memory has it, and nothing will come of it
};

// By NodeId of `situation.graph(project)`. REQUIRES: every version row is in that graph, as Assess makes sure.
std::vector<RevisionState> RevisionStates(const Project& project, const Situation& situation);

// The revisions of the files that are not applied, in plan order, with the contract revision that each waits for.
struct PendingRevision {
  NodeId node = RevisionGraph::kNoNode;      // of `situation.graph(project)`
  NodeId contract = RevisionGraph::kNoNode;  // the pending contract revision it is or stands behind; kNoNode: none
};
std::vector<PendingRevision> PendingRevisions(const Project& project, const Situation& situation);

}  // namespace sluice
