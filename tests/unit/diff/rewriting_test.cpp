#include "core/diff/rewriting.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(RewritesTable, IsFalseWhereTheStoredValuesStay) {
  EXPECT_FALSE(RewritesTable("integer", "integer"));
  EXPECT_FALSE(RewritesTable("character varying(10)", "character varying(20)"));
  EXPECT_FALSE(RewritesTable("character varying(10)", "text"));
  EXPECT_FALSE(RewritesTable("text", "character varying"));
  EXPECT_FALSE(RewritesTable("numeric(10,2)", "numeric(12,2)"));
  EXPECT_FALSE(RewritesTable("numeric(10,2)", "numeric"));
  EXPECT_FALSE(RewritesTable("timestamp(3) with time zone", "timestamp with time zone"));
  EXPECT_FALSE(RewritesTable("cidr", "inet"));
}

TEST(RewritesTable, IsTrueWhereEveryRowIsWritten) {
  EXPECT_TRUE(RewritesTable("integer", "bigint"));
  EXPECT_TRUE(RewritesTable("character varying(20)", "character varying(10)"));
  EXPECT_TRUE(RewritesTable("text", "character varying(10)"));
  EXPECT_TRUE(RewritesTable("character(5)", "character(6)"));
  EXPECT_TRUE(RewritesTable("numeric(10,2)", "numeric(12,3)"));
  EXPECT_TRUE(RewritesTable("numeric", "numeric(12,3)"));
  EXPECT_TRUE(RewritesTable("timestamp with time zone", "timestamp(3) with time zone"));
  EXPECT_TRUE(RewritesTable("character varying(10)[]", "character varying(20)[]"));
  EXPECT_TRUE(RewritesTable("timestamp without time zone", "timestamp with time zone"));
  EXPECT_TRUE(RewritesTable("public.mood", "text"));
}

}  // namespace
}  // namespace sluice
