// GRANT and REVOKE from AttributeName::kGrants. Pure.
#pragma once

#include "core/sql/emit/emission.h"

namespace sluice {

// What brings the grants of `before` (null: those of a new object, which may have what default privileges in either
// schema give) to those of `after`.
void EmitGrants(Emission& emission, const SchemaObject* before, const SchemaObject& after);

}  // namespace sluice
