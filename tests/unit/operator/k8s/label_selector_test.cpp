#include "operator/k8s/label_selector.h"

#include <gtest/gtest.h>

namespace sluice::kube {
namespace {

using Labels = std::map<std::string, std::string>;

bool Chooses(const std::string& selector, const Labels& labels) {
  const auto parsed = ParseLabelSelector(selector);
  EXPECT_TRUE(parsed.ok()) << selector;
  return parsed.ok() && parsed->Matches(labels);
}

TEST(LabelSelectorTest, AnEmptyOneChoosesEverything) {
  EXPECT_TRUE(Chooses("", {}));
  EXPECT_TRUE(Chooses("  ", {{"a", "b"}}));
}

TEST(LabelSelectorTest, EqualityAndItsOpposite) {
  const Labels labels{{"app.kubernetes.io/name", "api"}, {"empty", ""}};
  EXPECT_TRUE(Chooses("app.kubernetes.io/name=api", labels));
  EXPECT_TRUE(Chooses("app.kubernetes.io/name == api", labels));
  EXPECT_FALSE(Chooses("app.kubernetes.io/name=web", labels));
  EXPECT_TRUE(Chooses("empty=", labels));
  EXPECT_TRUE(Chooses("tier!=batch", labels));
  EXPECT_FALSE(Chooses("app.kubernetes.io/name!=api", labels));
}

TEST(LabelSelectorTest, SetsAndExistence) {
  const Labels labels{{"tier", "web"}, {"in", "x"}};
  EXPECT_TRUE(Chooses("tier in (web, worker)", labels));
  EXPECT_FALSE(Chooses("tier notin (web,worker)", labels));
  EXPECT_TRUE(Chooses("zone notin (a)", labels));
  EXPECT_TRUE(Chooses("tier", labels));
  EXPECT_TRUE(Chooses("in", labels));
  EXPECT_FALSE(Chooses("!tier", labels));
  EXPECT_TRUE(Chooses("!zone , tier=web", labels));
  EXPECT_FALSE(Chooses("tier=web,zone", labels));
}

TEST(LabelSelectorTest, WhatCantBeUnderstoodIsRefusedAtItsPlace) {
  for (const char* text : {"=a", "a=b=c", "a,,b", "a=b,", "a in web", "a in (web", "a at (web)", "-a", "a=-b", "a/b/c",
                           "UPPER.example/a", "a!b", "a in ()x", "a=b c=d", "\"a\"=b"}) {
    const auto parsed = ParseLabelSelector(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kUsage) << text;
  }
  EXPECT_NE(ParseLabelSelector("app=a,tier:web").error().message.find("at character 11"), std::string::npos);
  EXPECT_FALSE(ParseLabelSelector("a=" + std::string(64, 'x')).ok());
}

}  // namespace
}  // namespace sluice::kube
