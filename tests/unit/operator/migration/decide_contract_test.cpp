// Contract revisions: what they wait for, and whatever is changed meanwhile.
#include <gtest/gtest.h>

#include "operator/migration/decide.h"
#include "operator/migration/reasons.h"
#include "tests/unit/operator/migration/decide_world.h"

namespace sluice::migration {
namespace {

using api::Phase;

// v2 brings one revision, and another one that waits until no pod of the release before is left.
World WithContract() {
  World world = Gated();
  world.images["v2"] = 4;
  world.contracts = {4};
  return world;
}

TEST(DecideContractTest, ContractRevisionsWaitForTheOldPods) {
  World world = WithContract();
  world.Release("v2");
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  for (int i = 0; i < 10; ++i) {
    world.Reconcile();
    world.FinishJobs();
  }
  EXPECT_EQ(world.status().phase, Phase::kRollingOut);
  EXPECT_EQ(world.applied, 3);
  world.FinishRollout(true);
  for (int i = 0; i < 10; ++i) world.Reconcile();
  EXPECT_EQ(world.status().phase, Phase::kContracting);
  EXPECT_EQ(ReasonOf(world), reason::kWaitingForOldPods);
  EXPECT_EQ(world.applied, 3);
  world.OldPodsGo();
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.applied, 4);
  EXPECT_EQ(world.approved, std::vector<std::string>{"v2"});
}

TEST(DecideContractTest, ContractRevisionsWaitForTheirTemplate) {
  World world = WithContract();
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kContracting);
  EXPECT_EQ(ReasonOf(world), reason::kWaitingForTemplate);
  EXPECT_EQ(world.applied, 3);
  world.Release("v2");
  world.Settle();
  EXPECT_EQ(world.applied, 4);
}

TEST(DecideContractTest, AReleaseFinishesTheContractBeforeIt) {
  World world = WithContract();
  world.images["v3"] = 5;
  world.RollOut("v2");
  world.FinishRollout(true);
  world.Release("v3");
  world.Change([](api::Spec& spec) { spec.image = "v3"; });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.applied, 5);
  EXPECT_TRUE(world.complaints.empty()) << world.complaints.front();
}

TEST(DecideContractTest, AContractGoesOnWaitingForItsTemplateWhenTheResourceIsChanged) {
  World world = WithContract();
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Settle();
  world.Change([](api::Spec& spec) { spec.policy.retries = 5; });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kContracting);
  EXPECT_EQ(ReasonOf(world), reason::kWaitingForTemplate);
  EXPECT_EQ(world.applied, 3);
  world.Release("v2");
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.applied, 4);
  EXPECT_TRUE(world.complaints.empty()) << world.complaints.front();
}

TEST(DecideContractTest, AContractWhoseReleaseNeverRolledOutIsNotFinishedByTheNextOne) {
  World world = WithContract();
  world.images["v3"] = 5;
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Settle();
  world.Release("v3");
  world.Change([](api::Spec& spec) { spec.image = "v3"; });
  world.Settle();
  EXPECT_EQ(ReasonOf(world), reason::kBehindContract);
  EXPECT_EQ(world.applied, 3);
  // The release that was left out, and then the next one.
  world.Release("v2");
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Settle();
  EXPECT_EQ(world.applied, 4);
  world.Release("v3");
  world.Change([](api::Spec& spec) { spec.image = "v3"; });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.applied, 5);
  EXPECT_TRUE(world.complaints.empty()) << world.complaints.front();
}

TEST(DecideContractTest, GoingBackWhileOldPodsGoKeepsTheContractWaiting) {
  World world = WithContract();
  world.images["v3"] = 5;
  world.RollOut("v2");
  world.FinishRollout(true);
  world.Change([](api::Spec& spec) { spec.image = "v3"; });
  for (int i = 0; i < 4; ++i) {
    world.Reconcile();
    world.FinishJobs();
  }
  EXPECT_EQ(ReasonOf(world), reason::kWaitingForOldPods);
  world.Release("v0");
  world.Settle();
  EXPECT_EQ(ReasonOf(world), reason::kBehindContract);
  EXPECT_EQ(world.applied, 3);
  EXPECT_TRUE(world.complaints.empty()) << world.complaints.front();
}

TEST(DecideContractTest, WithoutAGateContractRevisionsWaitForAnotherImage) {
  World world;
  world.images["v2"] = 4;
  world.contracts = {4};
  world.Settle();
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.applied, 3);
  world.Change([](api::Spec& spec) { spec.policy.retries = 5; });
  world.Settle();
  EXPECT_EQ(ReasonOf(world), reason::kContractPending);
  EXPECT_EQ(world.applied, 3);
  world.images["v3"] = 5;
  world.Change([](api::Spec& spec) { spec.image = "v3"; });
  world.Settle();
  EXPECT_EQ(world.applied, 5);
}

TEST(DecideContractTest, ReleasesThatWereLeftOutAreRefusedBeforeAnythingRuns) {
  World world = Gated();
  world.images["v3"] = 5;
  world.contracts = {4};  // of a release between, whose old pods are the ones that run now
  world.Change([](api::Spec& spec) { spec.image = "v3"; });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kFailed);
  EXPECT_EQ(ReasonOf(world), reason::kBehindContract);
  EXPECT_EQ(world.applied, 2);
}

}  // namespace
}  // namespace sluice::migration
