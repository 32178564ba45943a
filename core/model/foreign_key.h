// What a foreign key says of its two tables. Pure.
#pragma once

#include "core/model/schema.h"

namespace sluice {

// Whether the object is a foreign key from a table to a key of the same table.
bool RefersToOwnTable(const Schema& schema, Schema::Index key);

}  // namespace sluice
