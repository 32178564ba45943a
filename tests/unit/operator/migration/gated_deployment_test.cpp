#include "operator/migration/gated_deployment.h"

#include <gtest/gtest.h>

#include "operator/k8s/json_access.h"
#include "tests/unit/operator/migration/gate_objects.h"

namespace sluice::migration {
namespace {

Json WaitContainer(const Json& members) {
  Json container{{"name", "sluice-wait"}, {"image", "shop/migrations:2"}};
  container.update(members);
  return container;
}

std::vector<std::string> WantedOf(const Json& init_container) {
  Json pod_template = TemplateOf("shop/api:2");
  pod_template["spec"]["initContainers"] = Json::array({init_container});
  return WantedSchemas(pod_template);
}

TEST(GatedDeployment, ReadsMarksTemplateAndStatus) {
  const Json old_template = TemplateOf("shop/api:1", "shop/migrations:1");
  Json object = HeldOf(AdoptedOf(old_template, TemplateOf("shop/api:2", "shop/migrations:2"), "web, api,web"));
  Annotate(object, "released", TemplateHash(old_template) + "@2026-11-26T11:00:00Z");
  Annotate(object, "failed", "0123456789ab@2026-11-26T10:00:00Z");
  Annotate(object, "on-delete", "Leave");
  Annotate(object, "gate", "open");
  object["spec"]["paused"] = true;
  object["status"]["unavailableReplicas"] = 1;
  object["status"]["conditions"] = {{{"type", "Available"}, {"reason", "x"}},
                                    {{"type", "Progressing"}, {"reason", "ProgressDeadlineExceeded"}}};
  const GatedDeployment read = ReadDeployment(object);
  EXPECT_EQ(read.namespace_name, "shop");
  EXPECT_EQ(read.name, "api");
  EXPECT_EQ(read.uid, "u1");
  EXPECT_EQ(read.resource_version, "7");
  EXPECT_EQ(read.generation, 2);
  EXPECT_FALSE(read.deleting);
  EXPECT_TRUE(read.gated);
  EXPECT_EQ(read.gated_by, (std::vector<std::string>{"api", "web"}));
  EXPECT_TRUE(read.leave_on_delete);
  EXPECT_EQ(read.approved, std::vector<std::string>{TemplateHash(old_template)});
  EXPECT_FALSE(read.is_approved());
  EXPECT_EQ(read.released, (TemplateMark{TemplateHash(old_template), Later(-3600)}));
  EXPECT_EQ(read.failed, (TemplateMark{"0123456789ab", Later(-7200)}));
  EXPECT_EQ(read.held, (TemplateMark{read.template_hash, kNoon}));
  EXPECT_TRUE(read.break_glass);
  EXPECT_TRUE(read.paused_by_us());
  EXPECT_EQ(read.replicas, 2);
  EXPECT_EQ(read.selector, "app=api");
  EXPECT_EQ(read.wanted_schemas, std::vector<std::string>{"shop/migrations:2"});
  EXPECT_EQ(read.images, std::vector<std::string>{"shop/api:2"});
  EXPECT_EQ(read.observed_generation, 2);
  EXPECT_EQ(read.current_replicas, 2);
  EXPECT_EQ(read.updated_replicas, 2);
  EXPECT_EQ(read.available_replicas, 2);
  EXPECT_EQ(read.unavailable_replicas, 1);
  EXPECT_EQ(read.progressing_reason, "ProgressDeadlineExceeded");
}

TEST(GatedDeployment, WhatIsMissingOrOfAnotherKindIsEmpty) {
  for (const char* text :
       {"null", "[]", "{}", R"({"metadata":[],"spec":7,"status":"x"})",
        R"({"metadata":{"labels":{"sluice.dev/gated":true},"annotations":{"sluice.dev/approved":[1]}},
                               "spec":{"paused":"true","replicas":"2","template":{"spec":{"containers":{"a":1}}}}})"}) {
    const GatedDeployment read = ReadDeployment(*kube::ParseJson(text));
    EXPECT_FALSE(read.gated) << text;
    EXPECT_FALSE(read.paused) << text;
    EXPECT_EQ(read.replicas, 1) << text;
    EXPECT_TRUE(read.approved.empty()) << text;
    EXPECT_TRUE(read.wanted_schemas.empty()) << text;
    EXPECT_EQ(read.template_hash, TemplateHash(Json())) << text;
  }
}

TEST(GatedDeployment, KeepsLittleOfWhatOthersWroteAtLength) {
  Json object = AdoptedOf(TemplateOf("a"), TemplateOf(std::string(100'000, 'i'), std::string(100'000, 's')));
  std::string approved;
  for (int i = 0; i < 10'000; ++i) approved += "hash" + std::to_string(i) + ",";
  Annotate(object, "approved", approved);
  Annotate(object, "paused", std::string(200'000, 'x'));
  const GatedDeployment read = ReadDeployment(object);
  ASSERT_EQ(read.approved.size(), kMostApproved);
  EXPECT_EQ(read.approved.back(), "hash9999");
  EXPECT_LE(read.images.front().size(), 512U);
  EXPECT_LE(read.wanted_schemas.front().size(), 512U);
  EXPECT_LE(read.held->hash.size(), 64U);
}

TEST(GatedDeployment, AMarkComesThroughItsText) {
  const TemplateMark mark{"5ac100000000", kNoon};
  EXPECT_EQ(MarkText(mark), "5ac100000000@2026-11-26T12:00:00Z");
  EXPECT_EQ(ReadMark(MarkText(mark)), mark);
  EXPECT_EQ(ReadMark("true"), (TemplateMark{"true", std::nullopt}));
  EXPECT_EQ(ReadMark("5ac1@yesterday"), (TemplateMark{"5ac1", std::nullopt}));
}

TEST(TemplateHash, ImagesAndTheSchemaMakeItAndNothingElse) {
  const Json before = TemplateOf("shop/api:1", "shop/migrations:1");
  const std::string hash = TemplateHash(before);
  EXPECT_EQ(hash.size(), 12U);
  Json same = before;
  same["metadata"]["annotations"]["kubectl.kubernetes.io/restartedAt"] = "2026-11-26T11:16:08Z";
  same["metadata"]["labels"]["pod-template-hash"] = "66b6c48dd5";
  same["spec"]["containers"][0]["env"] = {{{"name", "A"}, {"value", "1"}}};
  same["spec"]["containers"][0]["resources"] = {{"limits", {{"memory", "1Gi"}}}};
  same["spec"]["nodeSelector"] = {{"disk", "ssd"}};
  EXPECT_EQ(TemplateHash(same), hash);

  EXPECT_NE(TemplateHash(TemplateOf("shop/api:2", "shop/migrations:1")), hash);
  EXPECT_NE(TemplateHash(TemplateOf("shop/api:1", "shop/migrations:2")), hash);
  EXPECT_NE(TemplateHash(TemplateOf("shop/api:1")), hash);
  Json more = before;
  more["spec"]["containers"].push_back({{"name", "proxy"}, {"image", "proxy:1"}});
  EXPECT_NE(TemplateHash(more), hash);
  Json turned = more;
  std::swap(turned["spec"]["containers"][0], turned["spec"]["containers"][1]);
  EXPECT_EQ(TemplateHash(turned), TemplateHash(more));
  Json init = before;
  init["spec"]["initContainers"] = {{{"name", "proxy"}, {"image", "proxy:1"}}};
  EXPECT_NE(TemplateHash(init), TemplateHash(more));
}

TEST(WantedSchemas, TheAnnotationComesFirst) {
  Json pod_template = TemplateOf("shop/api:2", "6ee06edc35dd");
  pod_template["spec"]["initContainers"] = {WaitContainer({{"args", {"wait", "--for=heads"}}})};
  EXPECT_EQ(WantedSchemas(pod_template), std::vector<std::string>{"6ee06edc35dd"});
}

TEST(WantedSchemas, TheAnnotationMayNameSeveral) {
  const std::vector<std::string> both = {"shop/migrations:2", "6ee06edc35dd"};
  EXPECT_EQ(WantedSchemas(TemplateOf("shop/api:2", "shop/migrations:2, 6ee06edc35dd,")), both);
}

TEST(WantedSchemas, AnInitContainerThatWaitsNamesItByItsImage) {
  const std::vector<std::string> image = {"shop/migrations:2"};
  EXPECT_EQ(WantedOf(WaitContainer({{"args", {"wait", "--for=heads", "--phase=expand"}}})), image);
  EXPECT_EQ(WantedOf(WaitContainer({{"args", {"wait", "--for", "6ee06edc35dd"}}})), image);
  EXPECT_EQ(WantedOf(WaitContainer({{"command", {"sluice", "wait"}}})), image);
  EXPECT_EQ(WantedOf(WaitContainer({{"command", {"/usr/bin/sluice"}}, {"args", {"wait"}}})), image);
}

TEST(WantedSchemas, OtherInitContainersNameNothing) {
  EXPECT_TRUE(WantedOf(WaitContainer(Json::object())).empty());
  EXPECT_TRUE(WantedOf(WaitContainer({{"args", {"wait"}}})).empty());  // whose entry point is another program, perhaps
  EXPECT_TRUE(WantedOf(WaitContainer({{"args", {"upgrade"}}})).empty());
  EXPECT_TRUE(WantedOf(WaitContainer({{"command", {"wait-for", "db"}}, {"args", {"wait", "--for"}}})).empty());
  EXPECT_TRUE(WantedOf(WaitContainer({{"command", {"sluice"}}, {"args", {"upgrade", "wait"}}})).empty());
  EXPECT_TRUE(WantedOf(WaitContainer({{"command", "sluice wait"}, {"args", 7}})).empty());
}

TEST(SelectorText, AsKubectlTakesIt) {
  EXPECT_EQ(SelectorText(Json()), "");
  EXPECT_EQ(SelectorText({{"matchLabels", {{"app", "api"}, {"tier", "web"}}}}), "app=api,tier=web");
  const Json requirements{{{"key", "tier"}, {"operator", "In"}, {"values", {"web", "worker"}}},
                          {{"key", "age"}, {"operator", "NotIn"}, {"values", {"old"}}},
                          {{"key", "team"}, {"operator", "Exists"}},
                          {{"key", "legacy"}, {"operator", "DoesNotExist"}}};
  EXPECT_EQ(SelectorText({{"matchLabels", {{"app", "api"}}}, {"matchExpressions", requirements}}),
            "app=api,tier in (web,worker),age notin (old),team,!legacy");
  EXPECT_EQ(
      SelectorText({{"matchLabels", {{"app", "api"}}}, {"matchExpressions", {{{"key", "a"}, {"operator", "Gt"}}}}}),
      "");
}

}  // namespace
}  // namespace sluice::migration
