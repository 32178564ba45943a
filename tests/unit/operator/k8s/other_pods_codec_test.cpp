#include "operator/k8s/other_pods_codec.h"

#include <gtest/gtest.h>

namespace sluice::kube {
namespace {

using std::chrono::milliseconds;

TEST(OtherPodsCodec, ARequestComesThrough) {
  const auto read =
      ReadRequest(WriteRequest({{"shop", "app=\"api\"", "shop/api:2", "api"}, milliseconds(1500), "sluice 0.1"}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->query.namespace_name, "shop");
  EXPECT_EQ(read->query.selector, "app=\"api\"");
  EXPECT_EQ(read->query.image, "shop/api:2");
  EXPECT_EQ(read->query.container, "api");
  EXPECT_EQ(read->limit, milliseconds(1500));
  EXPECT_EQ(read->agent, "sluice 0.1");
  EXPECT_EQ(ReadRequest(WriteRequest({{}, std::nullopt, ""}))->limit, std::nullopt);
}

TEST(OtherPodsCodec, NewsComeThrough) {
  OtherPodsNews news{true, "shop", "away", {}};
  news.report.left = {{{"a", {"x:1", "y:1"}, "Running", "2026-11-26T11:16:00Z"}, {"b", {}, "Pending", ""}}, 3};
  news.report.waited = milliseconds(70);
  news.report.error = MakeError(ErrorCode::kNotUpToDate, "pods are left", "give it time");
  const auto read = ReadNews(WriteNews(news));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->is_end);
  EXPECT_EQ(read->namespace_name, "shop");
  EXPECT_EQ(read->trouble, "away");
  ASSERT_EQ(read->report.left.others.size(), 2U);
  EXPECT_EQ(DescribeOtherPods(read->report.left.others), DescribeOtherPods(news.report.left.others));
  EXPECT_EQ(read->report.left.matching, 3U);
  EXPECT_EQ(read->report.waited, milliseconds(70));
  ASSERT_TRUE(read->report.error);
  EXPECT_EQ(read->report.error->code, ErrorCode::kNotUpToDate);
  EXPECT_EQ(read->report.error->message, "pods are left");
  EXPECT_EQ(read->report.error->hint, "give it time");
}

TEST(OtherPodsCodec, WhatIsSomethingElseIsNotRead) {
  for (const char* text : {"", "[]", "{}", "{\"waited\"", "hello"}) {
    EXPECT_FALSE(ReadNews(text)) << text;
    EXPECT_FALSE(ReadRequest(text)) << text;
  }
}

}  // namespace
}  // namespace sluice::kube
