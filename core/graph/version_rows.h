// The version rows on nodes, while steps are planned.
#pragma once

#include <string>
#include <vector>

#include "core/graph/migration_plan.h"
#include "core/graph/revision_graph.h"

namespace sluice {

class VersionRows {
 public:
  VersionRows(const RevisionGraph& graph, const std::vector<NodeId>& rows);

  bool Has(NodeId node) const { return has_[node]; }
  // Ids, sorted bytewise.
  std::vector<std::string> Sorted() const;

  // REQUIRES: the node is (not) a row. The edit is noted in `edit`.
  void Remove(NodeId node, RowEdit& edit);
  void Add(NodeId node, RowEdit& edit);

 private:
  const RevisionGraph& graph_;
  std::vector<bool> has_;
};

}  // namespace sluice
