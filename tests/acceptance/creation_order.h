// A schema from nothing, for tests of the inspector and the emitter that shall not need the differ.
#pragma once

#include "core/model/operation.h"
#include "core/model/schema.h"

namespace sluice::testing {

// Steps that create all objects but the schema `public`, each after what it needs. Cycles are not broken, foreign keys
// and what tables say of their indexes come behind everything else.
Operations CreationOrder(const Schema& schema);

}  // namespace sluice::testing
