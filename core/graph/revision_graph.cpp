#include "core/graph/revision_graph.h"

#include <algorithm>
#include <utility>

#include "core/base/near_match.h"
#include "core/graph/graph_builder.h"

namespace sluice {

Result<RevisionGraph> RevisionGraph::Build(std::vector<Revision> revisions, const LocateKey& locate) {
  return GraphBuilder(std::move(revisions), locate).Build();
}

NodeId RevisionGraph::Find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? kNoNode : found->second;
}

NodeId RevisionGraph::FindLabel(std::string_view label) const {
  const auto found = by_label_.find(label);
  return found == by_label_.end() ? kNoNode : found->second;
}

std::vector<NodeId> RevisionGraph::FindPrefix(std::string_view prefix) const {
  std::vector<NodeId> found;
  for (NodeId node = 0; node < size(); ++node) {
    if (id(node).starts_with(prefix)) found.push_back(node);
  }
  return found;
}

std::vector<NodeId> RevisionGraph::FindLabelPrefix(std::string_view prefix) const {
  std::vector<NodeId> found;
  for (const auto& [label, node] : by_label_) {
    if (label.starts_with(prefix)) found.push_back(node);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<std::string> RevisionGraph::NearMatches(std::string_view text) const {
  constexpr std::size_t kShortestPrefix = 4;
  constexpr std::size_t kMostMatches = 3;
  // An id is mostly typed by its beginning, so the beginning of each is what a typo is compared with.
  const std::size_t allowed = std::max<std::size_t>(1, text.size() / 4);
  std::vector<std::pair<std::size_t, std::string_view>> found;
  const auto consider = [&](std::string_view name) {
    std::size_t distance = EditDistance(text, name, allowed);
    if (text.size() >= kShortestPrefix) {
      distance = std::min(distance, EditDistance(text, name.substr(0, text.size()), allowed));
    }
    if (distance <= allowed && name != text) found.emplace_back(distance, name);
  };
  for (const Revision& revision : revisions_) {
    consider(revision.id);
    for (const std::string& label : revision.branch_labels) consider(label);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> matches;
  for (const auto& [distance, name] : found) {
    if (matches.size() == kMostMatches) break;
    matches.emplace_back(name);
  }
  return matches;
}

}  // namespace sluice
