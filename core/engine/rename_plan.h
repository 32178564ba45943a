// Renames that models or people declare: the statements, and what of it a schema already has. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/schema.h"
#include "core/sql/rename_hint.h"

namespace sluice {

struct RenameSteps {
  std::vector<RenameHint> hints;  // what is still to be renamed
  // Tables first, then columns, whose tables have their new names by then, then what has its name from them.
  std::vector<std::string> forward;
  std::vector<std::string> backward;  // undoes `forward`, in the order to be run
  bool empty() const { return forward.empty(); }
};

// The renames of `hints` that are still to be done: `from` has the old name and not the new one, `to` the new one. A
// hint of a model that is done already says nothing; those of the command line may also exchange names. Errors, with
// the hint's place (kModel; kUsage for the command line): the new name is not in `to`, the old name is in both; for the
// command line also that the old name is not in `from`.
Result<RenameSteps> PlanRenames(const std::vector<RenameHint>& hints, const Schema& from, const Schema& to);

// Adds the renames of constraints, indexes and sequences of renamed tables (or of tables with renamed columns) that
// `to` has only under another name. `renamed`: the schema after `steps.forward`.
void FollowRenames(const Schema& renamed, const Schema& to, RenameSteps& steps);

}  // namespace sluice
