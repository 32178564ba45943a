// The names that PostgreSQL gives to what is created without one. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice {

// The longest name, in bytes (NAMEDATALEN - 1).
inline constexpr std::size_t kLongestName = 63;

// `TABLE_COLUMN_LABEL`, where table and column are cut evenly until the whole fits (makeObjectName() in
// src/backend/commands/indexcmds.c); an empty column or label has no underscore. PostgreSQL puts a number behind the
// label when the name is taken; this doesn't.
std::string MakeObjectName(std::string_view table, std::string_view column, std::string_view label);

}  // namespace sluice
