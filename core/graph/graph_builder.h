// How a RevisionGraph is made, and everything that can be wrong with the revisions it is made of.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/graph/revision_graph.h"

namespace sluice {

// Used once, by RevisionGraph::Build.
class GraphBuilder {
 public:
  // `locate` is not owned.
  GraphBuilder(std::vector<Revision> revisions, const RevisionGraph::LocateKey& locate) : locate_(locate) {
    graph_.revisions_ = std::move(revisions);
  }
  Result<RevisionGraph> Build() &&;

 private:
  // What is wrong with the line `key` of a revision's header.
  void Fail(NodeId node, std::string_view key, ErrorCode code, std::string message, std::string hint);
  void CheckIdentifier(NodeId node, std::string_view key, const std::string& text);
  void NameRevisions();
  void NameBranches();
  void DrawEdges();
  std::string HintForMissing(const Revision& revision, const std::string& name, std::string_view key) const;
  NodeId FindParent(NodeId node, const std::string& id);
  NodeId FindDependency(NodeId node, const std::string& name);
  void FindEnds();
  void FindCycles();
  std::string_view KeyOfEdge(NodeId from, NodeId to) const;
  std::string DescribeCycle(const std::vector<NodeId>& cycle) const;
  void SpreadLabels();
  std::vector<NodeId> PlacesWhereLabelsStart() const;

  const RevisionGraph::LocateKey& locate_;
  RevisionGraph graph_;
  std::vector<Error> errors_;
};

}  // namespace sluice
