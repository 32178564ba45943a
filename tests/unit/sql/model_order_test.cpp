#include "core/sql/model_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice {
namespace {

using testing::ElementsAre;

TEST(ModelOrderTest, WhatIsNamedComesFirst) {
  EXPECT_THAT(OrderByNames({"CREATE VIEW v AS SELECT * FROM \"T\"", "CREATE TABLE \"T\" (k public.kind)",
                            "CREATE TYPE kind AS ENUM ()"}),
              ElementsAre(2, 1, 0));
}

TEST(ModelOrderTest, StringsNameThingsToo) {
  EXPECT_THAT(OrderByNames(
                  {"CREATE TABLE t (id int DEFAULT nextval('public.t_id_seq'::regclass))", "CREATE SEQUENCE t_id_seq"}),
              ElementsAre(1, 0));
}

TEST(ModelOrderTest, TheOrderStaysOtherwise) {
  EXPECT_THAT(OrderByNames({"CREATE TABLE a ()", "CREATE TABLE b ()", "ALTER TABLE b ADD c int", "CREATE TABLE c ()"}),
              ElementsAre(0, 1, 3, 2));
  EXPECT_THAT(OrderByNames({"CREATE TABLE a ()", "ALTER TABLE a ADD x int", "CREATE TABLE b ()"}),
              ElementsAre(0, 1, 2));
}

TEST(ModelOrderTest, ACircleIsCutSomewhere) {
  EXPECT_THAT(OrderByNames({"CREATE VIEW a AS SELECT FROM b", "CREATE VIEW b AS SELECT FROM a"}), ElementsAre(1, 0));
}

TEST(ModelOrderTest, AChainIsAsLongAsItIs) {
  std::vector<std::string> texts;
  constexpr int kLength = 20000;
  for (int i = 0; i < kLength; ++i) {
    texts.push_back("CREATE VIEW v" + std::to_string(i) + " AS SELECT FROM v" + std::to_string(i + 1));
  }
  const auto order = OrderByNames({texts.begin(), texts.end()});
  ASSERT_EQ(order.size(), texts.size());
  EXPECT_EQ(order.front(), texts.size() - 1);
  EXPECT_EQ(order.back(), 0U);
}

}  // namespace
}  // namespace sluice
