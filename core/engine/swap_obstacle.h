// What keeps a column's values from being taken over by another column, row after row. Pure.
#pragma once

#include <string>

#include "core/model/operation.h"
#include "core/sql/emit/emit.h"

namespace sluice {

// Half a sentence; empty: nothing of the table and the column by themselves is in the way. `trigger` is the name of the
// one that will keep the columns in step.
std::string FindSwapObstacle(const Operation& operation, const EmitContext& context, const std::string& trigger);

}  // namespace sluice
