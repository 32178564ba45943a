// NOT NULL of a column, which PostgreSQL 18 keeps as a constraint with a name. Pure.
#pragma once

#include "core/model/schema.h"

namespace sluice {

// The constraint that says what NOT NULL of the column can't say (another name than the usual one, say); kNone: none.
Schema::Index NotNullConstraintOf(const Schema& schema, Schema::Index column);

// Whether no row of the table and its children can have a NULL there, by the column's own word or by such a constraint.
bool IsNotNull(const Schema& schema, Schema::Index column);

}  // namespace sluice
