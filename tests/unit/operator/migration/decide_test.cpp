#include "operator/migration/decide.h"

#include <gtest/gtest.h>

#include <functional>

#include "operator/migration/gate.h"
#include "operator/migration/reasons.h"
#include "tests/unit/operator/migration/decide_world.h"

namespace sluice::migration {
namespace {

using api::Phase;
using std::chrono::seconds;

bool Has(const World& world, const char* condition) {
  const api::Condition* found = FindCondition(world.status(), condition);
  return found && found->status;
}

TEST(DecideTest, ANewResourceIsPlannedMigratedAndReady) {
  World world;
  const Decision first = Decide(world.Look());
  ASSERT_TRUE(first.start);
  EXPECT_EQ(first.start->step, Step::kPlan);
  EXPECT_TRUE(first.finalizer);
  EXPECT_EQ(first.status.phase, Phase::kPlanning);
  world.Act(first);
  EXPECT_TRUE(Has(world, "Reconciling"));
  world.FinishJobs();
  const Decision second = Decide(world.Look());
  ASSERT_TRUE(second.start);
  EXPECT_EQ(second.start->step, Step::kUpgrade);
  EXPECT_EQ(second.start->plan_hash, "plan-0-2");
  EXPECT_EQ(second.let_go.size(), 1u);
  world.Act(second);
  world.FinishJobs();
  world.Reconcile();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.status().current, "r02");
  EXPECT_FALSE(world.resource.has_finalizer);
  EXPECT_EQ(FindCondition(world.status(), "Reconciling"), nullptr);
  EXPECT_EQ(world.applied, 2);
}

TEST(DecideTest, NothingIsWrittenWhileAPhaseLasts) {
  World world;
  world.Reconcile();
  const api::Status before = world.status();
  for (int i = 0; i < 100; ++i) {
    world.now += seconds(7);
    const Decision decision = Decide(world.Look());
    EXPECT_FALSE(decision.start);
    EXPECT_TRUE(decision.news.empty());
    world.Act(decision);
    ASSERT_EQ(world.status(), before);
  }
}

TEST(DecideTest, ADatabaseThatIsUpToDateNeedsOneJob) {
  World world;
  world.applied = 2;
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.jobs.size(), 1u);
}

TEST(DecideTest, AnUnreachableDatabaseIsTriedAgainWithLongerPauses) {
  World world;
  std::vector<seconds> pauses;
  for (int i = 0; i < 7; ++i) {
    while (!world.HasRunning()) {
      world.Reconcile();
      if (!world.HasRunning()) world.now += seconds(1);
    }
    world.report_fails = "unreachable";
    world.FinishJobs();
    const api::Time failed = world.now;
    world.Reconcile();
    EXPECT_EQ(ReasonOf(world), reason::kDatabaseUnreachable);
    EXPECT_FALSE(Has(world, "Stalled"));
    while (!Decide(world.Look()).start) world.now += seconds(1);
    pauses.push_back(std::chrono::duration_cast<seconds>(world.now - failed));
  }
  EXPECT_EQ(pauses, (std::vector<seconds>{seconds(10), seconds(20), seconds(40), seconds(80), seconds(160),
                                          seconds(300), seconds(300)}));
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
}

TEST(DecideTest, AFailedMigrationIsTakenBack) {
  World world;
  world.Reconcile();
  world.FinishJobs();
  world.Reconcile();
  world.applied = 1;  // as far as it came
  world.report_fails = "statement_failed";
  world.FinishJobs();
  world.Reconcile();
  EXPECT_EQ(world.status().phase, Phase::kDowngrading);
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kFailed);
  EXPECT_EQ(ReasonOf(world), reason::kMigrationFailed);
  EXPECT_TRUE(Has(world, "Stalled"));
  EXPECT_EQ(world.applied, 0);
  // Nothing goes on before somebody changes the resource.
  const std::size_t jobs = world.jobs.size();
  world.now += std::chrono::hours(48);
  world.Settle();
  EXPECT_EQ(world.jobs.size(), jobs);
  world.images["v2"] = 3;
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.applied, 3);
}

TEST(DecideTest, HaltLeavesAFailedMigrationWhereItIs) {
  World world;
  world.resource.spec.policy.on_failure = api::OnFailure::kHalt;
  world.Reconcile();
  world.FinishJobs();
  world.Reconcile();
  world.applied = 1;
  world.report_fails = "statement_failed";
  world.FinishJobs();
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kFailed);
  EXPECT_EQ(world.applied, 1);
}

TEST(DecideTest, ApprovalIsOfThatVeryPlan) {
  World world;
  world.resource.spec.policy.approval = api::Approval::kManual;
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kAwaitingApproval);
  EXPECT_EQ(ReasonOf(world), reason::kAwaitingApproval);
  EXPECT_FALSE(Has(world, "Reconciling"));
  EXPECT_FALSE(Has(world, "Stalled"));
  world.images["v2"] = 3;
  world.Change([](api::Spec& spec) {
    spec.approved_plan = "plan-0-2";
    spec.image = "v2";  // another plan now
  });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kAwaitingApproval);
  EXPECT_EQ(world.applied, 0);
  world.Change([](api::Spec& spec) { spec.approved_plan = "plan-0-3"; });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.applied, 3);
}

TEST(DecideTest, AChangeInTheMiddleWaitsForTheRunningJob) {
  World world;
  world.Reconcile();
  world.images["v2"] = 3;
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Reconcile();
  EXPECT_EQ(world.jobs.size(), 1u);
  EXPECT_TRUE(world.resource.has_finalizer);
  world.FinishJobs();
  const Decision decision = Decide(world.Look());
  ASSERT_TRUE(decision.start);
  EXPECT_EQ(decision.start->step, Step::kPlan);
  world.Settle();
  EXPECT_EQ(world.applied, 3);
}

TEST(DecideTest, AJobThatCanNotBeginIsNotWaitedFor) {
  World world;
  world.Reconcile();
  for (auto& [name, job] : world.jobs) {
    job.begun = false;
    job.waits = "ImagePullBackOff";
  }
  world.images["v2"] = 3;
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.applied, 3);
}

TEST(DecideTest, AJobOfWhichNobodyHasToldYetMayHaveBegun) {
  World world;
  world.Reconcile();
  const std::string name = world.jobs.begin()->first;
  world.jobs.at(name).begun = false;
  world.Change([](api::Spec& spec) { spec.target = "r01"; });
  const Decision decision = Decide(world.Look());
  EXPECT_TRUE(decision.cancel.empty());
  EXPECT_EQ(decision.look_again, seconds(10));
  EXPECT_FALSE(decision.start);
  // What keeps it may be told nowhere, as a volume that isn't there.
  world.now += seconds(10);
  EXPECT_EQ(Decide(world.Look()).cancel, std::vector<std::string>{name});
}

TEST(DecideTest, ThereAndBackIsPlannedAfresh) {
  World world;
  world.Settle();
  world.images["v2"] = 2;
  const std::size_t before = world.jobs.size();
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Settle();
  world.Change([](api::Spec& spec) { spec.image = "v1"; });
  world.Settle();
  EXPECT_EQ(world.jobs.size(), before + 2);
  EXPECT_EQ(world.status().phase, Phase::kReady);
}

TEST(DecideTest, SuspendedWithNothingPendingStaysReady) {
  World world;
  world.Settle();
  world.Change([](api::Spec& spec) { spec.suspend = true; });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_TRUE(Has(world, "Ready"));
  world.images["v2"] = 3;
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Settle();
  EXPECT_FALSE(Has(world, "Ready"));
  EXPECT_EQ(ReasonOf(world), reason::kSuspended);
  EXPECT_EQ(world.applied, 2);
  world.Change([](api::Spec& spec) { spec.suspend = false; });
  world.Settle();
  EXPECT_EQ(world.applied, 3);
}

TEST(DecideTest, SuspendedWithAnotherDatabaseIsNotWhereItIsToBe) {
  World world;
  world.Settle();
  ASSERT_TRUE(Has(world, "Ready"));
  world.database_id = "db-2";
  world.applied = 0;
  world.Change([](api::Spec& spec) {
    spec.suspend = true;
    spec.database.url_from = api::SecretKey{"other", "url"};
  });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kPlanning);
  EXPECT_FALSE(Has(world, "Ready"));
  EXPECT_EQ(ReasonOf(world), reason::kSuspended);
  EXPECT_FALSE(GateResourceOf(world.resource).open());
  EXPECT_EQ(world.applied, 0);
  // What came meanwhile, and what was suspended before, is as good as new when it is resumed.
  world.Change([](api::Spec& spec) { spec.suspend = false; });
  world.Settle();
  EXPECT_TRUE(Has(world, "Ready"));
  EXPECT_EQ(world.applied, 2);
}

TEST(DecideTest, AJobWithoutAReportIsPlannedAgain) {
  World world;
  world.Reconcile();
  world.FinishJobs();
  world.Reconcile();
  world.applied = 1;
  world.report_fails = "none";
  world.FinishJobs();
  world.Reconcile();
  EXPECT_EQ(world.status().phase, Phase::kPlanning);
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.applied, 2);
}

TEST(DecideTest, APodThatDoesNotBeginIsToldWhenThatLasts) {
  World world;
  world.pods_wait = "CreateContainerConfigError";
  world.Reconcile();
  world.now += std::chrono::seconds(1);
  const Decision early = Decide(world.Look());
  EXPECT_EQ(early.status, world.status());
  EXPECT_EQ(early.look_again, std::chrono::seconds(4));
  world.now += std::chrono::seconds(4);
  world.Reconcile();
  EXPECT_EQ(ReasonOf(world), reason::kPodNotStarted);
  world.pods_wait.clear();
  world.Reconcile();
  EXPECT_EQ(ReasonOf(world), reason::kPlanning);
}

TEST(DecideTest, AnImageThatCanNotBePulledIsToldOnce) {
  World world;
  world.pods_wait = "ErrImagePull";
  world.Reconcile();
  world.now += std::chrono::seconds(5);
  world.Reconcile();
  EXPECT_EQ(ReasonOf(world), reason::kPodNotStarted);
  world.pods_wait = "ImagePullBackOff";
  EXPECT_EQ(Decide(world.Look()).status, world.status());
  world.pods_wait = "CreateContainerConfigError";
  EXPECT_NE(Decide(world.Look()).status, world.status());
}

TEST(DecideTest, APodThatDoesNotBeginIsToldAtOnceByAClockThatIsBehind) {
  World world;
  world.pods_wait = "CreateContainerConfigError";
  world.Reconcile();
  world.now -= std::chrono::hours(1);
  world.Reconcile();
  EXPECT_EQ(ReasonOf(world), reason::kPodNotStarted);
}

// With a gate --------------------------------------------------------------------------------------------------------

TEST(DecideTest, ATemplateIsLetGoWhenItsSchemaIsThere) {
  World world = Gated();
  world.images["v2"] = 4;
  world.Release("v2");
  EXPECT_TRUE(world.held);
  world.Settle();
  EXPECT_TRUE(world.held);
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Settle();
  EXPECT_FALSE(world.held);
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.applied, 4);
}

TEST(DecideTest, NothingIsReadyBeforeWhatWasHeldHasRolledOut) {
  World world = Gated();
  world.images["v2"] = 4;
  world.RollOut("v2");
  EXPECT_EQ(world.status().phase, Phase::kRollingOut);
  std::vector<Phase> phases;
  world.Release("v3");
  world.images["v3"] = 5;
  world.Change([](api::Spec& spec) { spec.image = "v3"; });
  for (int i = 0; i < 10; ++i) {
    world.Reconcile();
    world.FinishJobs();
    if (phases.empty() || phases.back() != world.status().phase) phases.push_back(*world.status().phase);
    if (i == 8) world.FinishRollout(true);
  }
  EXPECT_EQ(phases, (std::vector<Phase>{Phase::kPlanning, Phase::kMigrating, Phase::kRollingOut, Phase::kReady}));
}

TEST(DecideTest, AFailedRolloutIsHeld) {
  World world = Gated();
  world.images["v2"] = 3;
  world.RollOut("v2");
  world.FinishRollout(false);
  world.Reconcile();
  EXPECT_EQ(world.status().phase, Phase::kRollingOut);
  EXPECT_TRUE(Has(world, "RollbackRequired"));
  EXPECT_TRUE(Has(world, "Stalled"));
  world.FinishRollout(true);
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_FALSE(Has(world, "RollbackRequired"));
}

TEST(DecideTest, PodsThatAreLostAfterARolloutAreNoFailedOne) {
  World world = Gated();
  world.resource.spec.gate->on_failed_rollout = api::OnFailedRollout::kUndoAndDowngrade;
  world.images["v2"] = 3;
  world.RollOut("v2");
  world.FinishRollout(true);
  world.Settle();
  // A node is drained, long after the time that the rollout had.
  for (const Rollout later : {Rollout::kProgressing, Rollout::kFailed}) {
    world.rollout = later;
    world.Reconcile();
    EXPECT_EQ(world.status().phase, Phase::kReady);
  }
  world.Change([](api::Spec& spec) { spec.policy.retries = 5; });
  for (int i = 0; i < 4; ++i) {
    world.Reconcile();
    world.FinishJobs();
  }
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.template_image, "v2");
  EXPECT_EQ(world.applied, 3);
}

TEST(DecideTest, ADeploymentThatCameAfterThePlanIsReleasedToo) {
  World world = Gated();
  world.resource.status.gated.clear();
  world.rollout = Rollout::kProgressing;
  world.Reconcile();
  EXPECT_EQ(world.status().phase, Phase::kRollingOut);
  world.FinishRollout(true);
  world.Reconcile();
  world.rollout = Rollout::kFailed;
  world.Reconcile();
  EXPECT_EQ(world.status().phase, Phase::kReady);
}

TEST(DecideTest, UndoPutsTheTemplateBackAndLeavesTheSchema) {
  World world = Gated();
  world.resource.spec.gate->on_failed_rollout = api::OnFailedRollout::kUndo;
  world.images["v2"] = 3;
  world.RollOut("v2");
  world.FinishRollout(false);
  world.Settle();
  EXPECT_EQ(world.template_image, "v0");
  EXPECT_EQ(world.status().phase, Phase::kFailed);
  EXPECT_EQ(world.applied, 3);
}

TEST(DecideTest, UndoAndDowngradeTakesTheTemplateFirst) {
  World world = Gated();
  world.resource.spec.gate->on_failed_rollout = api::OnFailedRollout::kUndoAndDowngrade;
  world.images["v2"] = 3;
  world.RollOut("v2");
  world.FinishRollout(false);
  for (int i = 0; i < 4; ++i) world.Reconcile();
  EXPECT_EQ(world.template_image, "v0");
  EXPECT_FALSE(world.HasRunning());
  EXPECT_EQ(ReasonOf(world), reason::kWaitingForOldPods);
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kFailed);
  EXPECT_EQ(ReasonOf(world), reason::kRolledBack);
  EXPECT_EQ(world.applied, 2);
}

TEST(DecideTest, WhatWasHeldForAFailedMigrationComesBackOnceWhereThatIsWanted) {
  World world = Gated();
  world.resource.spec.gate->restore_template = true;
  world.images["v2"] = 3;
  world.Release("v2");
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Reconcile();
  world.FinishJobs();
  world.Reconcile();
  world.report_fails = "statement_failed";
  world.FinishJobs();
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kFailed);
  EXPECT_EQ(world.template_image, "v0");
  EXPECT_FALSE(world.held);
  world.Release("v2");
  world.Settle();
  EXPECT_EQ(world.template_image, "v2");
  EXPECT_TRUE(world.held);
}

TEST(DecideTest, DataThatWouldBeLostKeepsTheSchemaAfterAFailedRollout) {
  World world = Gated();
  world.resource.spec.gate->on_failed_rollout = api::OnFailedRollout::kUndoAndDowngrade;
  world.images["v2"] = 3;
  world.RollOut("v2");
  world.resource.status.downgrade_plan->data_loss = {"r03: drops the column tenant.title"};
  world.FinishRollout(false);
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kFailed);
  EXPECT_EQ(world.template_image, "v0");
  EXPECT_EQ(world.applied, 3);
}

TEST(DecideTest, AnOlderTargetTakesTheTemplateFirst) {
  World world = Gated();
  world.images["v2"] = 4;
  world.Release("v2");
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Settle();
  EXPECT_EQ(world.applied, 4);
  world.Change([](api::Spec& spec) { spec.target = "r02"; });
  for (int i = 0; i < 4; ++i) {
    world.Reconcile();
    world.FinishJobs();
  }
  EXPECT_EQ(world.template_image, "v0");
  EXPECT_EQ(world.applied, 4);
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.applied, 2);
}

}  // namespace
}  // namespace sluice::migration
