#include "core/model/type_text.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(ReadType, TakesModifiersOutOfTheName) {
  EXPECT_EQ(ReadType("integer").base, "integer");
  EXPECT_EQ(ReadType("integer").modifiers, (std::array{-1, -1}));
  EXPECT_EQ(ReadType("character varying(20)").base, "character varying");
  EXPECT_EQ(ReadType("character varying(20)").modifiers, (std::array{20, -1}));
  EXPECT_EQ(ReadType("numeric(10,2)").modifiers, (std::array{10, 2}));
  EXPECT_EQ(ReadType("numeric(3,-2)").modifiers, (std::array{3, -2}));
}

TEST(ReadType, KeepsWhatStandsBehindThem) {
  EXPECT_EQ(ReadType("timestamp(3) with time zone").base, "timestamp with time zone");
  EXPECT_EQ(ReadType("timestamp(3) with time zone").modifiers, (std::array{3, -1}));
  EXPECT_EQ(ReadType("character varying(20)[]").base, "character varying[]");
}

TEST(IntegerRank, OrdersTheIntegers) {
  EXPECT_LT(IntegerRank("smallint"), IntegerRank("integer"));
  EXPECT_LT(IntegerRank("integer"), IntegerRank("bigint"));
  EXPECT_EQ(IntegerRank("integer[]"), -1);
}

}  // namespace
}  // namespace sluice
