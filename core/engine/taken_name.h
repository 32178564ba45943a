// Names that tables, indexes and constraints of a schema share. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/model/schema.h"

namespace sluice {

// Whether a relation, an index or a constraint of `schema_name` has the name.
bool IsTakenName(const Schema& schema, std::string_view schema_name, std::string_view name);

}  // namespace sluice
