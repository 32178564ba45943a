// A UNIQUE constraint or PRIMARY KEY in two steps: an index CONCURRENTLY, and the constraint that takes it. Pure.
#pragma once

#include <string>

#include "core/model/schema.h"

namespace sluice {

// Whether an index by itself can have all that the key has.
bool CanTakeIndex(const SchemaObject& key);

// The two statements; `name` (of index and constraint) and `table` as SQL.
std::string KeyIndexText(const SchemaObject& key, const std::string& name, const std::string& table);
std::string KeyFromIndexText(const SchemaObject& key, const std::string& name, const std::string& table);

}  // namespace sluice
