#include <gtest/gtest.h>

#include <array>
#include <random>

#include "operator/migration/decide.h"
#include "operator/migration/reasons.h"
#include "tests/unit/operator/migration/decide_world.h"

namespace sluice::migration {
namespace {

using api::Phase;

// A walk through states, events and crashes. Whatever happened: one Job at a time, none twice, no contract beside old
// pods, and in the end, when nothing is in the way any more, what is wanted is there.
class Walk {
 public:
  explicit Walk(unsigned seed) : random_(seed) {
    for (int i = 1; i <= 5; ++i) {
      const int before = i == 1 ? 0 : world_.images["v" + std::to_string(i - 1)];
      world_.images["v" + std::to_string(i)] = before + Below(3);
      if (Below(2) == 0) world_.contracts.push_back(world_.images["v" + std::to_string(i)]);
    }
    if (Below(2) == 0) {
      world_.resource.spec.gate = api::Gate{};
      world_.resource.spec.gate->deployments = {"api"};
      world_.resource.spec.gate->on_failed_rollout =
          std::array{api::OnFailedRollout::kHold, api::OnFailedRollout::kUndo,
                     api::OnFailedRollout::kUndoAndDowngrade}[static_cast<std::size_t>(Below(3))];
    }
    if (Below(3) == 0) world_.resource.spec.policy.approval = api::Approval::kManual;
    if (Below(3) == 0) world_.resource.spec.policy.on_failure = api::OnFailure::kHalt;
  }

  void Run() {
    for (int i = 0; i < 150; ++i) Happen();
    // Calm: what was wanted last is wanted again, and everything works from here on.
    world_.Change([](api::Spec& spec) {
      spec.suspend = false;
      spec.policy.retries += 1;
      spec.target = "heads";
      spec.image = "v5";
    });
    world_.pods_wait.clear();
    if (world_.rollout == Rollout::kFailed) world_.FinishRollout(true);
    for (int i = 0; i < 8; ++i) {
      world_.Release("v5");
      world_.Settle();
      if (ReasonOf(world_) == reason::kBehindContract) {
        world_.Change([](api::Spec& spec) { spec.policy.contract = api::ContractTime::kImmediately; });
      }
      Approve();
    }
    world_.Settle();
    ASSERT_TRUE(world_.complaints.empty()) << world_.complaints.front();
    ASSERT_EQ(world_.status().phase, Phase::kReady) << ReasonOf(world_);
    // Without a gate contract revisions wait for the next release.
    const int waiting = world_.resource.spec.gate ? 0 : static_cast<int>(world_.status().pending_contract.size());
    ASSERT_GE(world_.applied + waiting, world_.HeadOf("v5"));
    ASSERT_FALSE(world_.resource.has_finalizer);
    ASSERT_FALSE(world_.held);
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

  void Approve() {
    if (!world_.status().plan) return;
    const std::string hash = world_.status().plan->hash;
    world_.Change([&](api::Spec& spec) { spec.approved_plan = hash; });
  }

  // The news of a Job's end come late; those of its beginning don't, because the reconciler itself has made it.
  void BeTooLate(Observed& seen) const {
    for (JobView& job : seen.jobs) {
      for (const JobView& before : stale_.jobs) {
        if (before.name == job.name) job = before;
      }
    }
  }

  // A pod that doesn't begin is told when that lasts, and looked at again until then.
  void LookAtWaits(const Observed& seen, const Decision& decision) const {
    const api::Condition* ready = FindCondition(decision.status, "Ready");
    if (!ready || ready->reason != reason::kPodNotStarted || seen.resource.status == decision.status) return;
    for (const PodView& pod : seen.pods) {
      if (pod.ended || !pod.created_at) continue;
      ASSERT_GE(seen.now - *pod.created_at, std::chrono::seconds(5));
    }
  }

  void Happen() {
    switch (Below(13)) {
      case 12:
        world_.pods_wait = Below(2) == 0 ? "CreateContainerConfigError" : "";
        world_.now += std::chrono::seconds(Below(4));
        return;
      case 0: {
        const std::string image = "v" + std::to_string(1 + Below(5));
        return world_.Change([&](api::Spec& spec) { spec.image = image; });
      }
      case 1:
        return world_.Release("v" + std::to_string(1 + Below(5)));
      case 2:
        return Approve();
      case 3: {
        const bool suspend = Below(3) == 0;
        return world_.Change([&](api::Spec& spec) { spec.suspend = suspend; });
      }
      case 4:
        if (!world_.held && world_.rollout == Rollout::kProgressing) world_.FinishRollout(Below(4) != 0);
        return;
      case 5:
        return world_.OldPodsGo();
      case 6:
        world_.now += std::chrono::seconds(1 + Below(400));
        return;
      case 7:
      case 8: {
        constexpr const char* kEnds[] = {"", "", "", "unreachable", "statement_failed", "none", "lock_budget"};
        world_.report_fails = kEnds[Below(7)];
        return world_.FinishJobs();
      }
      default: {
        // A look that ends in its middle, or that is told of a Job's end too late.
        Observed seen = world_.Look();
        if (Below(4) == 0) BeTooLate(seen);
        stale_ = world_.Look();
        const Decision decision = Decide(seen);
        LookAtWaits(seen, decision);
        world_.Act(decision, Below(3) == 0 ? Below(6) : 100);
      }
    }
  }

  std::mt19937 random_;
  World world_;
  Observed stale_;
};

TEST(DecideWalkTest, WhateverHappensItEndsWell) {
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Walk(seed).Run();
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace sluice::migration
