// One unit of a step with what goes along with it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/db/record.h"
#include "core/engine/observer.h"
#include "core/engine/step_script.h"

namespace sluice {

struct UnitTask {
  const StepScript& step;
  std::size_t unit = 0;  // index into step.units.units
  StepPosition position = {};
  std::int64_t run_id = 0;
  bool finishes = false;       // the last unit: the step's edit of the version rows goes with it
  RowEdit rows = {};           // that edit
  bool ends_progress = false;  // with `finishes`: the revision was partial until now
  bool stores_script = false;
  std::string note = {};                   // for the event
  bool runs_checks = false;                // the check sections, first in this unit's transaction
  bool runs_verifies = false;              // the verify sections, last in it
  bool replays_settings = false;           // a resumed section outside a transaction: its earlier SETs first
  std::optional<std::string> intent = {};  // of an earlier run for this very unit (table progress)
};

// REQUIRES for these: the task has a unit (`unit` is less than the number of units).
const Unit& UnitOf(const UnitTask& task);
const UnitSection& SectionOf(const UnitTask& task);
bool IsLastOfSection(const UnitTask& task);
int StatementNumber(const UnitTask& task);  // 1-based; 0: the section as a whole

bool HasUnit(const UnitTask& task);

// Whether a section may leave something behind in its session.
bool ChangesSession(const UnitSection& section);
// … and whether it may prepare statements, or take prepared ones away.
bool MayPrepare(const UnitSection& section);

// The event that the task's record holds.
EventRecord MakeEvent(const UnitTask& task);

}  // namespace sluice
