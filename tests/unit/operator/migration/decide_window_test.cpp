// What Decide makes of spec.policy.window.
#include <gtest/gtest.h>

#include "operator/migration/decide.h"
#include "operator/migration/reasons.h"
#include "tests/unit/operator/migration/decide_world.h"

namespace sluice::migration {
namespace {

using api::Phase;

World PlannedWorld() {
  World world;
  world.Change([](api::Spec& spec) { spec.policy.window = "Sat 02:00-05:00"; });
  world.Act(Decide(world.Look()));
  world.FinishJobs();
  return world;
}

TEST(DecideWindowTest, APlanWaitsUntilItOpens) {
  World world = PlannedWorld();
  Observed seen = world.Look();
  seen.window_opens = seen.now + std::chrono::hours(30);
  const Decision closed = Decide(seen);
  EXPECT_EQ(closed.status.phase, Phase::kAwaitingApproval);
  EXPECT_FALSE(closed.start);
  EXPECT_EQ(closed.look_again, std::chrono::hours(30));
  EXPECT_EQ(FindCondition(closed.status, "Ready")->reason, reason::kAwaitingWindow);
  EXPECT_EQ(FindCondition(closed.status, "Reconciling"), nullptr);
  EXPECT_EQ(FindCondition(closed.status, "Stalled"), nullptr);
  world.Act(closed);

  const Decision open = Decide(world.Look());
  ASSERT_TRUE(open.start);
  EXPECT_EQ(open.start->step, Step::kUpgrade);
}

TEST(DecideWindowTest, WhatHasBegunGoesOnWhenItCloses) {
  World world = PlannedWorld();
  world.Act(Decide(world.Look()));
  world.FinishJobs();
  Observed seen = world.Look();
  seen.window_opens = seen.now + std::chrono::hours(30);
  EXPECT_EQ(Decide(seen).status.phase, Phase::kReady);
}

TEST(DecideWindowTest, ATimeZoneThatNobodyKnowsIsToldAtOnce) {
  World world;
  Observed seen = world.Look();
  seen.window_trouble = "spec.policy.window: there is no time zone \"Europe/Berln\"";
  const Decision decision = Decide(seen);
  EXPECT_EQ(decision.status.phase, Phase::kFailed);
  EXPECT_FALSE(decision.start);
  EXPECT_EQ(FindCondition(decision.status, "Stalled")->reason, reason::kUnknownTimeZone);
  EXPECT_EQ(FindCondition(decision.status, "Stalled")->message, seen.window_trouble);
}

}  // namespace
}  // namespace sluice::migration
