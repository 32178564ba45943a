#include "operator/telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::telemetry {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, CountWhatOperatorsCount) {
  Metrics metrics({});
  metrics.CountReconcile("success", Metrics::Duration(0.2));
  metrics.CountReconcile("success", Metrics::Duration(0.3));
  metrics.CountReconcile("error", Metrics::Duration(7));
  metrics.CountAdd();
  metrics.CountRetry();
  metrics.CountRequest("GET", 200);
  metrics.CountRequest("PATCH", 0);
  metrics.CountReview("paused", Metrics::Duration(0.001));
  const std::string text = metrics.Text();
  for (const char* line :
       {R"(controller_runtime_reconcile_total{controller="schemamigration",result="success"} 2)",
        R"(controller_runtime_reconcile_total{controller="schemamigration",result="error"} 1)",
        R"(controller_runtime_reconcile_errors_total{controller="schemamigration"} 1)",
        R"(controller_runtime_reconcile_time_seconds_count{controller="schemamigration"} 3)",
        R"(controller_runtime_reconcile_time_seconds_bucket{controller="schemamigration",le="1"} 2)",
        R"(workqueue_adds_total{name="schemamigration"} 1)", R"(workqueue_retries_total{name="schemamigration"} 1)",
        R"(rest_client_requests_total{code="200",method="GET"} 1)",
        R"(rest_client_requests_total{code="<error>",method="PATCH"} 1)",
        R"(sluice_webhook_reviews_total{outcome="paused"} 1)",
        R"(controller_runtime_webhook_latency_seconds_count{webhook="/pause"} 1)",
        "# TYPE controller_runtime_reconcile_total counter"}) {
    EXPECT_THAT(text, HasSubstr(std::string(line) + "\n"));
  }
}

TEST(Metrics, AskWhetherItLeadsAndHowMuchThereIsToDo) {
  bool leads = false;
  const Metrics metrics(
      {.leads = [&] { return leads; }, .queue_depth = [] { return std::size_t{7}; }, .migrations = {}});
  EXPECT_THAT(metrics.Text(), HasSubstr("leader_election_master_status{name=\"sluice-operator\"} 0\n"));
  EXPECT_THAT(metrics.Text(), HasSubstr("workqueue_depth{name=\"schemamigration\"} 7\n"));
  leads = true;
  EXPECT_THAT(metrics.Text(), HasSubstr("leader_election_master_status{name=\"sluice-operator\"} 1\n"));
}

TEST(Metrics, TellOfEachResource) {
  MigrationFigures ready{"shop",
                         "api",
                         "Ready",
                         0,
                         true,
                         Metrics::Duration(12.5),
                         std::chrono::system_clock::time_point(std::chrono::seconds(1'795'694'400))};
  MigrationFigures fresh{"shop", "we\"b\\\n", "", 3, false, {}, {}};
  const Metrics metrics({.leads = {}, .queue_depth = {}, .migrations = [&](const auto& visit) {
                           visit(ready);
                           visit(fresh);
                         }});
  const std::string text = metrics.Text();
  for (const char* line : {R"(sluice_migration_phase{namespace="shop",name="api",phase="Ready"} 1)",
                           R"(sluice_migration_phase{namespace="shop",name="we\"b\\\n",phase="Unknown"} 1)",
                           R"(sluice_migration_pending{namespace="shop",name="we\"b\\\n"} 3)",
                           R"(sluice_migration_drifted{namespace="shop",name="api"} 1)",
                           R"(sluice_migration_duration_seconds{namespace="shop",name="api"} 12.5)",
                           R"(sluice_migration_last_success_timestamp_seconds{namespace="shop",name="api"} 1795694400)",
                           "# TYPE sluice_migration_phase gauge"}) {
    EXPECT_THAT(text, HasSubstr(std::string(line) + "\n"));
  }
  EXPECT_THAT(text, Not(HasSubstr("sluice_migration_duration_seconds{namespace=\"shop\",name=\"we")));
}

}  // namespace
}  // namespace sluice::telemetry
