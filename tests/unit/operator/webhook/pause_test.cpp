#include "operator/webhook/pause.h"

#include <gtest/gtest.h>

#include "tests/unit/operator/migration/gate_objects.h"
#include "tests/unit/operator/webhook/review_objects.h"

namespace sluice::webhook {
namespace {

using migration::AdoptedOf;
using migration::Annotate;
using migration::DeploymentOf;
using migration::GatedDeployment;
using migration::HeldOf;
using migration::kNoon;
using migration::Later;
using migration::ReadDeployment;
using migration::TemplateHash;
using migration::TemplateMark;
using migration::TemplateOf;

const Json kOld = TemplateOf("shop/api:1", "shop/migrations:1");
const Json kNew = TemplateOf("shop/api:2", "shop/migrations:2");

struct Written {
  Json object;
  GatedDeployment read;
  PauseOutcome outcome = PauseOutcome::kLeft;
  bool touched = false;
};

Written Write(const Json& object, const Json& old_object, const std::string& user = "alice",
              api::Time now = Later(100)) {
  const Json review = ReviewOf(object, old_object, user);
  const PauseAnswer answer = AnswerPause(review, kOperatorUser, now);
  Written written{Admitted(review, answer), {}, answer.outcome, answer.review["response"].contains("patch")};
  written.read = ReadDeployment(written.object);
  return written;
}

TEST(Pause, ATemplateThatIsNotApprovedIsPausedInTheSameRequest) {
  const Written written = Write(AdoptedOf(kOld, kNew), AdoptedOf(kOld, kOld));
  EXPECT_EQ(written.outcome, PauseOutcome::kPaused);
  EXPECT_TRUE(written.read.paused_by_us());
  EXPECT_EQ(written.read.held, (TemplateMark{TemplateHash(kNew), Later(100)}));
  EXPECT_EQ(written.object["spec"]["template"], kNew);
}

TEST(Pause, WhoeverWritesIsTold) {
  const PauseAnswer held = AnswerPause(ReviewOf(AdoptedOf(kOld, kNew), AdoptedOf(kOld, kOld)), kOperatorUser, kNoon);
  ASSERT_EQ(held.review["response"]["warnings"].size(), 1U);
  EXPECT_EQ(held.namespace_name, "shop");
  EXPECT_EQ(held.name, "api");
  const PauseAnswer left = AnswerPause(ReviewOf(AdoptedOf(kOld, kOld), AdoptedOf(kOld, kOld)), kOperatorUser, kNoon);
  EXPECT_FALSE(left.review["response"].contains("warnings"));
}

TEST(Pause, WhatNobodyGatesIsLeft) {
  EXPECT_FALSE(Write(DeploymentOf(kNew), DeploymentOf(kOld)).touched);
  EXPECT_FALSE(Write(DeploymentOf(kNew), Json()).touched);
}

TEST(Pause, AnApprovedTemplateIsLeft) {
  Json restarted = AdoptedOf(kOld, kOld);
  restarted["spec"]["template"]["metadata"]["annotations"]["kubectl.kubernetes.io/restartedAt"] = "now";
  restarted["spec"]["replicas"] = 9;
  EXPECT_FALSE(Write(restarted, AdoptedOf(kOld, kOld)).touched);
}

TEST(Pause, TheOperatorsOwnWritesAreLeft) {
  EXPECT_FALSE(Write(AdoptedOf(kOld, kNew), HeldOf(AdoptedOf(kOld, kNew)), kOperatorUser).touched);
}

TEST(Pause, OneThatIsCreatedWithTheLabelIsPaused) {
  Json made = DeploymentOf(kNew);
  made["metadata"]["labels"]["sluice.dev/gated"] = "true";
  EXPECT_TRUE(Write(made, Json()).read.paused_by_us());
  // What a backup says of its template doesn't count.
  const Written restored = Write(AdoptedOf(kNew, kNew), Json());
  EXPECT_TRUE(restored.read.paused_by_us());
  EXPECT_TRUE(restored.read.approved.empty());
  EXPECT_EQ(restored.read.gated_by, std::vector<std::string>{"api"});
}

TEST(Pause, AResumeOfWhatIsHeldIsPausedAgainAndKeepsItsTime) {
  const Json held = HeldOf(AdoptedOf(kOld, kNew));
  Json resumed = held;
  resumed["spec"].erase("paused");
  EXPECT_EQ(Write(resumed, held).object, held);
  resumed["spec"]["paused"] = false;  // as a chart says it
  EXPECT_EQ(Write(resumed, held).object, held);
}

TEST(Pause, AnotherTemplateWhileOneIsHeldIsHeldAfresh) {
  const Json held = HeldOf(AdoptedOf(kOld, kNew));
  Json newer = held;
  newer["spec"]["template"] = TemplateOf("shop/api:3");
  EXPECT_EQ(Write(newer, held).read.held, (TemplateMark{TemplateHash(TemplateOf("shop/api:3")), Later(100)}));
}

TEST(Pause, AReplaceThatDropsTheMarksGetsThemBack) {
  Json old = HeldOf(AdoptedOf(kOld, kNew));
  Annotate(old, "failed", "0123456789ab@2026-11-26T10:00:00Z");
  Annotate(old, "on-delete", "Leave");
  Annotate(old, "released", migration::MarkText({TemplateHash(kOld), Later(-100)}));
  Json replaced = DeploymentOf(kNew);
  const Written written = Write(replaced, old);
  EXPECT_EQ(written.object, old);
  replaced["spec"]["template"] = kOld;
  const Written back = Write(replaced, old);
  EXPECT_FALSE(back.read.paused);
  EXPECT_TRUE(back.read.is_approved());
  EXPECT_TRUE(back.read.gated);
}

TEST(Pause, AnApprovalCantBeBroughtAlong) {
  Json applied = AdoptedOf(kNew, kNew);
  applied["metadata"]["annotations"]["sluice.dev/failed"] = "x";
  const Written written = Write(applied, AdoptedOf(kOld, kOld));
  EXPECT_TRUE(written.read.paused_by_us());
  EXPECT_EQ(written.read.approved, std::vector<std::string>{TemplateHash(kOld)});
  EXPECT_FALSE(written.read.failed);
}

TEST(Pause, APersonsPauseIsLeft) {
  Json paused = AdoptedOf(kOld, kNew);
  paused["spec"]["paused"] = true;
  EXPECT_FALSE(Write(paused, AdoptedOf(kOld, kOld)).touched);
  Json approved = AdoptedOf(kOld, kOld);
  approved["spec"]["paused"] = true;
  EXPECT_FALSE(Write(approved, AdoptedOf(kOld, kOld)).touched);
}

TEST(Pause, GoingBackToAnApprovedTemplateWhileHeldLetsItGo) {
  const Json held = HeldOf(AdoptedOf(kOld, kNew));
  Json back = held;
  back["spec"]["template"] = kOld;
  const Written written = Write(back, held);
  EXPECT_EQ(written.outcome, PauseOutcome::kUnpaused);
  EXPECT_EQ(written.object, AdoptedOf(kOld, kOld));
}

TEST(Pause, AnOlderApprovedTemplateBecomesTheNewest) {
  Json old = AdoptedOf(kOld, kNew);
  Annotate(old, "approved", TemplateHash(kOld) + "," + TemplateHash(kNew));
  Json back = old;
  back["spec"]["template"] = kOld;
  const Written written = Write(back, old);
  EXPECT_FALSE(written.read.paused);
  EXPECT_EQ(written.read.approved, (std::vector<std::string>{TemplateHash(kNew), TemplateHash(kOld)}));
}

TEST(Pause, BreakingTheGlassLetsItGo) {
  const Json held = HeldOf(AdoptedOf(kOld, kNew));
  Json broken = held;
  Annotate(broken, "gate", "open");
  const Written written = Write(broken, held);
  EXPECT_FALSE(written.read.paused);
  EXPECT_FALSE(written.read.held);
  Json next = AdoptedOf(kOld, kNew);
  Annotate(next, "gate", "open");
  EXPECT_FALSE(Write(next, AdoptedOf(kOld, kOld)).touched);
}

TEST(Pause, OtherRequestsAreAllowedAsTheyAre) {
  const Json good = ReviewOf(AdoptedOf(kOld, kNew), AdoptedOf(kOld, kOld));
  const std::vector<std::pair<std::string, Json>> changes{
      {"/request/operation", "DELETE"},       {"/request/kind/kind", "StatefulSet"}, {"/request/kind/group", ""},
      {"/request/subResource", "status"},     {"/request/object", Json()},           {"/request/object/metadata", 7},
      {"/request/object/spec", Json::array()}};
  for (const auto& [path, value] : changes) {
    Json review = good;
    review[Json::json_pointer(path)] = value;
    const PauseAnswer answer = AnswerPause(review, kOperatorUser, kNoon);
    EXPECT_EQ(answer.review["response"], (Json{{"uid", "705ab4f5"}, {"allowed", true}})) << path;
  }
}

TEST(Pause, WhatCantBeUnderstoodIsAllowed) {
  for (const char* body : {"", "null", "[]", "{\"request\":", "{\"request\":[]}", "\xff\xfe", "{}"}) {
    const PauseReply reply = ReplyToPause(body, kOperatorUser, kNoon);
    const Json answer = Json::parse(reply.body);
    EXPECT_EQ(answer["kind"], "AdmissionReview");
    EXPECT_EQ(answer["response"]["allowed"], true) << body;
    EXPECT_FALSE(answer["response"].contains("patch")) << body;
  }
}

}  // namespace
}  // namespace sluice::webhook
