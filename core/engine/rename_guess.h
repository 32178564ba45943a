// What may be a rename that nobody has told of: something dropped and something created that are alike. Pure.
#pragma once

#include <functional>
#include <vector>

#include "core/base/result.h"
#include "core/model/schema.h"
#include "core/sql/rename_hint.h"

namespace sluice {

// Whether the hint's `old_name` has become what it names. An error ends the questions.
using RenameQuestion = std::function<Result<bool>(const RenameHint& hint)>;

// Asks about tables that have the same columns, then about columns of one table that differ in their names only, until
// there is nothing left that could be meant; returns `known` and what was answered with yes. Errors: those of `ask`.
Result<std::vector<RenameHint>> AskForRenames(const Schema& from, const Schema& to, std::vector<RenameHint> known,
                                              const RenameQuestion& ask);

}  // namespace sluice
