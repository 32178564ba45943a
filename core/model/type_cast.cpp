#include "core/model/type_cast.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/model/type_text.h"

namespace sluice {
namespace {

enum class Family : std::uint8_t { kUnknown, kText, kNumber, kMoment, kTimeOfDay, kJson, kNetwork, kOther };

struct KnownType {
  std::string_view name;
  Family family;
};

// Within a family casts are assignments.
constexpr KnownType kTypes[] = {
    {"text", Family::kText},
    {"character varying", Family::kText},
    {"character", Family::kText},
    {"bpchar", Family::kText},
    {"name", Family::kText},
    {"smallint", Family::kNumber},
    {"integer", Family::kNumber},
    {"bigint", Family::kNumber},
    {"numeric", Family::kNumber},
    {"real", Family::kNumber},
    {"double precision", Family::kNumber},
    {"date", Family::kMoment},
    {"timestamp without time zone", Family::kMoment},
    {"timestamp with time zone", Family::kMoment},
    {"time without time zone", Family::kTimeOfDay},
    {"time with time zone", Family::kTimeOfDay},
    {"json", Family::kJson},
    {"jsonb", Family::kJson},
    {"inet", Family::kNetwork},
    {"cidr", Family::kNetwork},
    {"boolean", Family::kOther},
    {"money", Family::kOther},
    {"interval", Family::kOther},
    {"uuid", Family::kOther},
    {"bytea", Family::kOther},
    {"xml", Family::kOther},
    {"bit", Family::kOther},
    {"bit varying", Family::kOther},
    {"macaddr", Family::kOther},
    {"macaddr8", Family::kOther},
    {"point", Family::kOther},
    {"line", Family::kOther},
    {"lseg", Family::kOther},
    {"box", Family::kOther},
    {"path", Family::kOther},
    {"polygon", Family::kOther},
    {"circle", Family::kOther},
    {"tsvector", Family::kOther},
    {"tsquery", Family::kOther},
    {"int4range", Family::kOther},
    {"int8range", Family::kOther},
    {"numrange", Family::kOther},
    {"tsrange", Family::kOther},
    {"tstzrange", Family::kOther},
    {"daterange", Family::kOther},
};

struct KnownCast {
  std::string_view from;
  std::string_view to;
};

// Between families, by a cast of their own.
constexpr KnownCast kCasts[] = {
    {"boolean", "integer"},
    {"integer", "boolean"},
    {"integer", "bit"},
    {"bigint", "bit"},
    {"bit", "integer"},
    {"bit", "bigint"},
    {"bit", "bit varying"},
    {"bit varying", "bit"},
    {"jsonb", "boolean"},
    {"jsonb", "smallint"},
    {"jsonb", "integer"},
    {"jsonb", "bigint"},
    {"jsonb", "numeric"},
    {"jsonb", "real"},
    {"jsonb", "double precision"},
    {"integer", "money"},
    {"bigint", "money"},
    {"numeric", "money"},
    {"money", "numeric"},
    {"timestamp without time zone", "time without time zone"},
    {"interval", "time without time zone"},
    {"time without time zone", "interval"},
    {"timestamp with time zone", "time without time zone"},
    {"timestamp with time zone", "time with time zone"},
    {"macaddr", "macaddr8"},
    {"macaddr8", "macaddr"},
    {"box", "point"},
    {"lseg", "point"},
    {"polygon", "point"},
    {"circle", "point"},
    {"path", "polygon"},
    {"polygon", "path"},
    {"box", "polygon"},
    {"polygon", "box"},
    {"box", "circle"},
    {"circle", "box"},
    {"circle", "polygon"},
    {"polygon", "circle"},
    {"point", "box"},
    {"box", "lseg"},
};

// Without modifiers and array brackets.
std::string BaseName(std::string_view type) {
  std::string name = ReadType(type).base;
  name.resize(std::min(name.find('['), name.size()));
  if (name.starts_with("interval ")) return "interval";  // interval day to second
  return name;
}

Family FamilyOf(std::string_view base) {
  const auto* found =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const KnownType& type) { return type.name == base; });
  return found == std::end(kTypes) ? Family::kUnknown : found->family;
}

bool HasCast(std::string_view from, std::string_view to) {
  return std::any_of(std::begin(kCasts), std::end(kCasts),
                     [&](const KnownCast& cast) { return cast.from == from && cast.to == to; });
}

}  // namespace

TypeCast HowCast(std::string_view from, std::string_view to) {
  const bool from_array = from.find('[') != std::string_view::npos;
  const bool to_array = to.find('[') != std::string_view::npos;
  const std::string from_base = BaseName(from);
  const std::string to_base = BaseName(to);
  const Family from_family = FamilyOf(from_base);
  const Family to_family = FamilyOf(to_base);
  // Everything has a text form (PostgreSQL documentation, CREATE CAST: automatic I/O conversions).
  if (!to_array && to_family == Family::kText) return TypeCast::kAssigned;
  if (!from_array && from_family == Family::kText) return TypeCast::kExplicit;
  if (from_array != to_array) return TypeCast::kNone;
  if (from_base == to_base) return TypeCast::kAssigned;
  if (from_family == Family::kUnknown || to_family == Family::kUnknown) return TypeCast::kThroughText;
  if (from_family == to_family && from_family != Family::kOther) return TypeCast::kAssigned;
  if (from_array && (from_family == Family::kText || to_family == Family::kText)) return TypeCast::kExplicit;
  return HasCast(from_base, to_base) ? TypeCast::kExplicit : TypeCast::kNone;
}

}  // namespace sluice
