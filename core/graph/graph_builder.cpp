#include "core/graph/graph_builder.h"

#include <algorithm>
#include <utility>

#include "core/base/near_match.h"
#include "core/graph/identifier.h"
#include "core/graph/reach.h"

namespace sluice {
namespace {

// Keys of a script's header.
constexpr std::string_view kRevisionKey = "Revision";
constexpr std::string_view kRevisesKey = "Revises";
constexpr std::string_view kDependsOnKey = "Depends-On";
constexpr std::string_view kBranchLabelsKey = "Branch-Labels";

// A revision that several others follow, over either kind of edge.
bool IsBranchPoint(const RevisionGraph& graph, NodeId node) {
  const auto& children = graph.children(node);
  const auto& dependents = graph.dependents(node);
  if (children.size() > 1 || dependents.size() > 1) return true;
  return children.size() == 1 && dependents.size() == 1 && children.front() != dependents.front();
}

}  // namespace

Result<RevisionGraph> GraphBuilder::Build() && {
  NameRevisions();
  NameBranches();
  DrawEdges();
  FindEnds();
  FindCycles();
  if (!errors_.empty()) {
    Error first = std::move(errors_.front());
    first.also.assign(std::make_move_iterator(errors_.begin() + 1), std::make_move_iterator(errors_.end()));
    return first;
  }
  SpreadLabels();
  return std::move(graph_);
}

void GraphBuilder::Fail(NodeId node, std::string_view key, ErrorCode code, std::string message, std::string hint) {
  Error error = MakeError(code, std::move(message), std::move(hint));
  if (locate_) error.where = locate_(node, key);
  errors_.push_back(std::move(error));
}

void GraphBuilder::CheckIdentifier(NodeId node, std::string_view key, const std::string& text) {
  if (CanBeNamed(text)) return;
  const std::string message = key == kRevisionKey ? "revision id \"" + text + "\""
                                                  : "branch label \"" + text + "\" of revision " + graph_.id(node);
  Fail(node, key, ErrorCode::kInvalidIdentifier, message + " can't be told from an identifier with another meaning",
       "use letters, digits, '_' and '.', at most 255, and not head, heads, base or current");
}

void GraphBuilder::NameRevisions() {
  for (NodeId node = 0; node < graph_.size(); ++node) {
    const std::string& id = graph_.id(node);
    CheckIdentifier(node, kRevisionKey, id);
    if (!graph_.by_id_.emplace(id, node).second) {
      Fail(node, kRevisionKey, ErrorCode::kDuplicateRevision, "two scripts have the revision id " + id,
           "give one of them another id");
    }
  }
}

void GraphBuilder::NameBranches() {
  for (NodeId node = 0; node < graph_.size(); ++node) {
    for (const std::string& label : graph_.revision(node).branch_labels) {
      CheckIdentifier(node, kBranchLabelsKey, label);
      const NodeId namesake = graph_.Find(label);
      if (namesake != RevisionGraph::kNoNode) {
        Fail(node, kBranchLabelsKey, ErrorCode::kDuplicateLabel,
             "branch label " + label + " of revision " + graph_.id(node) + " is the id of a revision",
             "give the branch another label");
        continue;
      }
      const auto [place, added] = graph_.by_label_.emplace(label, node);
      if (!added) {
        const std::string& other = graph_.id(place->second);
        Fail(node, kBranchLabelsKey, ErrorCode::kDuplicateLabel,
             place->second == node
                 ? "revision " + other + " has the branch label " + label + " twice"
                 : "revisions " + other + " and " + graph_.id(node) + " both have the branch label " + label,
             "a label is written once, on the revision where its branch starts; the revisions above have it too");
      }
    }
  }
}

// Looking for what is like a name goes through all names, so only the first errors get it.
std::string GraphBuilder::HintForMissing(const Revision& revision, const std::string& name,
                                         std::string_view key) const {
  constexpr std::size_t kMostLookedFor = 10;
  std::string hint;
  if (errors_.size() < kMostLookedFor) hint = DidYouMean(graph_.NearMatches(name));
  if (!hint.empty()) return hint;
  return "add the script of " + name + ", or mend `" + std::string(key) + ":` of " + revision.id;
}

NodeId GraphBuilder::FindParent(NodeId node, const std::string& id) {
  const NodeId parent = graph_.Find(id);
  if (parent == RevisionGraph::kNoNode) {
    const Revision& revision = graph_.revision(node);
    Fail(node, kRevisesKey, ErrorCode::kMissingRevision,
         "revision " + revision.id + " revises " + id + ", which no script has",
         HintForMissing(revision, id, kRevisesKey));
  }
  return parent;
}

NodeId GraphBuilder::FindDependency(NodeId node, const std::string& name) {
  NodeId dependency = graph_.Find(name);
  if (dependency == RevisionGraph::kNoNode) dependency = graph_.FindLabel(name);
  if (dependency == RevisionGraph::kNoNode) {
    const Revision& revision = graph_.revision(node);
    Fail(node, kDependsOnKey, ErrorCode::kMissingRevision,
         "revision " + revision.id + " depends on " + name + ", which is neither a revision nor a branch label",
         HintForMissing(revision, name, kDependsOnKey));
  }
  return dependency;
}

void GraphBuilder::DrawEdges() {
  graph_.parents_.resize(graph_.size());
  graph_.children_.resize(graph_.size());
  graph_.dependencies_.resize(graph_.size());
  graph_.dependents_.resize(graph_.size());
  // By node: the last revision that has an edge down to it. An edge may be written twice, by id and by label for
  // example.
  std::vector<NodeId> parent_of(graph_.size(), RevisionGraph::kNoNode);
  std::vector<NodeId> dependency_of(graph_.size(), RevisionGraph::kNoNode);
  for (NodeId node = 0; node < graph_.size(); ++node) {
    const Revision& revision = graph_.revision(node);
    for (const std::string& id : revision.down_revisions) {
      const NodeId parent = FindParent(node, id);
      if (parent == RevisionGraph::kNoNode || std::exchange(parent_of[parent], node) == node) continue;
      graph_.parents_[node].push_back(parent);
    }
    for (const std::string& name : revision.depends_on) {
      const NodeId dependency = FindDependency(node, name);
      if (dependency == RevisionGraph::kNoNode || std::exchange(dependency_of[dependency], node) == node) continue;
      graph_.dependencies_[node].push_back(dependency);
    }
    for (const NodeId parent : graph_.parents_[node]) graph_.children_[parent].push_back(node);
    for (const NodeId dependency : graph_.dependencies_[node]) graph_.dependents_[dependency].push_back(node);
  }
}

void GraphBuilder::FindEnds() {
  for (NodeId node = 0; node < graph_.size(); ++node) {
    if (graph_.children(node).empty()) graph_.heads_.push_back(node);
    if (graph_.parents(node).empty()) graph_.bases_.push_back(node);
  }
}

// What has no place in an order stands on a cycle or above one. Going down from there, always staying among those, ends
// on a cycle.
void GraphBuilder::FindCycles() {
  std::vector<bool> stuck(graph_.size(), true);
  for (const NodeId node : InOrder(graph_, stuck)) stuck[node] = false;
  const auto next = [&](NodeId node) {
    for (const auto* below : {&graph_.parents(node), &graph_.dependencies(node)}) {
      for (const NodeId candidate : *below) {
        if (stuck[candidate]) return candidate;
      }
    }
    return RevisionGraph::kNoNode;
  };
  std::vector<NodeId> seen_from(graph_.size(), RevisionGraph::kNoNode);  // the start of the walk that came by
  for (NodeId start = 0; start < graph_.size(); ++start) {
    if (!stuck[start] || seen_from[start] != RevisionGraph::kNoNode) continue;
    NodeId node = start;
    for (; seen_from[node] == RevisionGraph::kNoNode; node = next(node)) seen_from[node] = start;
    if (seen_from[node] != start) continue;  // a cycle that is known already
    std::vector<NodeId> cycle{node};
    for (NodeId step = next(node); step != node; step = next(step)) cycle.push_back(step);
    const std::string_view key = KeyOfEdge(cycle[0], cycle[cycle.size() == 1 ? 0 : 1]);
    Fail(cycle[0], key, ErrorCode::kCycle, DescribeCycle(cycle), "change `Revises:` or `Depends-On:` of one of them");
  }
}

std::string_view GraphBuilder::KeyOfEdge(NodeId from, NodeId to) const {
  const auto& parents = graph_.parents(from);
  return std::find(parents.begin(), parents.end(), to) != parents.end() ? kRevisesKey : kDependsOnKey;
}

std::string GraphBuilder::DescribeCycle(const std::vector<NodeId>& cycle) const {
  const auto edge = [&](NodeId from, NodeId to) {
    return graph_.id(from) + (KeyOfEdge(from, to) == kRevisesKey ? " revises " : " depends on ");
  };
  if (cycle.size() == 1) return "revision " + edge(cycle[0], cycle[0]) + "itself";
  std::string text = "revisions follow each other in a circle: ";
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const NodeId to = cycle[(i + 1) % cycle.size()];
    if (i > 0) text += ", ";
    text += edge(cycle[i], to) + graph_.id(to);
  }
  return text;
}

// Labels reach down as well as up where a line of revisions does not branch. Such a label counts as if it were written
// at the lower end of its line. By node: where the labels written on it start.
std::vector<NodeId> GraphBuilder::PlacesWhereLabelsStart() const {
  const std::vector<NodeId> order = InOrder(graph_, std::vector<bool>(graph_.size(), true));
  std::vector<bool> plain(graph_.size());      // neither a branch point nor a merge point
  std::vector<bool> ends_line(graph_.size());  // plain, and so is all that is above
  for (auto node = order.rbegin(); node != order.rend(); ++node) {
    plain[*node] = graph_.parents(*node).size() <= 1 && !IsBranchPoint(graph_, *node);
    const auto& children = graph_.children(*node);
    ends_line[*node] = plain[*node] && (children.empty() || ends_line[children.front()]);
  }
  std::vector<NodeId> lower_end(graph_.size());
  for (const NodeId node : order) {
    const auto& parents = graph_.parents(node);
    const bool goes_on = parents.size() == 1 && plain[parents.front()];
    lower_end[node] = goes_on ? lower_end[parents.front()] : node;
  }
  for (NodeId node = 0; node < graph_.size(); ++node) {
    if (!ends_line[node]) lower_end[node] = node;
  }
  return lower_end;
}

void GraphBuilder::SpreadLabels() {
  graph_.label_set_.assign(graph_.size(), 0);
  graph_.label_sets_.assign(1, {});
  if (graph_.by_label_.empty()) return;
  const std::vector<NodeId> start = PlacesWhereLabelsStart();
  std::vector<std::vector<std::string>> own(graph_.size());
  for (NodeId node = 0; node < graph_.size(); ++node) {
    const auto& labels = graph_.revision(node).branch_labels;
    own[start[node]].insert(own[start[node]].end(), labels.begin(), labels.end());
  }
  for (const NodeId node : InOrder(graph_, std::vector<bool>(graph_.size(), true))) {
    std::vector<std::size_t> sets;
    for (const NodeId parent : graph_.parents(node)) sets.push_back(graph_.label_set_[parent]);
    std::sort(sets.begin(), sets.end());
    sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
    if (own[node].empty() && sets.size() <= 1) {
      if (!sets.empty()) graph_.label_set_[node] = sets.front();
      continue;
    }
    std::vector<std::string> labels = std::move(own[node]);
    for (const std::size_t set : sets) {
      labels.insert(labels.end(), graph_.label_sets_[set].begin(), graph_.label_sets_[set].end());
    }
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    graph_.label_set_[node] = graph_.label_sets_.size();
    graph_.label_sets_.push_back(std::move(labels));
  }
}

}  // namespace sluice
