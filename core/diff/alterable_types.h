// How types and routines can be changed; part of alterable.h.
#pragma once

#include "core/diff/alterable.h"

namespace sluice {

// Of enums, domains, composite types (but not their attributes, which are columns) and ranges.
Change HowTypeChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute);

// Of functions, procedures and aggregates.
Change HowRoutineChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute);

}  // namespace sluice
