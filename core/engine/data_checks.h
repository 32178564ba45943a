// What rows may stand in the way of a difference: queries that find them on the real database before anything runs.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "core/model/generated_script.h"
#include "core/model/operation.h"
#include "core/sql/emit/emit.h"

namespace sluice {

// Check sections for the operations on tables that are there before: NULLs under a new NOT NULL, rows that a new column
// without a value can't take, duplicates under a new UNIQUE or PRIMARY KEY, rows that a new CHECK or FOREIGN KEY
// refuses, values that don't fit a narrower type, labels that an enum no longer has. Each query shows the rows in the
// way.
std::vector<GeneratedCheck> FindDataChecks(const Operations& operations, const EmitContext& context);

}  // namespace sluice
