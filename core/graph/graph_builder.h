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
  explicit GraphBuilder(std::vector<Revision> revisions) { graph_.revisions_ = std::move(revisions); }
  Result<RevisionGraph> Build() &&;

 private:
  void Fail(ErrorCode code, std::string message, std::string hint);
  void CheckIdentifier(std::string_view kind, const std::string& text, const std::string& revision);
  void NameRevisions();
  void NameBranches();
  void DrawEdges();
  std::string HintForMissing(const Revision& revision, const std::string& name, std::string_view key) const;
  NodeId FindParent(const Revision& revision, const std::string& id);
  NodeId FindDependency(const Revision& revision, const std::string& name);
  void FindEnds();
  void FindCycles();
  std::string DescribeCycle(const std::vector<NodeId>& cycle) const;
  void SpreadLabels();
  std::vector<NodeId> PlacesWhereLabelsStart() const;

  RevisionGraph graph_;
  std::vector<Error> errors_;
};

}  // namespace sluice
