// Renames that models or people declare: statements, and what of it a schema already has. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/generated_script.h"
#include "core/model/schema.h"
#include "core/sql/rename_hint.h"

namespace sluice {

struct RenameSteps {
  // Tables first, then columns, whose tables have their new names by then.
  std::vector<std::string> forward;
  std::vector<std::string> backward;  // undoes `forward`, in the order to be run
  bool empty() const { return forward.empty(); }
};

// The renames of `hints` that are still to be done: `from` has the old name and not the new one, `to` the new one. A
// hint that is done already says nothing. kModel, with the hint's place, when the new name is not in `to`, or the old
// name is in both.
Result<RenameSteps> PlanRenames(const std::vector<RenameHint>& hints, const Schema& from, const Schema& to);

}  // namespace sluice
