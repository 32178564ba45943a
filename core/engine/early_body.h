// Routines whose body is text: what it names is known to PostgreSQL only when it looks (check_function_bodies), and to
// no order of steps. Pure.
#pragma once

#include <cstddef>

#include "core/model/operation.h"
#include "core/model/schema.h"

namespace sluice {

// Does the routine that step `place` of `operations` makes, or replaces, name something in its text that a later step
// makes? `to`: the schema after.
bool BodyComesEarly(const Operations& operations, std::size_t place, const Schema& to);

}  // namespace sluice
