#include "operator/migration/gate.h"

#include <gtest/gtest.h>

#include "tests/unit/operator/migration/gate_objects.h"

namespace sluice::migration {
namespace {

using api::Phase;
using std::chrono::seconds;

const Json kOld = TemplateOf("shop/api:1", "shop/migrations:1");
const Json kNew = TemplateOf("shop/api:2", "shop/migrations:2");
const Json kNameless = TemplateOf("shop/api:2");

GateDecision Decide(const Json& deployment, const std::vector<GateResource>& resources, api::Time now = Later(60)) {
  return DecideGate(ReadDeployment(deployment), resources, now);
}

void ExpectHeld(const Json& deployment, const std::vector<GateResource>& resources, HoldReason reason,
                api::Time now = Later(60), GateStep step = GateStep::kHold) {
  const GateDecision decision = Decide(deployment, resources, now);
  EXPECT_EQ(decision.step, step) << decision.message;
  EXPECT_EQ(HoldReasonName(decision.reason), HoldReasonName(reason)) << decision.message;
  EXPECT_FALSE(decision.message.empty());
}

Json Held(const Json& pod_template, api::Time since = kNoon) { return HeldOf(AdoptedOf(kOld, pod_template), since); }

TEST(Gate, ADeploymentThatNobodyNamesIsLeftAlone) {
  EXPECT_EQ(Decide(DeploymentOf(kNew), {}), GateDecision());
  GateResource other = ResourceOf("shop/migrations:1");
  other.deployments = {"web"};
  EXPECT_EQ(Decide(DeploymentOf(kNew), {other}), GateDecision());
  Json leaving = AdoptedOf(kOld, kNew);
  leaving["metadata"]["deletionTimestamp"] = "2026-11-26T12:00:00Z";
  EXPECT_EQ(Decide(leaving, {ResourceOf("x")}), GateDecision());
}

TEST(Gate, ADeploymentThatIsNamedIsAdoptedWithItsTemplateApproved) {
  const GateDecision decision = Decide(DeploymentOf(kNew), {ResourceOf("shop/migrations:1", Phase::kMigrating)});
  EXPECT_EQ(decision.step, GateStep::kAdopt);
  EXPECT_EQ(decision.gated_by, std::vector<std::string>{"api"});
  EXPECT_TRUE(decision.approve);
}

TEST(Gate, AChangeOfThoseWhoGateItIsWrittenAndApprovesNothing) {
  const std::vector<GateResource> two{ResourceOf("b:1", Phase::kReady, "b"), ResourceOf("a:1", Phase::kReady, "a")};
  const GateDecision more = Decide(AdoptedOf(kOld, kOld, "a"), two);
  EXPECT_EQ(more.step, GateStep::kAdopt);
  EXPECT_EQ(more.gated_by, (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(more.approve);
  EXPECT_FALSE(Decide(HeldOf(AdoptedOf(kOld, kNew, "a")), two).approve);
  const GateDecision fewer = Decide(AdoptedOf(kOld, kOld, "a,b,gone"), two);
  EXPECT_EQ(fewer.step, GateStep::kAdopt);
  EXPECT_EQ(fewer.gated_by, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(Decide(AdoptedOf(kOld, kOld, "a,b"), two).step, GateStep::kNothing);
}

TEST(Gate, WhatToDoOnDeletionIsWritten) {
  GateResource resource = ResourceOf("shop/migrations:1");
  resource.leave_on_delete = true;
  const GateDecision decision = Decide(AdoptedOf(kOld, kOld), {resource});
  EXPECT_EQ(decision.step, GateStep::kAdopt);
  EXPECT_TRUE(decision.leave_on_delete);
  Json left = AdoptedOf(kOld, kOld);
  Annotate(left, "on-delete", "Leave");
  EXPECT_EQ(Decide(left, {resource}).step, GateStep::kNothing);
  EXPECT_EQ(Decide(left, {ResourceOf("shop/migrations:1")}).step, GateStep::kAdopt);
  // Of two resources both must want it.
  EXPECT_FALSE(Decide(left, {resource, ResourceOf("x", Phase::kReady, "b")}).leave_on_delete);
}

TEST(Gate, OneThatCameWithTheLabelIsHeldFromTheStart) {
  Json made = HeldOf(DeploymentOf(kNew));
  made["metadata"]["labels"]["sluice.dev/gated"] = "true";
  ExpectHeld(made, {}, HoldReason::kResourceMissing);
  const GateDecision decision = Decide(made, {ResourceOf("shop/migrations:2")});
  EXPECT_EQ(decision.step, GateStep::kAdopt);
  EXPECT_FALSE(decision.approve);
  Annotate(made, "gated-by", "api");
  EXPECT_EQ(Decide(made, {ResourceOf("shop/migrations:2")}).step, GateStep::kOpen);
  ExpectHeld(made, {ResourceOf("shop/migrations:1")}, HoldReason::kWaitsForMigration);
  Annotate(made, "gated-by", "api,web");  // web is still to come
  ExpectHeld(made, {ResourceOf("shop/migrations:2")}, HoldReason::kResourceMissing);
}

TEST(Gate, ADeploymentWhoseResourceIsGoneIsReleased) {
  EXPECT_EQ(Decide(AdoptedOf(kOld, kOld), {}).step, GateStep::kRelease);
  EXPECT_EQ(Decide(Held(kNew), {}).step, GateStep::kRelease);
  GateResource elsewhere = ResourceOf("shop/migrations:2");
  elsewhere.deployments = {"web"};
  EXPECT_EQ(Decide(Held(kNew), {elsewhere}).step, GateStep::kRelease);
}

TEST(Gate, AnApprovedTemplateIsLetBe) {
  for (const Phase phase : {Phase::kPending, Phase::kMigrating, Phase::kFailed, Phase::kReady}) {
    EXPECT_EQ(Decide(AdoptedOf(kOld, kOld), {ResourceOf("shop/migrations:2", phase)}), GateDecision());
  }
  Json by_person = AdoptedOf(kOld, kOld);
  by_person["spec"]["paused"] = true;
  EXPECT_EQ(Decide(by_person, {ResourceOf("shop/migrations:1")}), GateDecision());
}

TEST(Gate, AnApprovedTemplateThatIsStillPausedByUsIsLetGo) {
  Json back = AdoptedOf(kOld, kOld);
  back["spec"]["paused"] = true;
  Annotate(back, "paused", MarkText({TemplateHash(kNew), kNoon}));
  EXPECT_EQ(Decide(back, {ResourceOf("shop/migrations:1", Phase::kFailed)}).step, GateStep::kUnpause);
}

TEST(Gate, AnOlderApprovedTemplateBecomesTheNewest) {
  Json back = AdoptedOf(kOld, kOld);
  Annotate(back, "approved", TemplateHash(kOld) + "," + TemplateHash(kNew));
  EXPECT_EQ(Decide(back, {ResourceOf("shop/migrations:2")}).step, GateStep::kApprove);
}

TEST(Gate, WhatTheWebhookMissedIsPaused) {
  const auto resource = ResourceOf("shop/migrations:1");
  ExpectHeld(AdoptedOf(kOld, kNew), {resource}, HoldReason::kWaitsForMigration, Later(60), GateStep::kPause);
  ExpectHeld(AdoptedOf(kOld, kNameless), {resource}, HoldReason::kSettling, Later(60), GateStep::kPause);
  // Marked for another template, or since a time that nobody can read or that is still to come.
  Json other = AdoptedOf(kOld, kNew);
  other["spec"]["paused"] = true;
  Annotate(other, "paused", MarkText({TemplateHash(kNameless), kNoon}));
  ExpectHeld(other, {resource}, HoldReason::kWaitsForMigration, Later(60), GateStep::kPause);
  Annotate(other, "paused", "true");
  ExpectHeld(other, {resource}, HoldReason::kWaitsForMigration, Later(60), GateStep::kPause);
  ExpectHeld(Held(kNameless, Later(3600)), {resource}, HoldReason::kSettling, Later(60), GateStep::kPause);
  // What has been reached needs no pause.
  EXPECT_EQ(Decide(AdoptedOf(kOld, kNew), {ResourceOf("shop/migrations:2")}).step, GateStep::kOpen);
}

struct NamedCase {
  const char* schema;
  bool opens;
};

TEST(Gate, ATemplateThatNamesSomethingOpensForExactlyThat) {
  const NamedCase cases[] = {
      {"shop/migrations:2", true},
      {"shop/migrations:20", false},
      {"shop/migrations", false},
      {"6ee06edc35dd", true},
      {"6ee0", true},
      {"6ee", false},
      {"1d0000000001", true},  // an older one, which is applied as well
      {"6ee06edc35dd0", false},
      {"7777", false},
  };
  for (const NamedCase& one : cases) {
    const Json held = Held(TemplateOf("shop/api:2", one.schema));
    const GateDecision decision = Decide(held, {ResourceOf("shop/migrations:2", Phase::kRollingOut)});
    EXPECT_EQ(decision.step, one.opens ? GateStep::kOpen : GateStep::kHold) << one.schema;
  }
}

TEST(Gate, OnlyWhatTheResourceWantsNowOpensIt) {
  for (const Phase phase : {Phase::kRollingOut, Phase::kContracting, Phase::kReady}) {
    EXPECT_EQ(Decide(Held(kNew), {ResourceOf("shop/migrations:2", phase)}).step, GateStep::kOpen);
  }
  for (const Phase phase : {Phase::kPending, Phase::kPlanning, Phase::kValidating, Phase::kAwaitingApproval,
                            Phase::kMigrating, Phase::kDowngrading}) {
    ExpectHeld(Held(kNew), {ResourceOf("shop/migrations:2", phase)}, HoldReason::kWaitsForMigration);
  }
  ExpectHeld(Held(kNew), {ResourceOf("shop/migrations:2", Phase::kFailed)}, HoldReason::kMigrationFailed);

  GateResource unseen = ResourceOf("shop/migrations:2");
  unseen.generation = 4;
  ExpectHeld(Held(kNew), {unseen}, HoldReason::kWaitsForMigration);
  unseen.observed_generation = 4;  // … and not reached
  ExpectHeld(Held(kNew), {unseen}, HoldReason::kWaitsForMigration);
  GateResource leaving = ResourceOf("shop/migrations:2");
  leaving.deleting = true;
  ExpectHeld(Held(kNew), {leaving}, HoldReason::kWaitsForMigration);
  GateResource fresh = ResourceOf("shop/migrations:2");
  fresh.reached.reset();
  fresh.phase.reset();
  fresh.observed_generation = -1;
  ExpectHeld(Held(kNew), {fresh}, HoldReason::kWaitsForMigration);
}

TEST(Gate, OfTwoResourcesBothMustBeOpenAndOneHasReachedIt) {
  const Json held = HeldOf(AdoptedOf(kOld, kNew, "a,b"));
  const auto a = [](const char* image, Phase phase = Phase::kReady) { return ResourceOf(image, phase, "a"); };
  const auto b = [](const char* image, Phase phase = Phase::kReady) { return ResourceOf(image, phase, "b"); };
  EXPECT_EQ(Decide(held, {a("shop/migrations:2"), b("stock/migrations:9")}).step, GateStep::kOpen);
  EXPECT_EQ(Decide(held, {b("shop/migrations:2"), a("stock/migrations:9")}).step, GateStep::kOpen);
  ExpectHeld(held, {a("shop/migrations:1"), b("stock/migrations:9")}, HoldReason::kWaitsForMigration);
  ExpectHeld(held, {a("shop/migrations:2"), b("x", Phase::kMigrating)}, HoldReason::kWaitsForMigration);
  ExpectHeld(held, {a("shop/migrations:2"), b("x", Phase::kFailed)}, HoldReason::kMigrationFailed);
}

TEST(Gate, OfTwoSchemasBothMustBeReached) {
  const Json both = TemplateOf("shop/api:2", "shop/migrations:2,stock/migrations:2");
  const Json held = HeldOf(AdoptedOf(kOld, both, "a,b"));
  const auto reached = [](const char* name, const char* image) { return ResourceOf(image, Phase::kReady, name); };
  const GateDecision decision = Decide(held, {reached("a", "shop/migrations:2"), reached("b", "stock/migrations:1")});
  EXPECT_EQ(decision.reason, HoldReason::kWaitsForMigration);
  EXPECT_NE(decision.message.find("needs stock/migrations:2"), std::string::npos) << decision.message;
  EXPECT_EQ(Decide(held, {reached("a", "shop/migrations:2"), reached("b", "stock/migrations:2")}).step,
            GateStep::kOpen);
}

TEST(Gate, ATemplateThatNamesNothingWaitsForAChangeOrSettles) {
  const Json held = Held(kNameless, Later(10));
  GateResource resource = ResourceOf("shop/migrations:1");
  const GateDecision settling = Decide(held, {resource}, Later(20));
  EXPECT_EQ(settling.step, GateStep::kHold);
  EXPECT_EQ(settling.reason, HoldReason::kSettling);
  EXPECT_EQ(settling.again_at, Later(40));
  EXPECT_EQ(Decide(held, {resource}, Later(40)).step, GateStep::kOpen);
  // The resource follows.
  resource.generation = 4;
  ExpectHeld(held, {resource}, HoldReason::kWaitsForMigration, Later(100));
  resource.observed_generation = 4;
  resource.phase = Phase::kRollingOut;
  resource.reached = api::Reached{4, "shop/migrations:2", {}, Later(15)};
  EXPECT_EQ(Decide(held, {resource}, Later(16)).step, GateStep::kOpen);
  // One of two that has not changed leaves it to the time.
  const auto other = ResourceOf("x", Phase::kReady, "other");
  const Json by_two = HeldOf(AdoptedOf(kOld, kNameless, "api,other"), Later(10));
  ExpectHeld(by_two, {resource, other}, HoldReason::kSettling, Later(16));
  EXPECT_EQ(Decide(by_two, {resource, other}, Later(40)).step, GateStep::kOpen);
}

TEST(Gate, APersonsPauseStays) {
  Json paused = AdoptedOf(kOld, kNew);
  paused["spec"]["paused"] = true;
  ExpectHeld(paused, {ResourceOf("shop/migrations:1")}, HoldReason::kWaitsForMigration);
  EXPECT_EQ(Decide(paused, {ResourceOf("shop/migrations:2")}).step, GateStep::kApprove);
  Json nameless = AdoptedOf(kOld, kNameless);
  nameless["spec"]["paused"] = true;
  ExpectHeld(nameless, {ResourceOf("shop/migrations:2")}, HoldReason::kSettling, Later(1000));
}

TEST(Gate, BreakingTheGlassLetsItGoOnce) {
  Json held = Held(kNew);
  Annotate(held, "gate", "open");
  EXPECT_EQ(Decide(held, {ResourceOf("x", Phase::kFailed)}).step, GateStep::kBreakGlass);
  EXPECT_EQ(Decide(held, {}).step, GateStep::kBreakGlass);
  held.merge_patch(OpenPatch(ReadDeployment(held), Later(60)));
  EXPECT_EQ(Decide(held, {ResourceOf("x", Phase::kFailed)}).step, GateStep::kNothing);
  Annotate(held, "gate", "closed");
  EXPECT_EQ(Decide(held, {ResourceOf("x", Phase::kFailed)}).step, GateStep::kNothing);
}

TEST(Gate, TheTemplateThatWasPutBackGoesOnlyWhenSomethingWasReachedSince) {
  Json held = Held(kNew, Later(50));
  Annotate(held, "failed", MarkText({TemplateHash(kNew), Later(30)}));
  GateResource resource = ResourceOf("shop/migrations:2");  // reached, and then the rollout failed
  ExpectHeld(held, {resource}, HoldReason::kTemplateReapplied, Later(3600));
  resource.phase = Phase::kFailed;
  ExpectHeld(held, {resource}, HoldReason::kTemplateReapplied, Later(3600));
  ExpectHeld(held, {ResourceOf("shop/migrations:1")}, HoldReason::kTemplateReapplied, Later(3600));
  resource.phase = Phase::kRollingOut;
  resource.reached->at = Later(40);
  EXPECT_EQ(Decide(held, {resource}).step, GateStep::kOpen);
  // Another template is another matter.
  Annotate(held, "failed", MarkText({TemplateHash(kNameless), Later(45)}));
  EXPECT_EQ(Decide(held, {resource}).step, GateStep::kOpen);

  Json nameless = Held(kNameless, Later(50));
  Annotate(nameless, "failed", MarkText({TemplateHash(kNameless), Later(30)}));
  ExpectHeld(nameless, {ResourceOf("x")}, HoldReason::kTemplateReapplied, Later(3600));
}

TEST(Gate, AfterAFailedRolloutAMendedTemplateGoesOnTheSameSchema) {
  GateResource resource = ResourceOf("shop/migrations:2", Phase::kFailed);
  resource.rollout_failed = true;
  const Json mended = TemplateOf("shop/api:2.1", "shop/migrations:2");
  Json held = Held(mended, Later(50));
  Annotate(held, "failed", MarkText({TemplateHash(kNew), Later(30)}));
  EXPECT_EQ(Decide(held, {resource}).step, GateStep::kOpen);
  // The one that failed is still the one that failed.
  Json again = Held(kNew, Later(50));
  Annotate(again, "failed", MarkText({TemplateHash(kNew), Later(30)}));
  ExpectHeld(again, {resource}, HoldReason::kTemplateReapplied, Later(3600));
  // Where the schema went back too, it isn't there.
  resource.reached.reset();
  ExpectHeld(held, {resource}, HoldReason::kMigrationFailed);
}

TEST(GateResource, IsReadFromASchemaMigration) {
  api::SchemaMigration resource;
  resource.name = "api";
  resource.generation = 4;
  resource.deleting = true;
  resource.status.observed_generation = 3;
  resource.status.phase = Phase::kMigrating;
  resource.status.reached = api::Reached{3, "shop/migrations:1", {"a"}, kNoon};
  GateResource read = GateResourceOf(resource);
  EXPECT_FALSE(read.Gates("api"));
  resource.spec.gate = api::Gate{};
  resource.spec.gate->deployments = {"api", "web"};
  resource.spec.gate->on_delete = api::OnDelete::kLeave;
  read = GateResourceOf(resource);
  EXPECT_TRUE(read.Gates("web"));
  EXPECT_FALSE(read.Gates("we"));
  EXPECT_TRUE(read.leave_on_delete);
  EXPECT_TRUE(read.deleting);
  EXPECT_EQ(read.generation, 4);
  EXPECT_EQ(read.observed_generation, 3);
  EXPECT_EQ(read.phase, Phase::kMigrating);
  EXPECT_EQ(read.reached->image, "shop/migrations:1");
  EXPECT_FALSE(read.rollout_failed);
  resource.status.failure = api::Failure{.reason = "MigrationFailed", .message = {}};
  EXPECT_FALSE(GateResourceOf(resource).rollout_failed);
  resource.status.failure->reason = "RolloutFailed";
  EXPECT_TRUE(GateResourceOf(resource).rollout_failed);
}

TEST(Rollout, IsCompleteAsKubectlSaysIt) {
  const auto state = [](const Json& deployment) {
    return RolloutOf(ReadDeployment(deployment), Later(60), seconds(600));
  };
  Json deployment = AdoptedOf(kNew, kNew);
  EXPECT_EQ(state(deployment), RolloutState::kComplete);
  for (const auto& [field, value] : std::vector<std::pair<std::string, int>>{
           {"updatedReplicas", 1}, {"replicas", 3}, {"availableReplicas", 1}, {"observedGeneration", 1}}) {
    Json other = deployment;
    other["status"][field] = value;
    EXPECT_EQ(state(other), RolloutState::kProgressing) << field;
  }
  Json paused = deployment;
  paused["spec"]["paused"] = true;
  EXPECT_EQ(state(paused), RolloutState::kHeld);
  EXPECT_EQ(state(AdoptedOf(kOld, kNew)), RolloutState::kHeld);
  Json none = deployment;
  none["spec"]["replicas"] = 0;
  none["status"] = {{"observedGeneration", 2}};
  EXPECT_EQ(state(none), RolloutState::kComplete);
}

TEST(Rollout, FailsByTheProgressDeadlineOrTheTimeout) {
  Json deployment = AdoptedOf(kNew, kNew);
  deployment["status"]["availableReplicas"] = 1;
  Annotate(deployment, "released", MarkText({TemplateHash(kNew), kNoon}));
  const auto state = [&](int seconds_later) {
    return RolloutOf(ReadDeployment(deployment), Later(seconds_later), seconds(600));
  };
  EXPECT_EQ(state(599), RolloutState::kProgressing);
  EXPECT_EQ(state(600), RolloutState::kFailed);
  EXPECT_EQ(RolloutFailsAt(ReadDeployment(deployment), seconds(600)), Later(600));
  deployment["status"]["observedGeneration"] = 1;
  EXPECT_EQ(state(600), RolloutState::kFailed);
  deployment["status"]["observedGeneration"] = 2;
  // Of another template there is no time; the deadline counts all the same.
  Annotate(deployment, "released", MarkText({TemplateHash(kOld), kNoon}));
  EXPECT_EQ(state(600), RolloutState::kProgressing);
  deployment["status"]["conditions"] = {{{"type", "Progressing"}, {"reason", "ProgressDeadlineExceeded"}}};
  EXPECT_EQ(state(0), RolloutState::kFailed);
  deployment["status"]["observedGeneration"] = 1;  // the condition is of the template before
  EXPECT_EQ(state(0), RolloutState::kProgressing);
}

}  // namespace
}  // namespace sluice::migration
