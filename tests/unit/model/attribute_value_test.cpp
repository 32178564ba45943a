#include "core/model/attribute_value.h"

#include <gmock/gmock.h>

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(AttributeValueTest, LinesAreWhatStandsBetweenLineBreaks) {
  EXPECT_THAT(LinesOf("a\nb c\n"), ElementsAre("a", "b c"));
  EXPECT_THAT(LinesOf(""), IsEmpty());
}

TEST(AttributeValueTest, SqlIsNotCutInQuotesAndParentheses) {
  EXPECT_THAT(SplitSql("a integer, b numeric(4, 2)[] DEFAULT ARRAY[1, 2]", ", "),
              ElementsAre("a integer", "b numeric(4, 2)[] DEFAULT ARRAY[1, 2]"));
  EXPECT_THAT(SplitSql("'a, ''b', \"c, \"\"d\", e", ", "), ElementsAre("'a, ''b'", "\"c, \"\"d\"", "e"));
  EXPECT_THAT(SplitSql(R"(E'a\', b', c)", ", "), ElementsAre(R"(E'a\', b')", "c"));
  EXPECT_THAT(SplitSql("'a\nb'\n'c'", "\n"), ElementsAre("'a\nb'", "'c'"));
  EXPECT_THAT(SplitSql("", ", "), IsEmpty());
}

TEST(AttributeValueTest, AParenthesisThatIsQuotedClosesNothing) {
  EXPECT_EQ(EndOfParentheses("(a = ')') b", 0), 9u);
  EXPECT_EQ(EndOfParentheses("(a", 0), std::string_view::npos);
}

}  // namespace
}  // namespace sluice
