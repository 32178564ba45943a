#include "core/graph/version_rows.h"

#include <algorithm>

namespace sluice {

VersionRows::VersionRows(const RevisionGraph& graph, const std::vector<NodeId>& rows)
    : graph_(graph), has_(graph.size(), false) {
  for (const NodeId row : rows) has_[row] = true;
}

std::vector<std::string> VersionRows::Sorted() const {
  std::vector<std::string> ids;
  for (NodeId node = 0; node < graph_.size(); ++node) {
    if (has_[node]) ids.push_back(graph_.id(node));
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

void VersionRows::Remove(NodeId node, RowEdit& edit) {
  has_[node] = false;
  edit.remove.push_back(graph_.id(node));
}

void VersionRows::Add(NodeId node, RowEdit& edit) {
  has_[node] = true;
  edit.add.push_back(graph_.id(node));
}

}  // namespace sluice
