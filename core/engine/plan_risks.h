// What a plan destroys, and what going back from it would: known before anything runs. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/step_script.h"
#include "core/graph/migration_plan.h"

namespace sluice {

// The way back of an upgrade, newest revision first; of a downgrade the way that it goes itself.
struct WayBack {
  std::vector<std::string> to;            // the version rows at its end
  std::size_t steps = 0;                  // revisions
  std::vector<std::string> data_loss;     // `ab12: drops the column tenant.webhook_url`
  std::vector<std::string> irreversible;  // revisions that can't be taken back
};

struct PlanRisks {
  std::vector<std::vector<std::string>> losses;  // one a step: what it destroys itself (core/sql/statement_loss.h)
  std::optional<WayBack> back;                   // nothing for a stamp and an empty plan
};

// `steps`: one a step of the plan; none for a stamp. Several threads read when there are many steps.
PlanRisks FindRisks(const MigrationPlan& plan, const std::vector<StepScript>& steps);

}  // namespace sluice
