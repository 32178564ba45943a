// What the gate writes, taken by a real API server.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/clock.h"
#include "operator/api/names.h"
#include "operator/migration/gate_patches.h"
#include "tests/kube/kube_fixture.h"
#include "tests/unit/operator/migration/gate_objects.h"

namespace sluice::migration {
namespace {

using kube::KubeTest;
using kube::ObjectName;

constexpr kube::Resource kDeployments{"apps", "v1", "deployments"};
constexpr kube::Resource kReplicaSets{"apps", "v1", "replicasets"};

class GatePatchesKube : public KubeTest {
 protected:
  ObjectName Name() const { return {kDeployments, namespace_, "api"}; }

  static Json Applied(const std::string& image) {
    Json pod_template = TemplateOf(image);
    Json object{
        {"apiVersion", "apps/v1"},
        {"kind", "Deployment"},
        {"metadata", {{"name", "api"}}},
        {"spec", {{"replicas", 1}, {"selector", {{"matchLabels", {{"app", "api"}}}}}, {"template", pod_template}}}};
    return object;
  }

  // As Helm 4 does.
  kube::ApiResult<Json> Apply(const std::string& image) {
    return client().Apply(Name(), Applied(image), "helm", false);
  }

  // Of the Deployment as it is now; once more when the controller was faster.
  template <typename Make>
  Json Write(const Make& make) {
    Seen();
    while (true) {
      auto written = client().MergePatch(Name(), make(Get()));
      if (written.ok()) return *written;
      EXPECT_EQ(written.error().failure, kube::ApiFailure::kConflict) << written.error().message;
      if (HasFailure()) return {};
    }
  }
  static auto Of(Json (*patch)(const GatedDeployment&)) {
    return [patch](const Json& object) { return patch(ReadDeployment(object)); };
  }
  static auto Of(Json (*patch)(const GatedDeployment&, api::Time)) {
    return [patch](const Json& object) { return patch(ReadDeployment(object), kNoon); };
  }
  static Json Adopt(const Json& object) {
    GateDecision adopt{GateStep::kAdopt};
    adopt.gated_by = {"api"};
    adopt.approve = true;
    return AdoptPatch(ReadDeployment(object), adopt);
  }

  Json Get() {
    auto got = client().Get(Name());
    EXPECT_TRUE(got.ok());
    return *got;
  }

  std::vector<Json> ReplicaSets() {
    std::vector<Json> all;
    EXPECT_TRUE(client()
                    .List({.resource = kReplicaSets, .namespace_name = namespace_},
                          [&](const Json& one) {
                            all.push_back(one);
                            return Status();
                          })
                    .ok());
    return all;
  }

  // Until the controller has seen the Deployment as it is.
  GatedDeployment Seen() {
    GatedDeployment read = ReadDeployment(Get());
    for (int i = 0; i < 3600 && read.observed_generation < read.generation; ++i) {
      SystemClock().SleepFor(std::chrono::milliseconds(50));
      read = ReadDeployment(Get());
    }
    return read;
  }
};

TEST_F(GatePatchesKube, ADeploymentIsAdoptedHeldAndLetGo) {
  ASSERT_TRUE(Apply("shop/api:1").ok());
  Write(Adopt);
  EXPECT_TRUE(Seen().is_approved());

  Json held = Applied("shop/api:2");
  held["spec"]["paused"] = true;
  held["metadata"]["annotations"] = {
      {api::kPausedAnnotation, MarkText({TemplateHash(TemplateOf("shop/api:2")), kNoon})}};
  const auto applied = client().Apply(Name(), held, "webhook", true);
  ASSERT_TRUE(applied.ok()) << applied.error().message;
  const GatedDeployment seen = Seen();
  EXPECT_TRUE(seen.paused_by_us());
  EXPECT_EQ(seen.progressing_reason, "DeploymentPaused");
  EXPECT_EQ(ReplicaSets().size(), 1U);

  // Of what was there before nothing is written any more.
  GatedDeployment stale = seen;
  stale.resource_version = "1";
  const auto refused = client().MergePatch(Name(), OpenPatch(stale, kNoon));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().failure, kube::ApiFailure::kConflict);

  Write(Of(OpenPatch));
  const GatedDeployment open = Seen();
  EXPECT_FALSE(open.paused);
  EXPECT_TRUE(open.is_approved());
  EXPECT_EQ(ReplicaSets().size(), 2U);
}

TEST_F(GatePatchesKube, WhatWasPutBackIsTheTemplateBeforeAndHelmGoesOn) {
  ASSERT_TRUE(Apply("shop/api:1").ok());
  Seen();
  Write(Of(ApprovePatch));
  const Json before = Get()["spec"]["template"];
  ASSERT_TRUE(Apply("shop/api:2").ok());
  Write(Of(OpenPatch));  // … and its rollout fails
  const GatedDeployment failed = Seen();
  const std::vector<Json> sets = ReplicaSets();
  const Json* approved = FindApprovedReplicaSet(sets, failed);
  ASSERT_NE(approved, nullptr);
  const Json put_back = Write([&](const Json& object) { return PutBackPatch(object, *approved, kNoon); });
  EXPECT_EQ(put_back["spec"]["template"], before);
  EXPECT_FALSE(ReadDeployment(put_back).IsApproved(failed.template_hash));
  Seen();
  EXPECT_EQ(ReplicaSets().size(), 2U);  // the old one is used again

  // The manager of this process's writes is its User-Agent.
  EXPECT_EQ(Apply("shop/api:3").error().failure, kube::ApiFailure::kConflict);
  const Json cleaned = Write([](const Json& object) { return *WithoutManagedFieldsPatch(object, "sluice-tests"); });
  const Json& managers = cleaned["metadata"]["managedFields"];
  EXPECT_TRUE(
      std::none_of(managers.begin(), managers.end(), [](const Json& one) { return one["manager"] == "sluice-tests"; }));
  const auto mended = Apply("shop/api:3");
  EXPECT_TRUE(mended.ok()) << mended.error().message;
}

TEST_F(GatePatchesKube, AReleaseLeavesNothingBehind) {
  ASSERT_TRUE(Apply("shop/api:1").ok());
  const Json before = Get();
  Write(Adopt);
  Write(Of(PausePatch));
  const Json after = Write(Of(ReleasePatch));
  EXPECT_EQ(after["spec"], before["spec"]);
  EXPECT_FALSE(after["metadata"].contains("labels"));
  for (const auto& [name, value] : after["metadata"]["annotations"].items())
    EXPECT_FALSE(name.starts_with("sluice.dev/"));
}

}  // namespace
}  // namespace sluice::migration
