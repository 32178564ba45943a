// What a Reconciler writes, in which order, and what comes of writes that fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/api/schema_migration_codec.h"
#include "operator/migration/reconciler.h"
#include "tests/unit/operator/k8s/fake_wire.h"
#include "tests/unit/operator/migration/fake_server.h"
#include "tests/unit/operator/migration/gate_objects.h"

namespace sluice::migration {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kResources = "/apis/sluice.dev/v1alpha1/namespaces/shop/schemamigrations/";
constexpr const char* kJobPaths = "/apis/batch/v1/namespaces/shop/jobs/";
constexpr const char* kDeploymentPath = "/apis/apps/v1/namespaces/shop/deployments/api";

class ReconcilerWritesTest : public testing::Test {
 protected:
  ReconcilerWritesTest() {
    Json resource = Json::parse(R"({
      "apiVersion": "sluice.dev/v1alpha1", "kind": "SchemaMigration",
      "metadata": {"name": "api", "namespace": "shop", "uid": "u1", "generation": 1},
      "spec": {"image": "v1", "database": {"urlFrom": {"secretKeyRef": {"name": "db", "key": "url"}}}},
      "status": {"observedGeneration": -1}})");
    server_.Put(Path("api"), resource);
  }

  static std::string Path(const std::string& name) { return kResources + name; }
  Json& Resource(const std::string& name = "api") { return server_.objects.at(Path(name)); }

  // The watches tell what there is; then one look.
  auto Look(const std::string& name = "api") {
    for (const auto& [path, object] : server_.objects) {
      if (path.starts_with(kResources)) cache_.resources.Changed(object);
      if (path.starts_with(kJobPaths)) cache_.jobs.Changed(object);
      if (path == kDeploymentPath && ReadDeployment(object).gated) cache_.deployments.Changed(object);
    }
    server_.written.clear();
    server_.asked.clear();
    told_.clear();
    return reconciler_.Reconcile("shop/" + name);
  }

  std::string JobName() const {
    for (const auto& [path, object] : server_.objects) {
      if (path.starts_with(kJobPaths)) return path.substr(std::string(kJobPaths).size());
    }
    return {};
  }

  // The Job ends, and says this.
  void Finish(TerminationReport report) {
    const std::string path = kJobPaths + JobName();
    Json job = server_.objects.at(path);
    job["status"] = {{"conditions", Json::array({{{"type", "Complete"}, {"status", "True"}}})}};
    server_.Put(path, job);
    report.command = "plan";
    report.outcome = "succeeded";
    report.database_id = "db-1";
    const Json terminated = {
        {"exitCode", 0}, {"message", EncodeReport(report)}, {"finishedAt", "2026-11-26T12:00:00Z"}};
    cache_.pods.Changed(
        {{"metadata",
          {{"name", "pod"}, {"namespace", "shop"}, {"labels", {{"batch.kubernetes.io/job-name", JobName()}}}}},
         {"status",
          {{"phase", "Succeeded"},
           {"containerStatuses", Json::array({{{"name", "sluice"}, {"state", {{"terminated", terminated}}}}})}}}});
  }

  // A resource with a gate that is where it should be, and its Deployment.
  void ReachedWithGate(Json deployment) {
    Resource()["spec"]["gate"] = {{"targets", Json::array({{{"kind", "Deployment"}, {"name", "api"}}})}};
    api::Status status = api::ReadSchemaMigration(Resource()).status;
    status.observed_generation = 1;
    status.phase = api::Phase::kReady;
    status.image = "v1";
    status.target = "heads";
    status.database = "secret/db/url";
    status.reached = api::Reached{1, "v1", {"6ee06edc35dd"}, kNoon};
    Resource()["status"] = api::WriteStatus(status);
    server_.Put(kDeploymentPath, std::move(deployment));
    ASSERT_TRUE(Look().ok());  // its conditions are written
  }

  std::vector<std::string> Reasons() const {
    std::vector<std::string> reasons;
    for (const runtime::EventNews& news : told_) reasons.push_back(news.reason);
    return reasons;
  }

  FakeServer server_;
  kube::FakeLogin login_;
  kube::Client client_{server_, login_, "test"};
  Cache cache_{[](const std::string&) {}};
  std::vector<runtime::EventNews> told_;
  runtime::WallClock clock_;
  Reconciler reconciler_{
      client_, cache_, [this](const runtime::EventNews& news) { told_.push_back(news); }, {}, clock_};
};

TEST_F(ReconcilerWritesTest, AJobIsNeverLeftBehindByWhoStopsInTheMiddle) {
  ASSERT_TRUE(Look().ok());
  EXPECT_THAT(server_.written,
              ElementsAre("PATCH schemamigrations/api", "POST jobs", "PUT schemamigrations/api/status"));
  EXPECT_EQ(Resource()["metadata"]["finalizers"], Json::array({"sluice.dev/job"}));
  // Nothing lasts but the watch: while the Job runs nothing is written.
  ASSERT_TRUE(Look().ok());
  EXPECT_THAT(server_.written, IsEmpty());
}

TEST_F(ReconcilerWritesTest, WhatWasBegunBeforeIsGoneOnWith) {
  server_.refused = {{"PUT schemamigrations/api/status", 409}};
  ASSERT_FALSE(Look().ok());
  EXPECT_THAT(told_, IsEmpty());
  const std::string job = JobName();
  ASSERT_FALSE(job.empty());
  // Whoever takes over knows of nothing, and makes the same Job, which is there.
  Cache empty([](const std::string&) {});
  Reconciler other(
      client_, empty, [](const runtime::EventNews&) {}, {}, clock_);
  server_.refused.clear();
  server_.written.clear();
  ASSERT_TRUE(other.Reconcile("shop/api").ok());
  EXPECT_THAT(server_.written, ElementsAre("PUT schemamigrations/api/status"));
  EXPECT_EQ(JobName(), job);
}

TEST_F(ReconcilerWritesTest, AJobMayGoWhenWhatItSaidIsKept) {
  ASSERT_TRUE(Look().ok());
  const std::string job = JobName();
  TerminationReport report;
  report.heads = {"6ee06edc35dd"};
  Finish(report);
  ASSERT_TRUE(Look().ok());
  EXPECT_THAT(server_.written,
              ElementsAre("PUT schemamigrations/api/status", "PATCH jobs/" + job, "PATCH schemamigrations/api"));
  EXPECT_EQ(Resource()["status"]["phase"], "Ready");
  EXPECT_EQ(server_.objects.at(kJobPaths + job)["spec"]["ttlSecondsAfterFinished"], 3600);
  EXPECT_EQ(Resource()["metadata"]["finalizers"], Json::array());
  // Where it should be: one request, to see that it is.
  ASSERT_TRUE(Look().ok());
  EXPECT_THAT(server_.asked, ElementsAre("GET " + Path("api")));
}

TEST_F(ReconcilerWritesTest, AStatusThatCantBeWrittenKeepsTheJob) {
  ASSERT_TRUE(Look().ok());
  Finish({});
  server_.refused = {{"PUT schemamigrations/api/status", 409}};
  const auto looked = Look();
  ASSERT_FALSE(looked.ok());
  EXPECT_EQ(looked.error().failure, kube::ApiFailure::kConflict);
  EXPECT_THAT(server_.written, IsEmpty());
}

TEST_F(ReconcilerWritesTest, TwoResourcesOfOneDatabaseTakeTurns) {
  Json other = Resource();
  other["metadata"]["name"] = "worker";
  other["metadata"]["uid"] = "u2";
  server_.Put(Path("worker"), other);
  ASSERT_TRUE(Look("api").ok());
  ASSERT_TRUE(Look("worker").ok());
  EXPECT_THAT(server_.written, ElementsAre("PUT schemamigrations/worker/status"));
  EXPECT_NE(Resource("worker")["status"].dump().find("DatabaseBusy"), std::string::npos);
}

TEST_F(ReconcilerWritesTest, ADeploymentIsAdopted) {
  ReachedWithGate(DeploymentOf(TemplateOf("shop/api:1")));
  const GatedDeployment adopted = ReadDeployment(server_.objects.at(kDeploymentPath));
  EXPECT_TRUE(adopted.gated);
  EXPECT_TRUE(adopted.is_approved());
  EXPECT_THAT(adopted.gated_by, ElementsAre("api"));
  ASSERT_TRUE(Look().ok());
  EXPECT_THAT(server_.written, IsEmpty());
}

TEST_F(ReconcilerWritesTest, WhatIsReachedIsLetGoAndToldOnceItIs) {
  const Json old_template = TemplateOf("shop/api:1");
  ReachedWithGate(AdoptedOf(old_template, old_template));
  server_.Put(kDeploymentPath, HeldOf(AdoptedOf(old_template, TemplateOf("shop/api:2", "v1"))));
  server_.refused = {{"PATCH deployments/api", 409}};
  ASSERT_FALSE(Look().ok());
  EXPECT_THAT(Reasons(), testing::Not(testing::Contains("GateOpened")));
  server_.refused.clear();
  ASSERT_TRUE(Look().ok());
  EXPECT_THAT(Reasons(), testing::Contains("GateOpened"));
  const GatedDeployment let_go = ReadDeployment(server_.objects.at(kDeploymentPath));
  EXPECT_FALSE(let_go.paused);
  EXPECT_TRUE(let_go.is_approved());
}

TEST_F(ReconcilerWritesTest, WhatIsHeldIsToldOnce) {
  const Json old_template = TemplateOf("shop/api:1");
  ReachedWithGate(AdoptedOf(old_template, old_template));
  server_.Put(kDeploymentPath, HeldOf(AdoptedOf(old_template, TemplateOf("shop/api:2", "v2"))));
  ASSERT_TRUE(Look().ok());
  EXPECT_THAT(Reasons(), ElementsAre("WaitsForMigration"));
  ASSERT_TRUE(Look().ok());
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_THAT(server_.written, IsEmpty());
}

TEST_F(ReconcilerWritesTest, AResourceThatIsGoneLeavesNoMarks) {
  const Json old_template = TemplateOf("shop/api:1");
  ReachedWithGate(AdoptedOf(old_template, old_template));
  cache_.resources.Deleted(Resource());
  server_.objects.erase(Path("api"));
  ASSERT_TRUE(Look().ok());
  EXPECT_FALSE(ReadDeployment(server_.objects.at(kDeploymentPath)).gated);
}

TEST_F(ReconcilerWritesTest, AsksForNewsOfADeploymentThatIsMissing) {
  std::vector<std::set<std::string>> expected;
  bool is_told = false;
  reconciler_.OnMissing(
      [&](const std::string& namespace_name, const std::string& resource, std::set<std::string> deployments) {
        EXPECT_EQ(namespace_name + "/" + resource, "shop/api");
        expected.push_back(std::move(deployments));
        return is_told;
      });
  const Json old_template = TemplateOf("shop/api:1");
  ReachedWithGate(AdoptedOf(old_template, old_template));
  EXPECT_EQ(expected.back(), std::set<std::string>());
  Resource()["spec"]["gate"]["targets"].push_back({{"kind", "Deployment"}, {"name", "worker"}});
  auto again = Look();
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, std::chrono::seconds(5));
  is_told = true;
  again = Look();
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, std::nullopt);
  EXPECT_EQ(expected.back(), std::set<std::string>{"worker"});
}

}  // namespace
}  // namespace sluice::migration
