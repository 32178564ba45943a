// One step of a plan with everything it runs: the script's text, cut and checked.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/db/record.h"
#include "core/engine/unit.h"
#include "core/graph/migration_plan.h"
#include "core/model/script.h"

namespace sluice {

struct StepScript {
  PlannedStep step;
  Script script;
  std::string text;  // the original bytes
  bool from_database = false;
  ScriptUnits units;      // of the step's direction
  StoredRevision stored;  // as it is, or will be, in table `revision`

  Direction direction() const {
    return step.kind == StepKind::kDowngrade ? Direction::kDowngrade : Direction::kUpgrade;
  }
};

}  // namespace sluice
