// A revision that is applied in part, unit by unit: what `status` shows and `repair` numbers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/engine/partial.h"
#include "core/engine/situation.h"

namespace sluice {

enum class UnitState {
  kDone,
  kInDoubt,  // begun, and nobody recorded how it ended
  kToDo,
};

struct PartialUnit {
  int number = 0;     // 1-based: what `repair --mark-done` and `--redo` take
  int section = 0;    // 1-based among the sections of the direction
  int statement = 0;  // 1-based in the section; 0: the section as a whole
  UnitState state = UnitState::kToDo;
  bool changed = false;  // done, and the script says something else now
  std::string file;
  int line = 0;
  std::string text;  // its first line, at most 100 characters
  std::string hash;  // as table `progress` keeps it
};

struct PartialDetails {
  PartialRevision summary;
  std::string message;             // of the revision
  std::vector<PartialUnit> units;  // of the direction it was begun in
  std::optional<Error> trouble;    // why the units can't be told: the script is gone or broken
};

// All that are partial, as `situation` has them. Errors: kConnectionLost; everything else is a revision's `trouble`.
Result<std::vector<PartialDetails>> ReadPartials(const RunContext& context, const Project& project,
                                                 const Situation& situation, ReadSession& session);

}  // namespace sluice
