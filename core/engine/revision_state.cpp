#include "core/engine/revision_state.h"

#include "core/graph/reach.h"
#include "core/graph/target.h"

namespace sluice {
namespace {

// By NodeId. Assess has made sure that the rows are known.
std::vector<bool> Applied(const RevisionGraph& graph, const Situation& situation) {
  const Result<std::vector<NodeId>> rows = ResolveRows(graph, situation.database.rows, false);
  return rows.ok() ? AppliedSet(graph, *rows) : std::vector<bool>(graph.size());
}

bool IsPendingContract(const RevisionGraph& graph, const std::vector<bool>& applied, NodeId node) {
  return !applied[node] && graph.revision(node).phase == Phase::kContract;
}

// For every revision in `order` the pending contract revision that it is or stands behind; kNoNode: none.
std::vector<NodeId> ContractsBelow(const RevisionGraph& graph, const std::vector<bool>& applied,
                                   const std::vector<NodeId>& order) {
  std::vector<NodeId> contract(graph.size(), RevisionGraph::kNoNode);
  for (const NodeId node : order) {
    if (IsPendingContract(graph, applied, node)) contract[node] = node;
    for (const auto* below : {&graph.parents(node), &graph.dependencies(node)}) {
      for (const NodeId next : *below) {
        if (contract[node] == RevisionGraph::kNoNode) contract[node] = contract[next];
      }
    }
  }
  return contract;
}

}  // namespace

std::vector<RevisionState> RevisionStates(const Project& project, const Situation& situation) {
  const RevisionGraph& graph = situation.graph(project);
  const std::vector<bool> applied = Applied(graph, situation);
  const std::vector<NodeId> contracts = ContractsBelow(graph, applied, TopologicalOrder(graph));
  std::vector<RevisionState> states(graph.size(), RevisionState::kPending);
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (applied[node]) {
      states[node] = RevisionState::kApplied;
    } else if (project.graph.Find(graph.id(node)) == RevisionGraph::kNoNode) {
      states[node] = RevisionState::kForgotten;
    } else if (contracts[node] != RevisionGraph::kNoNode) {
      states[node] = RevisionState::kWaiting;
    }
  }
  for (const ProgressRow& row : situation.database.progress) {
    const NodeId node = graph.Find(row.revision);
    if (node != RevisionGraph::kNoNode) states[node] = RevisionState::kPartial;
  }
  return states;
}

std::vector<PendingRevision> PendingRevisions(const Project& project, const Situation& situation) {
  const RevisionGraph& graph = situation.graph(project);
  const std::vector<bool> applied = Applied(graph, situation);
  const std::vector<NodeId> order = TopologicalOrder(graph);
  const std::vector<NodeId> contracts = ContractsBelow(graph, applied, order);
  std::vector<PendingRevision> pending;
  for (const NodeId node : order) {
    const bool in_files = project.graph.Find(graph.id(node)) != RevisionGraph::kNoNode;
    if (in_files && !applied[node]) pending.push_back({node, contracts[node]});
  }
  return pending;
}

}  // namespace sluice
