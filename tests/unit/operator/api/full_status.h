// A status in which everything is there.
#pragma once

#include "operator/api/schema_migration.h"

namespace sluice::api {

inline const Time kNow{std::chrono::seconds(1'795'691'768)};

// Every member different from what it is when nothing is there.
inline Status FullStatus() {
  Status status;
  status.observed_generation = 7;
  status.phase = Phase::kRollingOut;
  status.conditions = {{"Reconciling", true, "RollingOut", "Waiting for web", 7, kNow},
                       {"Ready", false, "RollingOut", "", 6, kNow + std::chrono::seconds(1)}};
  status.current = "6ee06edc35dd";
  status.target = "7a00c2b81f5e";
  status.pending = 3;
  status.database = "secret/shop-db/url";
  status.database_id = "db-1";
  status.image = "registry.example/api:1.4.2";
  status.plan = Plan{"sha256:1",
                     Direction::kDowngrade,
                     {"6ee06edc35dd"},
                     {{"7a00c2b81f5e", "Add prices", false, true, {"rewrites orders"}}, {"8b", "", true, false, {}}},
                     4,
                     1};
  status.downgrade_plan = DowngradePlan{{"6ee06edc35dd"}, 2, {"column orders.price"}, 1, {"8b"}};
  status.validation = ValidationResult{"sha256:1", true, kNow, "12 ms on orders"};
  status.last_run = Run{"api-upgrade-1", "upgrade", kNow, kNow + std::chrono::seconds(2), "Succeeded", "2 revisions"};
  status.history = {{7, "api:1.4.2", "6ee0", "7a00", "Succeeded", kNow}, {6, "api:1.4.1", "", "6ee0", "Failed", kNow}};
  status.reached = Reached{7, "api:1.4.2", {"7a00c2b81f5e", "6ee06edc35dd"}, kNow};
  status.gated = {{"web", "hash-1", "hash-3"}, {"worker", "hash-2", ""}};
  status.pending_contract = {"9c"};
  status.failure = Failure{"MigrationFailed", "column orders.price does not exist"};
  status.attempt = 2;
  status.failures = 1;
  status.phase_since = kNow;
  status.drift_checked_at = kNow;
  status.drift = "1 object differs";
  return status;
}

}  // namespace sluice::api
