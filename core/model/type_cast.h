// How the values of one type become those of another. Facts of PostgreSQL's pg_cast (13 to 18), by the types' names.
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice {

enum class TypeCast : std::uint8_t {
  kAssigned,     // ALTER COLUMN … TYPE does it by itself
  kExplicit,     // with USING column::type
  kThroughText,  // with USING column::text::type, for types that only the database knows
  kNone,         // there is none: the column is dropped and added
};

// Types as format_type writes them.
TypeCast HowCast(std::string_view from, std::string_view to);

}  // namespace sluice
