// Runs one step of a plan, unit by unit, from where it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/situation.h"
#include "core/engine/step_script.h"
#include "core/engine/unit_runner.h"

namespace sluice {

inline constexpr std::size_t kNoUnit = static_cast<std::size_t>(-1);

// The units whose transactions hold the check sections (the first one, counted from `next`) and the verify sections
// (the last one); kNoUnit where that unit is outside a transaction, and they need one of their own: checks come before
// anything else, verifies after it.
struct QuestionHolders {
  std::size_t first = kNoUnit;
  std::size_t last = kNoUnit;
};
QuestionHolders FindQuestionHolders(const ScriptUnits& units, std::size_t next);

struct StepRun {
  const StepScript& step;
  StepPosition position = {};
  std::int64_t run_id = 0;
  const ProgressRow* progress = nullptr;  // of the step's revision; nullptr: not partial
  std::string stored_checksum = {};       // of a partial revision, as it was begun; empty otherwise
  int server_major = 0;
  bool rolls_back = false;                      // --dry-run: what can't be in a transaction is skipped
  std::vector<std::string>* skipped = nullptr;  // … and named here
};

// The unit that RunStep would run first, and alone; nothing when the step is partial, or of several units.
std::optional<UnitTask> OnlyUnit(const StepRun& run);

// Errors: as FindResumePoint and UnitRunner.
Status RunStep(UnitRunner& runner, const StepRun& run);

}  // namespace sluice
