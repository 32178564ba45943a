#include "core/diff/step_graph.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>

namespace sluice {

void StepGraph::AddEdge(Node before, Node after, bool soft) {
  if (before == after || before == kNone || after == kNone) return;
  edges_.push_back({before, after, soft});
}

StepGraph::Adjacency StepGraph::Pack() const {
  Adjacency packed;
  packed.begin.assign(nodes_ + 1, 0);
  for (const Edge& edge : edges_) ++packed.begin[edge.before + 1];
  std::partial_sum(packed.begin.begin(), packed.begin.end(), packed.begin.begin());
  packed.after.resize(edges_.size());
  std::vector<std::size_t> next(packed.begin.begin(), packed.begin.end() - 1);
  for (const Edge& edge : edges_) packed.after[next[edge.before]++] = edge.after;
  return packed;
}

// Tarjan's algorithm, with a stack of its own: chains of dependencies may be long.
std::vector<StepGraph::Node> StepGraph::Components() const {
  struct Frame {
    Node node;
    std::size_t next;
  };
  const Adjacency graph = Pack();
  std::vector<Node> component(nodes_, kNone);
  std::vector<Node> number(nodes_, kNone);
  std::vector<Node> low(nodes_, 0);
  std::vector<bool> on_stack(nodes_, false);
  std::vector<Node> stack;
  std::vector<Frame> frames;
  Node count = 0;
  const auto enter = [&](Node node) {
    number[node] = low[node] = count++;
    stack.push_back(node);
    on_stack[node] = true;
    frames.push_back({node, graph.begin[node]});
  };
  for (Node root = 0; root < nodes_; ++root) {
    if (number[root] != kNone) continue;
    enter(root);
    while (!frames.empty()) {
      Frame& frame = frames.back();
      const Node node = frame.node;
      if (frame.next < graph.begin[node + 1]) {
        const Node after = graph.after[frame.next++];
        if (number[after] == kNone) {
          enter(after);
        } else if (on_stack[after]) {
          low[node] = std::min(low[node], number[after]);
        }
        continue;
      }
      frames.pop_back();
      if (!frames.empty()) low[frames.back().node] = std::min(low[frames.back().node], low[node]);
      if (low[node] != number[node]) continue;
      Node member = kNone;
      do {
        member = stack.back();
        stack.pop_back();
        on_stack[member] = false;
        component[member] = node;
      } while (member != node);
    }
  }
  return component;
}

std::vector<StepGraph::Node> StepGraph::Cycles() {
  std::vector<Node> component = Components();
  const auto forgotten = std::remove_if(edges_.begin(), edges_.end(), [&](const Edge& edge) {
    return edge.soft && component[edge.before] == component[edge.after];
  });
  if (forgotten != edges_.end()) {
    edges_.erase(forgotten, edges_.end());
    component = Components();
  }
  std::vector<std::uint32_t> members(nodes_, 0);
  for (const Node number : component) ++members[number];
  for (Node& number : component) {
    if (members[number] == 1) number = kNone;
  }
  return component;
}

std::vector<StepGraph::Node> StepGraph::Order(const std::vector<std::uint32_t>& rank) const {
  const Adjacency graph = Pack();
  std::vector<std::uint32_t> waiting(nodes_, 0);
  for (const Node after : graph.after) ++waiting[after];
  std::vector<Node> by_rank(nodes_);
  std::iota(by_rank.begin(), by_rank.end(), 0);
  std::sort(by_rank.begin(), by_rank.end(), [&](Node a, Node b) { return rank[a] < rank[b]; });
  std::vector<std::uint32_t> place(nodes_);
  for (std::uint32_t i = 0; i < nodes_; ++i) place[by_rank[i]] = i;

  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
  for (Node node = 0; node < nodes_; ++node) {
    if (waiting[node] == 0) ready.push(place[node]);
  }
  std::vector<bool> done(nodes_, false);
  std::vector<Node> order;
  order.reserve(nodes_);
  std::uint32_t smallest = 0;
  while (order.size() < nodes_) {
    if (ready.empty()) {
      while (done[by_rank[smallest]]) ++smallest;
      ready.push(smallest);
    }
    const Node node = by_rank[ready.top()];
    ready.pop();
    if (done[node]) continue;
    done[node] = true;
    order.push_back(node);
    for (std::size_t i = graph.begin[node]; i < graph.begin[node + 1]; ++i) {
      const Node after = graph.after[i];
      if (--waiting[after] == 0) ready.push(place[after]);
    }
  }
  return order;
}

}  // namespace sluice
