#include "cmd/sluice/history_graph.h"

#include <algorithm>

namespace sluice::cli {
namespace {

// Column k stands at character 2k; the characters between are for edges that change their column.
std::size_t Left(std::size_t column) { return 2 * column - 1; }
std::size_t Right(std::size_t column) { return 2 * column + 1; }

// An edge from `from` to the left under the columns between, arriving at `to`.
void DrawToLeft(std::string& row, std::size_t from, std::size_t to) {
  row[Left(from)] = '/';
  for (std::size_t column = to; column + 1 < from; ++column) row[Right(column)] = '_';
}

}  // namespace

HistoryGraph::Rows HistoryGraph::Next(std::size_t node, const std::vector<std::size_t>& parents,
                                      std::string_view symbol) {
  Rows rows;
  const std::size_t column = ColumnOf(node);
  rows.node = NodeRow(column, symbol);
  if (parents.empty()) {
    const bool last = column + 1 == columns_.size();
    std::string row = Close(column);
    if (!last) rows.below.push_back(std::move(row));
  } else {
    columns_[column] = parents.front();
    for (std::size_t i = parents.size() - 1; i > 0; --i) rows.below.push_back(Split(column, parents[i]));
  }
  for (std::string row; JoinOne(parents, &row);) rows.below.push_back(std::move(row));
  rows.padding = Bars();
  return rows;
}

// The column that waits for the node; a new one at the right for a head.
std::size_t HistoryGraph::ColumnOf(std::size_t node) {
  const auto found = std::find(columns_.begin(), columns_.end(), node);
  if (found != columns_.end()) return static_cast<std::size_t>(found - columns_.begin());
  columns_.push_back(node);
  return columns_.size() - 1;
}

std::string HistoryGraph::Bars() const {
  std::string row;
  for (std::size_t i = 0; i < columns_.size(); ++i) row += "| ";
  return row;
}

std::string HistoryGraph::NodeRow(std::size_t column, std::string_view symbol) const {
  std::string row;
  for (std::size_t i = 0; i < columns_.size(); ++i) (row += i == column ? symbol : "|") += ' ';
  return row;
}

// A further parent of the node in `column`: to a neighbour that waits for it already, under the columns to the left, or
// in a new column to the right.
std::string HistoryGraph::Split(std::size_t column, std::size_t parent) {
  std::string row = Bars();
  if (column + 1 < columns_.size() && columns_[column + 1] == parent) {
    row[Right(column)] = '\\';
    return row;
  }
  const auto begin = columns_.begin();
  const auto found = std::find(begin, begin + static_cast<std::ptrdiff_t>(column), parent);
  if (found != begin + static_cast<std::ptrdiff_t>(column)) {
    DrawToLeft(row, column, static_cast<std::size_t>(found - begin));
    return row;
  }
  row = row.substr(0, 2 * column + 1);
  for (std::size_t i = column; i < columns_.size(); ++i) row += "\\ ";
  columns_.insert(begin + static_cast<std::ptrdiff_t>(column) + 1, parent);
  return row;
}

// The node in `column` has nothing below it: the columns to the right move up.
std::string HistoryGraph::Close(std::size_t column) {
  std::string row = Bars();
  row[2 * column] = ' ';
  MoveUp(row, column + 1);
  columns_.erase(columns_.begin() + static_cast<std::ptrdiff_t>(column));
  return row;
}

// The columns from `first` on move one to the left.
void HistoryGraph::MoveUp(std::string& row, std::size_t first) const {
  for (std::size_t i = first; i < columns_.size(); ++i) {
    row[2 * i] = ' ';
    row[Left(i)] = '/';
  }
}

// Joins two columns that wait for the same one of `parents`; false when there are none.
bool HistoryGraph::JoinOne(const std::vector<std::size_t>& parents, std::string* row) {
  for (const std::size_t parent : parents) {
    const auto left = std::find(columns_.begin(), columns_.end(), parent);
    const auto right = left == columns_.end() ? left : std::find(left + 1, columns_.end(), parent);
    if (right == columns_.end()) continue;
    const auto from = static_cast<std::size_t>(right - columns_.begin());
    *row = Bars();
    (*row)[2 * from] = ' ';
    DrawToLeft(*row, from, static_cast<std::size_t>(left - columns_.begin()));
    MoveUp(*row, from + 1);
    columns_.erase(right);
    return true;
  }
  return false;
}

}  // namespace sluice::cli
