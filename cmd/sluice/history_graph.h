// The lines of a drawn revision graph, like `git log --graph`: one node a row, newest first, edges in columns beside
// it. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::cli {

// Draws node after node; every column is an edge on its way down to the node it waits for. A branch that meets another
// one under the same parent is joined as soon as both are drawn, so the picture is as wide as the branches that are
// open.
class HistoryGraph {
 public:
  // The lines of one node. `node` and `padding` have the same width.
  struct Rows {
    std::string node;                // `| o `: beside the node's first line of text
    std::vector<std::string> below;  // edges that split or join under it; text may stand beside them too
    std::string padding;             // `| | `: beside any further line of text
  };

  // `node`: a number of the caller's. `parents`: the nodes below it that will be drawn later, in the order they are to
  // stand from left to right. `symbol`: what marks the node, one column wide (`*`).
  Rows Next(std::size_t node, const std::vector<std::size_t>& parents, std::string_view symbol);

 private:
  std::size_t ColumnOf(std::size_t node);
  std::string NodeRow(std::size_t column, std::string_view symbol) const;
  std::string Split(std::size_t column, std::size_t parent);
  std::string Close(std::size_t column);
  void MoveUp(std::string& row, std::size_t first) const;
  bool JoinOne(const std::vector<std::size_t>& parents, std::string* row);
  std::string Bars() const;

  std::vector<std::size_t> columns_;  // the node that each column waits for
};

}  // namespace sluice::cli
