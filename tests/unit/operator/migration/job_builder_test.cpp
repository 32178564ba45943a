#include "operator/migration/job_builder.h"

#include <gtest/gtest.h>

#include "operator/migration/job_view.h"

namespace sluice::migration {
namespace {

using api::Json;

api::SchemaMigration Resource() {
  api::SchemaMigration resource;
  resource.namespace_name = "shop";
  resource.name = "api";
  resource.uid = "0b8f5a3c";
  resource.generation = 7;
  resource.spec.image = "registry.example/shop/api-migrations:1.4.2";
  resource.spec.database.url_from = api::SecretKey{"api-db", "url"};
  return resource;
}

Json Container(const Json& job) { return job["spec"]["template"]["spec"]["containers"][0]; }

const Json* Variable(const Json& container, const std::string& name) {
  for (const Json& variable : container["env"]) {
    if (variable["name"] == name) return &variable;
  }
  return nullptr;
}

TEST(JobBuilderTest, TheSameOrderHasTheSameNameAndTheNextOneAnother) {
  const api::SchemaMigration resource = Resource();
  const std::string name =
      JobName(resource, {.step = Step::kUpgrade, .target = "heads", .plan_hash = "h", .attempt = 1});
  EXPECT_EQ(name, JobName(resource, {.step = Step::kUpgrade, .target = "heads", .plan_hash = "h", .attempt = 1}));
  EXPECT_TRUE(name.starts_with("api-upgrade-"));
  EXPECT_NE(name, JobName(resource, {.step = Step::kUpgrade, .target = "heads", .plan_hash = "h", .attempt = 2}));
  api::SchemaMigration later = resource;
  later.generation = 8;
  EXPECT_NE(name, JobName(later, {.step = Step::kUpgrade, .target = "heads", .plan_hash = "h", .attempt = 1}));
}

TEST(JobBuilderTest, ALongNameIsCutAndStaysAName) {
  api::SchemaMigration resource = Resource();
  resource.name = std::string(39, 'a') + "." + std::string(200, 'b');
  const std::string name =
      JobName(resource, {.step = Step::kDowngrade, .target = "base", .plan_hash = "h", .attempt = 0});
  EXPECT_LE(name.size(), 63u);
  EXPECT_TRUE(name.starts_with(std::string(39, 'a') + "-downgrade-"));
  EXPECT_LE(LabelValue(resource.name).size(), 63u);
  EXPECT_EQ(LabelValue("api"), "api");
}

TEST(JobBuilderTest, AnUpgradeKeepsToItsPlan) {
  const Json job = BuildJob(Resource(), {.step = Step::kUpgrade, .target = "heads", .plan_hash = "abc", .attempt = 0});
  EXPECT_EQ(Container(job)["args"],
            Json({"upgrade", "--require-validated", "abc", "--timeout=3570s", "--phase=expand", "heads"}));
  EXPECT_EQ(job["spec"]["backoffLimit"], 3);
  EXPECT_EQ(job["spec"]["template"]["spec"]["activeDeadlineSeconds"], 3630);
  EXPECT_FALSE(job["spec"].contains("activeDeadlineSeconds"));  // it would take pod and log along
  EXPECT_FALSE(job["spec"].contains("ttlSecondsAfterFinished"));
  EXPECT_EQ(job["metadata"]["ownerReferences"][0]["uid"], "0b8f5a3c");
}

TEST(JobBuilderTest, StagingRehearsesProductionsPlan) {
  api::SchemaMigration resource = Resource();
  resource.spec.validation = api::Validation{};
  resource.spec.validation->database.url_from = api::SecretKey{"staging-db", "url"};
  const Json pod =
      BuildJob(resource,
               {.step = Step::kValidate, .target = "heads", .plan_hash = {}, .attempt = 0})["spec"]["template"]["spec"];
  const Json& plan = pod["initContainers"][0];
  EXPECT_EQ(plan["args"], Json({"plan", "--report", "/run/sluice/plan.json", "heads"}));
  EXPECT_EQ((*Variable(plan, "DATABASE_URL"))["valueFrom"]["secretKeyRef"]["name"], "api-db");
  EXPECT_EQ((*Variable(pod["containers"][0], "DATABASE_URL"))["valueFrom"]["secretKeyRef"]["name"], "staging-db");
  EXPECT_EQ(pod["volumes"].size(), 1u);
}

TEST(JobBuilderTest, ThePodIsRestrictedAndKnowsNoToken) {
  const Json pod = BuildJob(
      Resource(), {.step = Step::kPlan, .target = "heads", .plan_hash = {}, .attempt = 0})["spec"]["template"]["spec"];
  EXPECT_EQ(pod["automountServiceAccountToken"], false);
  EXPECT_EQ(pod["securityContext"]["runAsNonRoot"], true);
  EXPECT_EQ(pod["containers"][0]["securityContext"]["capabilities"]["drop"], Json::array({"ALL"}));
  EXPECT_EQ(pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"], true);
}

TEST(JobBuilderTest, APodTemplateIsLaidOverIt) {
  api::SchemaMigration resource = Resource();
  resource.spec.pod_template = Json::parse(R"({
    "labels": {"team": "shop"}, "nodeSelector": {"disk": "ssd"}, "resources": {"limits": {"memory": "64Mi"}},
    "env": [{"name": "SLUICE_LOCK_TIMEOUT", "value": "3s"}], "volumes": [{"name": "ca"}],
    "initContainers": [{"name": "proxy", "image": "proxy:1", "restartPolicy": "Always"}]})");
  const Json job = BuildJob(resource, {.step = Step::kPlan, .target = "heads", .plan_hash = {}, .attempt = 0});
  const Json& pod = job["spec"]["template"]["spec"];
  EXPECT_EQ(job["spec"]["template"]["metadata"]["labels"]["team"], "shop");
  EXPECT_EQ(job["spec"]["template"]["metadata"]["labels"]["sluice.dev/step"], "plan");
  EXPECT_EQ(pod["nodeSelector"]["disk"], "ssd");
  EXPECT_EQ(pod["initContainers"].size(), 1u);
  EXPECT_EQ(pod["containers"][0]["resources"]["limits"]["memory"], "64Mi");
  EXPECT_EQ(pod["containers"][0]["resources"]["requests"]["memory"], "32Mi");
  EXPECT_TRUE(Variable(pod["containers"][0], "SLUICE_LOCK_TIMEOUT"));
  EXPECT_TRUE(Variable(pod["containers"][0], "DATABASE_URL"));
}

TEST(JobBuilderTest, AProxyComesBeforeThePlanAndKeepsItsOwnResources) {
  api::SchemaMigration resource = Resource();
  resource.spec.validation = api::Validation{};
  resource.spec.pod_template = Json::parse(R"({
    "resources": {"limits": {"memory": "64Mi"}},
    "initContainers": [{"name": "proxy", "image": "proxy:1", "restartPolicy": "Always"}]})");
  const Json pod =
      BuildJob(resource,
               {.step = Step::kValidate, .target = "heads", .plan_hash = {}, .attempt = 0})["spec"]["template"]["spec"];
  ASSERT_EQ(pod["initContainers"].size(), 2u);
  EXPECT_EQ(pod["initContainers"][0]["name"], "proxy");
  EXPECT_FALSE(pod["initContainers"][0].contains("resources"));
  EXPECT_EQ(pod["initContainers"][1]["resources"]["limits"]["memory"], "64Mi");
}

TEST(JobBuilderTest, WhatIsBuiltIsReadAgain) {
  const JobView view =
      ReadJob(BuildJob(Resource(), {.step = Step::kUndo, .target = {}, .plan_hash = "abc", .attempt = 4}));
  EXPECT_EQ(view.step, "undo");
  EXPECT_EQ(view.owner, "api");
  EXPECT_EQ(view.owner_uid, "0b8f5a3c");
  EXPECT_EQ(view.generation, 7);
  EXPECT_EQ(view.attempt, 4);
  EXPECT_EQ(view.state, JobState::kRunning);
}

}  // namespace
}  // namespace sluice::migration
