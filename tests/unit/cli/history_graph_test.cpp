#include "cmd/sluice/history_graph.h"

#include <gtest/gtest.h>

namespace sluice::cli {
namespace {

struct Drawn {
  std::size_t node;
  std::vector<std::size_t> parents;
};

// The drawing of nodes, each line trimmed at its end.
std::string Draw(const std::vector<Drawn>& nodes) {
  HistoryGraph graph;
  std::string text;
  const auto add = [&](std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  for (const Drawn& drawn : nodes) {
    const HistoryGraph::Rows rows = graph.Next(drawn.node, drawn.parents, "*");
    add(rows.node + std::to_string(drawn.node));
    for (const std::string& row : rows.below) add(row);
  }
  return text;
}

TEST(HistoryGraphTest, AChainIsOneColumn) {
  EXPECT_EQ(Draw({{3, {2}}, {2, {1}}, {1, {}}}),
            "* 3\n"
            "* 2\n"
            "* 1\n");
}

TEST(HistoryGraphTest, AMergeSplitsAndItsBranchesJoinAtTheirParent) {
  EXPECT_EQ(Draw({{4, {3, 2}}, {3, {1}}, {2, {1}}, {1, {}}}),
            "* 4\n"
            "|\\\n"
            "* | 3\n"
            "| * 2\n"
            "|/\n"
            "* 1\n");
}

TEST(HistoryGraphTest, EveryHeadBeginsAColumnAndJoinsWhenItsParentHasOne) {
  EXPECT_EQ(Draw({{4, {1}}, {3, {1}}, {2, {1}}, {1, {}}}),
            "* 4\n"
            "| * 3\n"
            "|/\n"
            "| * 2\n"
            "|/\n"
            "* 1\n");
}

TEST(HistoryGraphTest, ABranchThatLiesBetweenIsPassedUnder) {
  EXPECT_EQ(Draw({{5, {1}}, {4, {2}}, {3, {1}}, {2, {}}, {1, {}}}),
            "* 5\n"
            "| * 4\n"
            "| | * 3\n"
            "|_|/\n"
            "| * 2\n"
            "* 1\n");
}

TEST(HistoryGraphTest, AMergeReachesParentsThatHaveColumnsAlready) {
  EXPECT_EQ(Draw({{5, {1}}, {4, {2}}, {3, {2, 1}}, {2, {1}}, {1, {}}}),
            "* 5\n"
            "| * 4\n"
            "| | * 3\n"
            "|_|/|\n"
            "| |/\n"
            "| * 2\n"
            "|/\n"
            "* 1\n");
}

TEST(HistoryGraphTest, AMergeWithItsNeighbourToTheRightNeedsNoNewColumn) {
  EXPECT_EQ(Draw({{5, {4}}, {3, {2}}, {4, {1, 2}}, {2, {1}}, {1, {}}}),
            "* 5\n"
            "| * 3\n"
            "* | 4\n"
            "|\\|\n"
            "| * 2\n"
            "|/\n"
            "* 1\n");
}

TEST(HistoryGraphTest, AMergeOfThreeKeepsTheOrderOfItsParents) {
  EXPECT_EQ(Draw({{5, {4, 3, 2}}, {4, {1}}, {3, {1}}, {2, {1}}, {1, {}}}),
            "* 5\n"
            "|\\\n"
            "|\\ \\\n"
            "* | | 4\n"
            "| * | 3\n"
            "|/ /\n"
            "| * 2\n"
            "|/\n"
            "* 1\n");
}

TEST(HistoryGraphTest, ColumnsMoveUpWhereABaseEnds) {
  EXPECT_EQ(Draw({{4, {3}}, {2, {1}}, {3, {}}, {1, {}}}),
            "* 4\n"
            "| * 2\n"
            "* | 3\n"
            " /\n"
            "* 1\n");
}

TEST(HistoryGraphTest, FurtherLinesOfTextStandBesideTheOpenColumns) {
  HistoryGraph graph;
  EXPECT_EQ(graph.Next(4, {1}, "o").padding, "| ");
  const HistoryGraph::Rows second = graph.Next(3, {2}, "o");
  EXPECT_EQ(second.node, "| o ");
  EXPECT_EQ(second.padding, "| | ");
}

}  // namespace
}  // namespace sluice::cli
