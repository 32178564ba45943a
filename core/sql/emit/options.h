// Lists of options as SQL: storage parameters and the options of foreign objects (AttributeName::kOptions). Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/sql/emit/emission.h"

namespace sluice {

// `fillfactor=70, toast.autovacuum_enabled=off`
std::string StorageParameters(std::string_view lines);

// `host 'db', port '5432'`
std::string ForeignOptions(std::string_view lines);

// What brings storage parameters from `before` to `after`: statements that begin with `prefix` (`ALTER TABLE t`,
// `ALTER TABLE t ALTER COLUMN c`), with SET (…) and RESET (…).
void EmitStorageParameters(Emission& emission, const std::string& prefix, std::string_view before,
                           std::string_view after);

// The same for foreign options: one statement with OPTIONS (ADD …, SET …, DROP …).
void EmitForeignOptions(Emission& emission, const std::string& prefix, std::string_view before, std::string_view after);

}  // namespace sluice
