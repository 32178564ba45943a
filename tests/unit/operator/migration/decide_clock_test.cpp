// Clocks that disagree: of the cluster and of the operator, or of the operator before and after it was set.
#include <gtest/gtest.h>

#include "operator/migration/decide.h"
#include "tests/unit/operator/migration/decide_world.h"

namespace sluice::migration {
namespace {

using api::Phase;
using std::chrono::hours;
using std::chrono::seconds;

World WithDrift() {
  World world;
  world.Change([](api::Spec& spec) { spec.drift_interval = hours(1); });
  for (int i = 0; i < 6 && world.status().phase != Phase::kReady; ++i) {
    world.Reconcile();
    world.FinishJobs();
  }
  return world;
}

TEST(DecideClockTest, DriftIsLookedForWhenItsTimeHasCome) {
  World world = WithDrift();
  ASSERT_EQ(world.status().phase, Phase::kReady);
  EXPECT_FALSE(Decide(world.Look()).start);
  world.now += hours(1);
  const Decision due = Decide(world.Look());
  ASSERT_TRUE(due.start);
  EXPECT_EQ(due.start->step, Step::kDrift);
}

TEST(DecideClockTest, ALookForDriftInTheFutureCountsForNothing) {
  World world = WithDrift();
  world.now += hours(1);
  world.Reconcile();
  world.FinishJobs();
  world.Reconcile();
  ASSERT_TRUE(world.status().drift_checked_at);
  world.now -= hours(500);
  const Decision decision = Decide(world.Look());
  ASSERT_TRUE(decision.start);
  EXPECT_EQ(decision.start->step, Step::kDrift);
}

World FailedToPlan() {
  World world;
  world.Reconcile();
  world.report_fails = "unreachable";
  world.FinishJobs();
  return world;
}

TEST(DecideClockTest, ARetryWaits) {
  World world = FailedToPlan();
  EXPECT_FALSE(Decide(world.Look()).start);
  world.now += PauseAfter(1);
  EXPECT_TRUE(Decide(world.Look()).start);
}

TEST(DecideClockTest, ARetryDoesNotWaitForAClockThatIsFarBehindTheCluster) {
  World world = FailedToPlan();
  world.now -= seconds(2);
  EXPECT_FALSE(Decide(world.Look()).start);
  world.now -= hours(5);
  EXPECT_TRUE(Decide(world.Look()).start);
}

}  // namespace
}  // namespace sluice::migration
