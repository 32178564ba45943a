#include "core/graph/head_conflict.h"

#include <gtest/gtest.h>

#include "tests/unit/graph/graph_text.h"

namespace sluice {
namespace {

std::string Conflict(std::string_view revisions) {
  const RevisionGraph graph = GraphOf(revisions);
  return Show(graph, Result<std::vector<NodeId>>(FindConflictingHeads(graph)));
}

TEST(HeadConflict, TwoRevisionsOfTheSameParentConflict) { EXPECT_EQ(Conflict("a; b < a; c < a"), "b c"); }

TEST(HeadConflict, OneHeadIsNoConflict) {
  EXPECT_EQ(Conflict(""), "");
  EXPECT_EQ(Conflict("a; b < a; c < a; m < b,c"), "");
}

TEST(HeadConflict, ALabelTellsABranchApart) { EXPECT_EQ(Conflict("a; b < a is billing; c < a"), ""); }

TEST(HeadConflict, ALabelOfBothTellsNothing) { EXPECT_EQ(Conflict("a is shop; b < a; c < a"), "b c"); }

TEST(HeadConflict, HistoriesThatNeverMetAreMeant) { EXPECT_EQ(Conflict("a; x; b < a; y < x"), ""); }

TEST(HeadConflict, ADependencyDoesNotJoinHistories) { EXPECT_EQ(Conflict("a; x needs a; b < a"), ""); }

TEST(HeadConflict, NamesAllHeadsThatConflict) { EXPECT_EQ(Conflict("a; b < a; c < a; d < a; x"), "b c d"); }

}  // namespace
}  // namespace sluice
