// Which step comes before which: a directed graph with its cycles and its order. Knows nothing of schemas.
#pragma once

#include <cstdint>
#include <vector>

namespace sluice {

class StepGraph {
 public:
  using Node = std::uint32_t;
  static constexpr Node kNone = UINT32_MAX;

  explicit StepGraph(std::size_t nodes) : nodes_(nodes) {}

  std::size_t size() const { return nodes_; }
  Node AddNode() { return static_cast<Node>(nodes_++); }
  // `before` comes before `after`; a wish (`soft`) gives way where it would close a cycle. Nothing for a node and
  // itself, or where one is kNone.
  void AddEdge(Node before, Node after, bool soft = false);

  // By node, the number of its strongly connected component, or kNone for a node that is in no cycle. Wishes within a
  // cycle are forgotten first.
  std::vector<Node> Cycles();

  // All nodes, each after those that come before it, otherwise by `rank` (smaller first). Where a cycle is left, the
  // smallest of its nodes goes first.
  std::vector<Node> Order(const std::vector<std::uint32_t>& rank) const;

 private:
  struct Edge {
    Node before;
    Node after;
    bool soft;
  };

  struct Adjacency {
    std::vector<std::size_t> begin;
    std::vector<Node> after;
  };
  Adjacency Pack() const;
  std::vector<Node> Components() const;

  std::size_t nodes_;
  std::vector<Edge> edges_;
};

}  // namespace sluice
