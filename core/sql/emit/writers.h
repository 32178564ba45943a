// The writers of the single kinds: each writes the statements of an operation on an object of its kind, besides the
// comment, the owner and the grants (annotations.h). Pure.
#pragma once

#include "core/sql/emit/emission.h"

namespace sluice {

void EmitSchemaObject(Emission& emission);  // CREATE SCHEMA, DROP SCHEMA

}  // namespace sluice
