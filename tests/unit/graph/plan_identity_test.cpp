#include "core/graph/plan_identity.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

PlanIdentity Plan() {
  PlanIdentity plan;
  plan.server_major = 15;
  plan.rows = {"aaaa1"};
  plan.steps = {{StepKind::kUpgrade, "bbbb1", "c0ffee", {"bbbb1"}}, {StepKind::kStamp, "cccc1", "", {"cccc1"}}};
  return plan;
}

// docs/validate.md promises this text: other programs may make the hash too.
TEST(PlanIdentityTest, TheTextIsThatOfTheDocumentation) {
  EXPECT_EQ(PlanText(Plan()), "sluice plan 1\nserver 15\nrow aaaa1\nupgrade bbbb1 c0ffee\nstamp cccc1 -\n");
}

TEST(PlanIdentityTest, EverythingThatMattersIsInTheHash) {
  const std::string hash = PlanHash(Plan());
  EXPECT_EQ(hash.size(), 64U);
  PlanIdentity plan = Plan();
  plan.server_major = 16;
  EXPECT_NE(PlanHash(plan), hash);
  plan = Plan();
  plan.rows.push_back("other");
  EXPECT_NE(PlanHash(plan), hash);
  plan = Plan();
  plan.partial.push_back("bbbb1");
  EXPECT_NE(PlanHash(plan), hash);
  plan = Plan();
  plan.steps[0].checksum = "beef";
  EXPECT_NE(PlanHash(plan), hash);
  plan = Plan();
  plan.steps[0].kind = StepKind::kDowngrade;
  EXPECT_NE(PlanHash(plan), hash);
  EXPECT_EQ(PlanHash(Plan()), hash);
}

TEST(PlanIdentityTest, RowsBeforeAStepAreThoseAfterTheOneBefore) {
  EXPECT_EQ(Plan().RowsBefore(0), std::vector<std::string>{"aaaa1"});
  EXPECT_EQ(Plan().RowsBefore(1), std::vector<std::string>{"bbbb1"});
  EXPECT_EQ(Plan().RowsBefore(2), std::vector<std::string>{"cccc1"});
}

}  // namespace
}  // namespace sluice
