// A release that mends what has failed: its Deployment may come before its resource, or alone.
#include <gtest/gtest.h>

#include "operator/migration/decide.h"
#include "operator/migration/gate.h"
#include "operator/migration/reasons.h"
#include "tests/unit/operator/migration/decide_world.h"

namespace sluice::migration {
namespace {

using api::Phase;
using std::chrono::seconds;

TEST(DecideMendTest, AMendedTemplateRollsOutOnTheSchemaThatAnUndoLeft) {
  World world = Gated();
  world.resource.spec.gate->on_failed_rollout = api::OnFailedRollout::kUndo;
  world.resource.spec.gate->restore_template = true;
  world.images["v2"] = 3;
  world.RollOut("v2");
  world.FinishRollout(false);
  world.Settle();
  ASSERT_EQ(world.status().failure->reason, reason::kRolloutFailed);

  Observed seen = world.Look();
  TargetView& target = seen.targets.front();
  target.template_hash = "v2, mended";
  target.asks_for = {"v2"};
  target.approved = false;
  target.held = true;
  target.opens = GateResourceOf(world.resource).open();  // as DecideGate says it
  target.rollout = Rollout::kHeld;
  EXPECT_TRUE(target.opens);
  const Decision decision = Decide(seen);
  EXPECT_EQ(decision.status.phase, Phase::kRollingOut);
  EXPECT_TRUE(decision.put_back.empty());
}

TEST(DecideMendTest, TheTemplateOfTheMendIsNotPutBackWhenItComesBeforeItsResource) {
  World world = Gated();
  world.resource.spec.gate->restore_template = true;
  world.images["v2"] = 3;
  world.images["v3"] = 4;
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Reconcile();
  world.FinishJobs();
  world.Reconcile();
  world.report_fails = "statement_failed";
  world.FinishJobs();
  world.Settle();
  ASSERT_EQ(world.status().phase, Phase::kFailed);
  world.report_fails.clear();
  world.Release("v3");
  for (int i = 0; i < 4; ++i) world.Reconcile();
  EXPECT_EQ(world.template_image, "v3");
  EXPECT_TRUE(world.held);
  world.Change([](api::Spec& spec) { spec.image = "v3"; });
  world.Settle();
  EXPECT_EQ(world.template_image, "v3");
  EXPECT_EQ(world.applied, 4);
  // One that names nothing is of what failed when it was held before that.
  Observed seen = world.Look();
  seen.resource.status.phase = Phase::kFailed;
  seen.resource.status.failure = api::Failure{.reason = reason::kMigrationFailed, .message = {}};
  seen.resource.status.phase_since = seen.now;
  TargetView& target = seen.targets.front();
  target.asks_for.clear();
  target.held = true;
  target.can_put_back = true;
  target.held_since = seen.now + seconds(1);
  EXPECT_TRUE(Decide(seen).put_back.empty());
  target.held_since = seen.now - seconds(1);
  EXPECT_EQ(Decide(seen).put_back.size(), 1U);
}

TEST(DecideMendTest, AMendedTemplateBringsBackTheSchemaThatWentWithTheOneBefore) {
  World world = Gated();
  world.resource.spec.gate->on_failed_rollout = api::OnFailedRollout::kUndoAndDowngrade;
  world.images["v2"] = 3;
  world.RollOut("v2");
  world.FinishRollout(false);
  world.Settle();
  ASSERT_EQ(world.status().failure->reason, reason::kRolledBack);
  ASSERT_EQ(world.applied, 2);

  Observed seen = world.Look();
  TargetView& target = seen.targets.front();
  target.template_hash = "v2, mended";
  target.asks_for = {"v2"};
  target.held = true;
  target.rollout = Rollout::kHeld;
  target.put_back_at = seen.now;
  // One that was held before is none: it would have been put back as well.
  target.held_since = seen.now - seconds(1);
  EXPECT_EQ(Decide(seen).status.phase, Phase::kFailed);
  target.held_since = seen.now + seconds(1);
  const Decision decision = Decide(seen);
  EXPECT_EQ(decision.status.phase, Phase::kPlanning);
  ASSERT_TRUE(decision.start);
  EXPECT_EQ(decision.start->step, Step::kPlan);
  EXPECT_FALSE(decision.status.failure);
  // Nor is the one that was put back, whenever it comes again, nor one that asks for something else.
  target.reapplied = true;
  EXPECT_EQ(Decide(seen).status.phase, Phase::kFailed);
  target.reapplied = false;
  target.asks_for = {"v3"};
  EXPECT_EQ(Decide(seen).status.phase, Phase::kFailed);
}

TEST(DecideMendTest, WhatAnotherDatabaseHasReachedIsForgotten) {
  World world = Gated();
  world.images["v2"] = 4;
  world.contracts = {4};
  world.Change([](api::Spec& spec) { spec.image = "v2"; });
  world.Settle();
  ASSERT_EQ(world.status().phase, Phase::kContracting);
  ASSERT_EQ(world.status().reached->revisions.front(), "r03");
  // The new database has nothing; what waits for pods in the old one is none of its business.
  world.database_id = "db-2";
  world.applied = 0;
  world.Change([](api::Spec& spec) {
    spec.database.url_from = api::SecretKey{"other", "url"};
    spec.target = "r01";
  });
  world.Settle();
  EXPECT_EQ(world.status().phase, Phase::kReady);
  EXPECT_EQ(world.applied, 1);
  EXPECT_EQ(world.status().reached->revisions, std::vector<std::string>{"r01"});
  EXPECT_TRUE(world.status().pending_contract.empty());
  EXPECT_TRUE(world.complaints.empty()) << world.complaints.front();
}

}  // namespace
}  // namespace sluice::migration
