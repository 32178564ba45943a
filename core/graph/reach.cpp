#include "core/graph/reach.h"

#include <cstddef>
#include <utility>

namespace sluice {
namespace {

enum class Way { kDown, kUp };

std::vector<bool> Reach(const RevisionGraph& graph, std::vector<NodeId> todo, Edges edges, Way way) {
  std::vector<bool> reached(graph.size(), false);
  while (!todo.empty()) {
    const NodeId node = todo.back();
    todo.pop_back();
    if (reached[node]) continue;
    reached[node] = true;
    const auto& revises = way == Way::kDown ? graph.parents(node) : graph.children(node);
    todo.insert(todo.end(), revises.begin(), revises.end());
    if (edges == Edges::kRevises) continue;
    const auto& depends = way == Way::kDown ? graph.dependencies(node) : graph.dependents(node);
    todo.insert(todo.end(), depends.begin(), depends.end());
  }
  return reached;
}

// How many edges lead from each wanted revision down to another one.
std::vector<std::size_t> CountBelow(const RevisionGraph& graph, const std::vector<bool>& wanted) {
  std::vector<std::size_t> below(graph.size(), 0);
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (!wanted[node]) continue;
    for (const NodeId parent : graph.parents(node)) below[node] += wanted[parent] ? 1 : 0;
    for (const NodeId dependency : graph.dependencies(node)) below[node] += wanted[dependency] ? 1 : 0;
  }
  return below;
}

}  // namespace

std::vector<bool> Ancestors(const RevisionGraph& graph, const std::vector<NodeId>& nodes, Edges edges) {
  return Reach(graph, nodes, edges, Way::kDown);
}

std::vector<bool> Descendants(const RevisionGraph& graph, const std::vector<NodeId>& nodes, Edges edges) {
  return Reach(graph, nodes, edges, Way::kUp);
}

std::vector<bool> Lineage(const RevisionGraph& graph, const std::vector<NodeId>& nodes, Edges edges) {
  std::vector<bool> lineage = Ancestors(graph, nodes, edges);
  const std::vector<bool> descendants = Descendants(graph, nodes, edges);
  for (NodeId node = 0; node < graph.size(); ++node) lineage[node] = lineage[node] || descendants[node];
  return lineage;
}

std::vector<NodeId> BelowOthers(const RevisionGraph& graph, const std::vector<NodeId>& nodes) {
  std::vector<NodeId> next_below;
  for (const NodeId node : nodes) {
    next_below.insert(next_below.end(), graph.parents(node).begin(), graph.parents(node).end());
    next_below.insert(next_below.end(), graph.dependencies(node).begin(), graph.dependencies(node).end());
  }
  const std::vector<bool> below = Ancestors(graph, next_below, Edges::kAll);
  std::vector<NodeId> found;
  for (const NodeId node : nodes) {
    if (below[node]) found.push_back(node);
  }
  return found;
}

std::vector<NodeId> InOrder(const RevisionGraph& graph, const std::vector<bool>& wanted) {
  std::vector<std::size_t> missing = CountBelow(graph, wanted);
  // A stack: what a revision makes ready runs next, so its branch goes on. On top what revises it, below that what
  // depends on it, below that the branches not begun; each the first loaded on top.
  std::vector<NodeId> ready;
  for (NodeId node = static_cast<NodeId>(graph.size()); node-- > 0;) {
    if (wanted[node] && missing[node] == 0) ready.push_back(node);
  }
  const auto settle = [&](const std::vector<NodeId>& above) {
    for (auto node = above.rbegin(); node != above.rend(); ++node) {
      if (wanted[*node] && --missing[*node] == 0) ready.push_back(*node);
    }
  };
  std::vector<NodeId> order;
  while (!ready.empty()) {
    const NodeId node = ready.back();
    ready.pop_back();
    order.push_back(node);
    settle(graph.dependents(node));
    settle(graph.children(node));
  }
  return order;
}

}  // namespace sluice
