#include "core/graph/head_conflict.h"

#include <map>
#include <numeric>
#include <string>
#include <utility>

namespace sluice {
namespace {

// Which revisions are joined by `Revises` edges: each gets the number of its history (union-find with path halving).
class Histories {
 public:
  explicit Histories(const RevisionGraph& graph) : parent_(graph.size()) {
    std::iota(parent_.begin(), parent_.end(), NodeId{0});
    for (NodeId node = 0; node < graph.size(); ++node) {
      for (const NodeId down : graph.parents(node)) parent_[Of(node)] = Of(down);
    }
  }

  NodeId Of(NodeId node) {
    while (parent_[node] != node) {
      parent_[node] = parent_[parent_[node]];
      node = parent_[node];
    }
    return node;
  }

 private:
  std::vector<NodeId> parent_;
};

}  // namespace

std::vector<NodeId> FindConflictingHeads(const RevisionGraph& graph) {
  if (graph.heads().size() < 2) return {};
  Histories histories(graph);
  std::map<std::pair<NodeId, std::vector<std::string>>, std::vector<NodeId>> groups;
  for (const NodeId head : graph.heads()) groups[{histories.Of(head), graph.LabelsOf(head)}].push_back(head);
  for (const NodeId head : graph.heads()) {
    const std::vector<NodeId>& group = groups[{histories.Of(head), graph.LabelsOf(head)}];
    if (group.size() > 1) return group;
  }
  return {};
}

}  // namespace sluice
