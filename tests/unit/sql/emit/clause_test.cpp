#include "core/sql/emit/clause.h"

#include <gmock/gmock.h>

namespace sluice {
namespace {

using ::testing::ElementsAre;

TEST(ClauseTest, AnExpressionHasOnePairOfParentheses) {
  EXPECT_EQ(Parenthesized("(a > 1)"), "(a > 1)");
  EXPECT_EQ(Parenthesized("(a > 1) OR (b > 1)"), "((a > 1) OR (b > 1))");
  EXPECT_EQ(Parenthesized("active"), "(active)");
  EXPECT_EQ(Parenthesized("(a = ')'::text)"), "(a = ')'::text)");
}

TEST(ClauseTest, LinesThatHaveToGo) {
  EXPECT_THAT(LinesOnlyIn("a\nb\nc", "b"), ElementsAre("a", "c"));
  EXPECT_TRUE(LinesOnlyIn("a", "a\nb").empty());
}

}  // namespace
}  // namespace sluice
