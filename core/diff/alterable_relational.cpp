// Schemas, sequences, relations, columns, constraints, indexes and statistics.
#include <string_view>

#include "core/diff/alterable.h"
#include "core/model/type_cast.h"

namespace sluice {
namespace {

Change HowViewChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute) {
  switch (attribute) {
    case AttributeName::kDefinition:
    case AttributeName::kColumns: {
      // CREATE OR REPLACE VIEW may add columns at the end, nothing else (PostgreSQL documentation, CREATE VIEW).
      const std::string_view before = from.Get(AttributeName::kColumns);
      const std::string_view after = to.Get(AttributeName::kColumns);
      const bool extends = after.starts_with(before) && (after.size() == before.size() || after[before.size()] == '\n');
      return extends ? Change::kInPlace : Change::kRebuilt;
    }
    default:
      return Change::kInPlace;
  }
}

Change HowTableChanged(AttributeName attribute, int server_major) {
  switch (attribute) {
    case AttributeName::kPartitionKey:
    case AttributeName::kServer:
      return Change::kRebuilt;
    case AttributeName::kAccessMethod:
      return server_major >= 15 ? Change::kInPlace : Change::kRebuilt;
    default:
      return Change::kInPlace;
  }
}

Change HowColumnChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute, int server_major) {
  switch (attribute) {
    case AttributeName::kType: {
      const bool castable =
          from.Has(AttributeName::kGenerated) || HowCast(from.Get(attribute), to.Get(attribute)) != TypeCast::kNone;
      return castable ? Change::kDisturbing : Change::kRebuilt;
    }
    case AttributeName::kCollation:
      return Change::kDisturbing;
    case AttributeName::kGenerated: {
      const bool kept = from.Has(attribute) && to.Has(attribute);
      const bool same_sort = from.Get(attribute).starts_with("virtual: ") == to.Get(attribute).starts_with("virtual: ");
      if (kept && same_sort && server_major >= 17) return Change::kDisturbing;  // SET EXPRESSION
      // DROP EXPRESSION keeps the values of a stored column.
      if (!kept && from.Has(attribute) && !from.Get(attribute).starts_with("virtual: ")) return Change::kInPlace;
      return Change::kRebuilt;
    }
    case AttributeName::kInherited:
      return Change::kReported;
    default:
      return Change::kInPlace;
  }
}

// VALIDATE CONSTRAINT, but not of one that isn't enforced; ALTER CONSTRAINT … [NOT] ENFORCED is for foreign keys
// (PostgreSQL 18, ALTER TABLE).
Change HowValidityChanged(const SchemaObject& from, const SchemaObject& to) {
  constexpr std::string_view kNotEnforced = "not enforced";
  const std::string_view before = from.Get(AttributeName::kValidity);
  const std::string_view after = to.Get(AttributeName::kValidity);
  if (after.empty() && before != kNotEnforced) return Change::kInPlace;
  const bool alters = after.empty() || after == kNotEnforced;
  return alters && from.id.kind == ObjectKind::kForeignKey ? Change::kInPlace : Change::kRebuilt;
}

Change HowConstraintChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute) {
  switch (attribute) {
    case AttributeName::kValidity:
      return HowValidityChanged(from, to);
    case AttributeName::kDeferrable:
      return from.id.kind == ObjectKind::kForeignKey ? Change::kInPlace : Change::kRebuilt;
    case AttributeName::kTablespace:
    case AttributeName::kIndexOptions:
    case AttributeName::kClusterOn:
    case AttributeName::kMembers:
      return Change::kInPlace;
    case AttributeName::kInherited:
      return Change::kReported;
    default:
      return Change::kRebuilt;
  }
}

Change HowIndexChanged(AttributeName attribute) {
  switch (attribute) {
    case AttributeName::kOptions:
    case AttributeName::kTablespace:
    case AttributeName::kStatisticsTarget:
    case AttributeName::kMembers:
      return Change::kInPlace;
    case AttributeName::kInherited:
      return Change::kReported;
    default:
      return Change::kRebuilt;
  }
}

}  // namespace

Change HowRelationalChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute,
                            int server_major) {
  const ObjectKind kind = from.id.kind;
  if (kind == ObjectKind::kView) return HowViewChanged(from, to, attribute);
  if (kind == ObjectKind::kMaterializedView) {
    const bool defines = attribute == AttributeName::kDefinition || attribute == AttributeName::kColumns;
    return defines ? Change::kRebuilt : Change::kInPlace;
  }
  if (IsRelation(kind)) return HowTableChanged(attribute, server_major);
  if (kind == ObjectKind::kColumn) return HowColumnChanged(from, to, attribute, server_major);
  if (IsConstraint(kind)) return HowConstraintChanged(from, to, attribute);
  if (kind == ObjectKind::kIndex) return HowIndexChanged(attribute);
  if (kind == ObjectKind::kStatistics) {
    return attribute == AttributeName::kStatisticsTarget ? Change::kInPlace : Change::kRebuilt;
  }
  return Change::kInPlace;
}

}  // namespace sluice
