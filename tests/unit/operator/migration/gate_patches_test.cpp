#include "operator/migration/gate_patches.h"

#include <gtest/gtest.h>

#include "tests/unit/operator/migration/gate_objects.h"

namespace sluice::migration {
namespace {

const Json kOld = TemplateOf("shop/api:1", "shop/migrations:1");
const Json kNew = TemplateOf("shop/api:2", "shop/migrations:2");

Json After(Json deployment, const Json& patch) {
  EXPECT_EQ(patch["metadata"]["resourceVersion"], deployment["metadata"]["resourceVersion"]);
  deployment.merge_patch(patch);
  return deployment;
}

std::string Annotation(const Json& deployment, const std::string& name) {
  return kube::TextAt(deployment, {"metadata", "annotations", "sluice.dev/" + name});
}

Json ReplicaSetOf(Json pod_template, const std::string& revision, const std::string& owner = "u1") {
  pod_template["metadata"]["labels"]["pod-template-hash"] = "66b6c48dd5";
  return Json{{"metadata",
               {{"name", "api-" + revision},
                {"annotations", {{"deployment.kubernetes.io/revision", revision}}},
                {"ownerReferences", Json::array({{{"uid", owner}, {"controller", true}}})}}},
              {"spec", {{"template", pod_template}}}};
}

TEST(GatePatches, AdoptWritesTheMarks) {
  const Json before = DeploymentOf(kNew);
  GateDecision decision{GateStep::kAdopt};
  decision.gated_by = {"api", "web"};
  decision.approve = true;
  const Json after = After(before, AdoptPatch(ReadDeployment(before), decision));
  EXPECT_EQ(after["metadata"]["labels"]["sluice.dev/gated"], "true");
  EXPECT_EQ(Annotation(after, "gated-by"), "api,web");
  EXPECT_EQ(Annotation(after, "approved"), TemplateHash(kNew));
  EXPECT_EQ(Annotation(after, "on-delete"), "");
  decision.approve = false;
  decision.leave_on_delete = true;
  const Json again = After(before, AdoptPatch(ReadDeployment(before), decision));
  EXPECT_EQ(Annotation(again, "approved"), "");
  EXPECT_EQ(Annotation(again, "on-delete"), "Leave");
}

TEST(GatePatches, OpenLetsItGoAndApprovesItInOneWrite) {
  Json before = HeldOf(AdoptedOf(kOld, kNew));
  Annotate(before, "failed", "0123456789ab@2026-11-26T10:00:00Z");
  const GatedDeployment after = ReadDeployment(After(before, OpenPatch(ReadDeployment(before), Later(5))));
  EXPECT_FALSE(after.paused);
  EXPECT_FALSE(after.held);
  EXPECT_FALSE(after.failed);
  EXPECT_EQ(after.approved, (std::vector<std::string>{TemplateHash(kOld), TemplateHash(kNew)}));
  EXPECT_EQ(after.released, (TemplateMark{TemplateHash(kNew), Later(5)}));
}

TEST(GatePatches, APersonsPauseIsLeft) {
  Json before = AdoptedOf(kOld, kNew);
  before["spec"]["paused"] = true;
  for (const Json& patch : {OpenPatch(ReadDeployment(before), kNoon), ApprovePatch(ReadDeployment(before)),
                            ReleasePatch(ReadDeployment(before))}) {
    EXPECT_TRUE(ReadDeployment(After(before, patch)).paused);
  }
}

TEST(GatePatches, ApprovedTemplatesAreTheLastTen) {
  Json deployment = AdoptedOf(kOld, kOld);
  for (int i = 0; i < 12; ++i) {
    deployment["spec"]["template"] = TemplateOf("shop/api:" + std::to_string(i));
    deployment = After(deployment, ApprovePatch(ReadDeployment(deployment)));
  }
  const GatedDeployment read = ReadDeployment(deployment);
  ASSERT_EQ(read.approved.size(), kMostApproved);
  EXPECT_EQ(read.approved.front(), TemplateHash(TemplateOf("shop/api:2")));
  EXPECT_EQ(read.approved.back(), read.template_hash);
}

TEST(GatePatches, UnpauseMakesTheTemplateTheNewest) {
  Json before = AdoptedOf(kOld, kOld);
  Annotate(before, "approved", TemplateHash(kOld) + "," + TemplateHash(kNew));
  before["spec"]["paused"] = true;
  Annotate(before, "paused", MarkText({TemplateHash(kNew), kNoon}));
  const GatedDeployment after = ReadDeployment(After(before, UnpausePatch(ReadDeployment(before))));
  EXPECT_FALSE(after.paused);
  EXPECT_FALSE(after.held);
  EXPECT_EQ(after.approved, (std::vector<std::string>{TemplateHash(kNew), TemplateHash(kOld)}));
}

TEST(GatePatches, PauseSaysForWhichTemplateAndSinceWhen) {
  const Json before = AdoptedOf(kOld, kNew);
  const GatedDeployment after = ReadDeployment(After(before, PausePatch(ReadDeployment(before), Later(9))));
  EXPECT_TRUE(after.paused_by_us());
  EXPECT_EQ(after.held, (TemplateMark{TemplateHash(kNew), Later(9)}));
}

TEST(GatePatches, ReleaseTakesAllMarksAway) {
  Json before = HeldOf(AdoptedOf(kOld, kNew));
  Annotate(before, "released", "x@2026-11-26T10:00:00Z");
  Annotate(before, "failed", "y@2026-11-26T10:00:00Z");
  before["metadata"]["annotations"]["team"] = "shop";
  const Json after = After(before, ReleasePatch(ReadDeployment(before)));
  EXPECT_EQ(after["metadata"]["annotations"], (Json{{"team", "shop"}}));
  EXPECT_TRUE(after["metadata"]["labels"].empty());
  EXPECT_FALSE(after["spec"].contains("paused"));
  Annotate(before, "on-delete", "Leave");
  const Json left = After(before, ReleasePatch(ReadDeployment(before)));
  EXPECT_EQ(left["metadata"]["annotations"], (Json{{"team", "shop"}}));
  EXPECT_TRUE(ReadDeployment(left).paused);
}

TEST(GatePatches, AfterAContractOnlyTheNewestStaysApproved) {
  Json before = HeldOf(AdoptedOf(kOld, TemplateOf("shop/api:3")));
  Annotate(before, "approved", "a,b," + TemplateHash(kNew));
  const Json after = After(before, ForgetApprovedPatch(ReadDeployment(before)));
  EXPECT_EQ(Annotation(after, "approved"), TemplateHash(kNew));
  EXPECT_TRUE(ReadDeployment(after).paused_by_us());
}

TEST(GatePatches, TheReplicaSetToGoBackToIsTheLastApprovedOne) {
  Json deployment = AdoptedOf(kOld, kNew);
  const Json older = TemplateOf("shop/api:0");
  Json restarted = kOld;
  restarted["metadata"]["annotations"]["kubectl.kubernetes.io/restartedAt"] = "2026-11-26T11:16:08Z";
  Annotate(deployment, "approved", TemplateHash(older) + "," + TemplateHash(kOld) + "," + TemplateHash(kNew));
  const std::vector<Json> all{ReplicaSetOf(older, "11"),      ReplicaSetOf(kOld, "9"),
                              ReplicaSetOf(restarted, "10"),  ReplicaSetOf(kNew, "12"),
                              ReplicaSetOf(kOld, "99", "u2"), ReplicaSetOf(TemplateOf("never"), "13")};
  const Json* found = FindApprovedReplicaSet(all, ReadDeployment(deployment));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ((*found)["metadata"]["name"], "api-10");
  EXPECT_EQ(FindApprovedReplicaSet({all[3], all[4], all[5], Json()}, ReadDeployment(deployment)), nullptr);
}

TEST(GatePatches, PutBackMakesTheTemplateExactlyTheApprovedOne) {
  Json failed = kNew;
  failed["metadata"]["annotations"]["added"] = "1";
  failed["metadata"]["labels"]["added"] = "1";
  failed["spec"]["hostNetwork"] = true;
  failed["spec"]["securityContext"] = {{"runAsUser", 1}, {"fsGroup", 2}};
  failed["spec"]["containers"].push_back({{"name", "more"}, {"image", "more:1"}});
  Json approved = kOld;
  approved["spec"]["securityContext"] = {{"runAsUser", 3}};
  approved["spec"]["terminationGracePeriodSeconds"] = 5;
  Json before = HeldOf(AdoptedOf(approved, failed));
  Annotate(before, "released", MarkText({TemplateHash(failed), kNoon}));
  const Json after = After(before, PutBackPatch(before, ReplicaSetOf(approved, "4"), Later(70)));
  EXPECT_EQ(after["spec"]["template"], approved);
  EXPECT_EQ(after["spec"]["selector"], before["spec"]["selector"]);
  const GatedDeployment read = ReadDeployment(after);
  EXPECT_FALSE(read.paused);
  EXPECT_FALSE(read.held);
  EXPECT_FALSE(read.released);
  EXPECT_EQ(read.failed, (TemplateMark{TemplateHash(failed), Later(70)}));
  EXPECT_TRUE(read.is_approved());
}

TEST(GatePatches, ATemplateWhoseRolloutFailedIsApprovedNoLonger) {
  Json before = AdoptedOf(kOld, kNew);
  Annotate(before, "approved", TemplateHash(kOld) + "," + TemplateHash(kNew));
  const GatedDeployment after = ReadDeployment(After(before, PutBackPatch(before, ReplicaSetOf(kOld, "4"), kNoon)));
  EXPECT_EQ(after.approved, std::vector<std::string>{TemplateHash(kOld)});
}

TEST(GatePatches, AManagersEntriesAreTakenOut) {
  Json object = AdoptedOf(kOld, kOld);
  EXPECT_EQ(WithoutManagedFieldsPatch(object, "sluice-operator"), std::nullopt);
  object["metadata"]["managedFields"] = {{{"manager", "helm"}, {"operation", "Apply"}},
                                         {{"manager", "sluice-operator"}, {"operation", "Update"}},
                                         {{"manager", "kube-controller-manager"}, {"subresource", "status"}}};
  const auto patch = WithoutManagedFieldsPatch(object, "sluice-operator");
  ASSERT_TRUE(patch);
  const Json after = After(object, *patch);
  ASSERT_EQ(after["metadata"]["managedFields"].size(), 2U);
  EXPECT_EQ(after["metadata"]["managedFields"][0]["manager"], "helm");
  EXPECT_EQ(WithoutManagedFieldsPatch(after, "sluice-operator"), std::nullopt);
}

}  // namespace
}  // namespace sluice::migration
