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

// ` OPTIONS (ADD host 'db', SET port '5432', DROP user)`; empty when they are equal.
std::string ChangedForeignOptions(std::string_view before, std::string_view after);

// The same as a statement of its own.
void EmitForeignOptions(Emission& emission, const std::string& prefix, std::string_view before, std::string_view after);

}  // namespace sluice
