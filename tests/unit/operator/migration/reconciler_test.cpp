#include "operator/migration/reconciler.h"

#include <gtest/gtest.h>

#include "operator/api/schema_migration_codec.h"
#include "tests/unit/operator/k8s/fake_wire.h"

namespace sluice::migration {
namespace {

constexpr const char* kResource = R"({
  "apiVersion": "sluice.dev/v1alpha1", "kind": "SchemaMigration",
  "metadata": {"name": "api", "namespace": "shop", "uid": "u1", "generation": 1, "resourceVersion": "7"},
  "spec": {"image": "v1", "database": {"urlFrom": {"secretKeyRef": {"name": "db", "key": "url"}}}},
  "status": {"observedGeneration": -1}
})";
constexpr const char* kConflict =
    R"({"kind": "Status", "status": "Failure", "reason": "Conflict", "message": "the object has been modified"})";

TEST(ReconcilerTest, SaysThatSomebodyElseWasFaster) {
  kube::FakeWire wire;
  kube::FakeLogin login;
  kube::Client client(wire, login, "test");
  Cache cache([](const std::string&) {});
  std::vector<runtime::EventNews> told;
  runtime::WallClock clock;
  Reconciler reconciler(
      client, cache, [&](const runtime::EventNews& news) { told.push_back(news); }, {}, clock);
  wire.answers = {{.body = kResource}, {.status = 409, .body = kConflict}};
  const auto looked = reconciler.Reconcile("shop/api");
  ASSERT_FALSE(looked.ok());
  EXPECT_EQ(looked.error().failure, kube::ApiFailure::kConflict);
  EXPECT_EQ(wire.requests.size(), 2u);
  EXPECT_TRUE(told.empty());
}

}  // namespace
}  // namespace sluice::migration
