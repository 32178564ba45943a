// The kinds of objects that Sluice compares and changes: the rows of the table in docs/schema.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice {

// In the order in which a reader expects them, which is the order of inspections.
enum class ObjectKind : std::uint8_t {
  kSchema,
  kExtension,
  kLanguage,
  kAccessMethod,
  kCollation,
  kEnum,
  kDomain,
  kCompositeType,
  kRangeType,
  kSequence,  // those of serial columns too; that of an identity column is an attribute of the column
  kTable,     // partitioned tables and partitions too
  kForeignTable,
  kView,
  kMaterializedView,
  kColumn,  // of tables, foreign tables and composite types; of a view only with a default or a comment
  kPrimaryKey,
  kUniqueConstraint,
  kExclusionConstraint,
  kCheckConstraint,    // of tables and domains
  kNotNullConstraint,  // only what NOT NULL of a column can't say: a comment, NO INHERIT, NOT VALID (PostgreSQL 18)
  kForeignKey,
  kIndex,  // but those of constraints
  kStatistics,
  kFunction,  // window functions too
  kProcedure,
  kAggregate,
  kTrigger,
  kRule,  // but those of views
  kPolicy,
  kEventTrigger,
  kOperator,
  kOperatorFamily,
  kOperatorClass,
  kCast,
  kConversion,
  kTextSearchParser,
  kTextSearchTemplate,
  kTextSearchDictionary,
  kTextSearchConfiguration,
  kForeignDataWrapper,
  kForeignServer,
  kPublication,
  kDefaultPrivileges,
};
inline constexpr std::size_t kObjectKinds = static_cast<std::size_t>(ObjectKind::kDefaultPrivileges) + 1;

// As a person says it, and as `-o json` writes it: "materialized view".
std::string_view ObjectKindName(ObjectKind kind);

// As COMMENT ON and ALTER … OWNER TO write it: "MATERIALIZED VIEW". Empty for default privileges.
std::string_view ObjectKindKeyword(ObjectKind kind);

constexpr bool IsConstraint(ObjectKind kind) {
  return kind >= ObjectKind::kPrimaryKey && kind <= ObjectKind::kForeignKey;
}

// The kinds that stand in pg_class and have columns.
constexpr bool IsRelation(ObjectKind kind) {
  return kind >= ObjectKind::kTable && kind <= ObjectKind::kMaterializedView;
}

}  // namespace sluice
