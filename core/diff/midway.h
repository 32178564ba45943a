// The schema in the middle of a plan. Pure.
#pragma once

#include <cstddef>

#include "core/model/operation.h"
#include "core/model/schema.h"

namespace sluice {

// What is there when step `place` of the plan from `from` to `to` begins. Linear in the objects, times their logarithm.
Schema SchemaBefore(const Operations& operations, std::size_t place, const Schema& from, const Schema& to);

}  // namespace sluice
