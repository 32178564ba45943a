// What nearly every kind of object has beside its definition: a comment, an owner, grants. Pure.
#pragma once

#include <string>

#include "core/sql/emit/emission.h"

namespace sluice {

// The object as COMMENT ON and ALTER … OWNER TO name it: `TABLE billing.invoice`, `CONSTRAINT paid ON invoice`,
// `COLUMN invoice.note`, `FUNCTION total(integer)`. DROP and ALTER name what doesn't belong to a relation the same way.
std::string AnnotationTarget(const Emission& emission, const SchemaObject& object);

// `public.+`: an operator's own name is never quoted.
std::string OperatorName(const Emission& emission, const ObjectId& id);

// COMMENT ON, OWNER TO (when asked for) and GRANT or REVOKE for `object`, which is created, as its own statements.
void EmitNewAnnotations(Emission& emission, const SchemaObject& object);

// The same for what the alteration changes of them.
void EmitChangedAnnotations(Emission& emission);

}  // namespace sluice
