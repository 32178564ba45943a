// What psql would change, and how it is told not to.
#include "core/sql/psql_text.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(PsqlTextTest, ColonsBeforeNamesAreVariablesToPsql) {
  EXPECT_TRUE(PsqlMayChange("SELECT a[1:n]"));
  EXPECT_TRUE(PsqlMayChange("SELECT a[:\"n\"]"));
  EXPECT_TRUE(PsqlMayChange("SELECT a[1:2]"));
  EXPECT_TRUE(PsqlMayChange("SELECT x:::n"));
}

TEST(PsqlTextTest, CastsAndNamedArgumentsAreNot) {
  EXPECT_FALSE(PsqlMayChange("SELECT a::int, 'x'::text"));
  EXPECT_FALSE(PsqlMayChange("SELECT f(a := b, c :=d)"));
  EXPECT_FALSE(PsqlMayChange("SELECT a[1: n]"));
}

TEST(PsqlTextTest, QuotesAndCommentsHideThem) {
  EXPECT_FALSE(PsqlMayChange("SELECT ':n', \":n\", $$ :n ; $$ /* :n ; */ -- :n ;"));
}

TEST(PsqlTextTest, ASemicolonInsideAStatementEndsItForSomeVersion) {
  EXPECT_TRUE(PsqlMayChange("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END"));
  EXPECT_TRUE(PsqlMayChange("CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)"));
}

TEST(PsqlTextTest, AStringThatASettingReadsInTwoWaysIsDoubtful) {
  EXPECT_TRUE(PsqlMayChange("SELECT 'a\\', :n, 'b'"));
  EXPECT_TRUE(PsqlMayChange("SELECT 'a\\'"));
}

TEST(PsqlTextTest, ADollarQuoteHasATagThatTheTextDoesNotHold) {
  EXPECT_EQ(DollarQuote("text"), "$sluice$text$sluice$");
  EXPECT_EQ(DollarQuote("a $sluice$ b"), "$sluice1$a $sluice$ b$sluice1$");
  EXPECT_EQ(DollarQuote("ends in $sluice"), "$sluice1$ends in $sluice$sluice1$");
}

}  // namespace
}  // namespace sluice
