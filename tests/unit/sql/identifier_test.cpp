#include "core/sql/identifier.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(QuoteIdentifierTest, LeavesPlainNamesAlone) {
  EXPECT_EQ(QuoteIdentifier("tenant"), "tenant");
  EXPECT_EQ(QuoteIdentifier("_t1$"), "_t1$");
  EXPECT_EQ(QuoteIdentifier("name"), "name");  // a key word, but unreserved
}

TEST(QuoteIdentifierTest, QuotesWhatSqlWouldReadDifferently) {
  EXPECT_EQ(QuoteIdentifier("Tenant"), "\"Tenant\"");
  EXPECT_EQ(QuoteIdentifier("user"), "\"user\"");
  EXPECT_EQ(QuoteIdentifier("1st"), "\"1st\"");
  EXPECT_EQ(QuoteIdentifier("a b"), "\"a b\"");
  EXPECT_EQ(QuoteIdentifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(QuoteIdentifier(""), "\"\"");
  EXPECT_EQ(QuoteIdentifier("größe"), "\"größe\"");
}

TEST(QuoteIdentifierTest, QualifiedNamesAreQuotedPartByPart) {
  EXPECT_EQ(QuoteQualified("sluice", "run"), "sluice.run");
  EXPECT_EQ(QuoteQualified("My App", "order"), "\"My App\".\"order\"");
  EXPECT_EQ(QuoteQualified("", "run"), "run");
}

TEST(QuoteLiteralTest, MeansTheSameWhateverStandardConformingStringsIs) {
  EXPECT_EQ(QuoteLiteral("it's"), "'it''s'");
  EXPECT_EQ(QuoteLiteral("a\\b"), "E'a\\\\b'");
  EXPECT_EQ(QuoteLiteral(""), "''");
}

}  // namespace
}  // namespace sluice
