// The steps of a plan in an order in which each finds what it needs. Cycles are broken the way pg_dump breaks them
// (pg_dump_sort.c): foreign keys, then other constraints, defaults, owners of sequences and at last the definitions of
// views get steps of their own.
#pragma once

#include <vector>

#include "core/diff/differ.h"
#include "core/model/operation.h"
#include "core/model/schema.h"

namespace sluice {

// Creates come after what they need in `to`, drops before what they need in `from` goes; an alteration after what it
// newly needs, before what it no longer needs. Otherwise the order is that of the kinds and names, with a table's
// things together.
Operations OrderSteps(const Schema& from, const Schema& to, const std::vector<Difference>& differences);

}  // namespace sluice
