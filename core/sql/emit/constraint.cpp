// Constraints of tables and foreign tables.
#include "core/sql/emit/options.h"
#include "core/sql/emit/partition_index.h"
#include "core/sql/emit/relation_text.h"
#include "core/sql/emit/writers.h"
#include "core/sql/identifier.h"
#include "core/sql/object_name.h"

namespace sluice {
namespace {

constexpr std::string_view kNotEnforced = "not enforced";

// Of the index of a constraint: INCLUDE, WITH, USING INDEX TABLESPACE.
std::string IndexClauses(const SchemaObject& constraint) {
  std::string text;
  const auto add = [&](std::string_view words, const std::string& value, std::string_view end) {
    if (!value.empty()) text += " " + std::string(words) + value + std::string(end);
  };
  add("INCLUDE (", std::string(constraint.Get(AttributeName::kInclude)), ")");
  add("WITH (", StorageParameters(constraint.Get(AttributeName::kIndexOptions)), ")");
  const std::string_view tablespace = constraint.Get(AttributeName::kTablespace);
  add("USING INDEX TABLESPACE ", tablespace.empty() ? std::string() : QuoteIdentifier(tablespace), "");
  return text;
}

std::string Deferral(const SchemaObject& constraint) {
  const std::string_view deferrable = constraint.Get(AttributeName::kDeferrable);
  if (deferrable.empty()) return {};
  return deferrable == "deferrable" ? " DEFERRABLE" : " DEFERRABLE INITIALLY DEFERRED";
}

std::string_view LabelInName(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kPrimaryKey:
      return "pkey";
    case ObjectKind::kUniqueConstraint:
      return "key";
    case ObjectKind::kForeignKey:
      return "fkey";
    default:
      return "check";
  }
}

// The column that a check is about, as it stands in the name that PostgreSQL gives it; empty when there are several.
std::string CheckedColumn(const Schema& schema, Schema::Index check) {
  const ObjectId& id = schema[check].id;
  std::string column;
  for (const Schema::Index needed : schema.Needs(check)) {
    const ObjectId& other = schema[needed].id;
    if (other.kind != ObjectKind::kColumn || other.schema != id.schema || other.parent != id.parent) continue;
    if (!column.empty()) return {};
    column = other.name;
  }
  return column;
}

// The name that PostgreSQL gives to a constraint that has none; empty when it is cut or isn't known.
std::string UsualName(const Schema& schema, Schema::Index place) {
  const SchemaObject& constraint = schema[place];
  std::string name = constraint.id.parent;
  if (constraint.id.kind == ObjectKind::kCheckConstraint) {
    const std::string column = CheckedColumn(schema, place);
    if (!column.empty()) name += "_" + column;
  } else if (constraint.id.kind != ObjectKind::kPrimaryKey) {
    // ChooseIndexColumnNames() and ChooseForeignKeyConstraintNameAddition(), the columns of INCLUDE too.
    for (const std::string& column : SplitNames(constraint.Get(AttributeName::kColumns))) name += "_" + column;
    for (const std::string& column : SplitNames(constraint.Get(AttributeName::kInclude))) name += "_" + column;
  }
  name += "_" + std::string(LabelInName(constraint.id.kind));
  return name.size() <= kLongestName ? name : std::string();
}

void EmitChange(Emission& emission) {
  const ObjectKind kind = emission.id().kind;
  const std::string table = "ALTER TABLE " + emission.ParentName();
  const std::string name = QuoteIdentifier(emission.id().name);
  if (emission.Changes(AttributeName::kDeferrable)) {
    const std::string clause = Deferral(emission.object());
    emission.Add(table + " ALTER CONSTRAINT " + name + (clause.empty() ? " NOT DEFERRABLE" : clause));
  }
  if (emission.Changes(AttributeName::kValidity)) {
    const bool was_enforced = emission.Old(AttributeName::kValidity) != kNotEnforced;
    const bool is_enforced = emission.New(AttributeName::kValidity) != kNotEnforced;
    emission.Add(table + (was_enforced && is_enforced
                              ? " VALIDATE CONSTRAINT " + name
                              : " ALTER CONSTRAINT " + name + (is_enforced ? " ENFORCED" : " NOT ENFORCED")));
  }
  if (kind == ObjectKind::kPrimaryKey || kind == ObjectKind::kUniqueConstraint ||
      kind == ObjectKind::kExclusionConstraint) {
    ObjectId index = emission.id();
    const std::string prefix = "ALTER INDEX " + emission.Name(index);
    if (emission.Changes(AttributeName::kIndexOptions)) {
      EmitStorageParameters(emission, prefix, emission.Old(AttributeName::kIndexOptions),
                            emission.New(AttributeName::kIndexOptions));
    }
    if (emission.Changes(AttributeName::kTablespace)) {
      emission.Add(prefix + " SET TABLESPACE " + TablespaceName(emission.New(AttributeName::kTablespace)));
    }
    EmitPartitionIndexNames(emission);
  }
}

}  // namespace

std::string ConstraintBody(const SchemaObject& constraint) {
  const auto get = [&](AttributeName name) { return std::string(constraint.Get(name)); };
  std::string text;
  switch (constraint.id.kind) {
    case ObjectKind::kPrimaryKey:
      text = "PRIMARY KEY (" + get(AttributeName::kColumns) + ")" + IndexClauses(constraint);
      break;
    case ObjectKind::kUniqueConstraint:
      text = constraint.Has(AttributeName::kNullsDistinct) ? "UNIQUE NULLS NOT DISTINCT (" : "UNIQUE (";
      text += get(AttributeName::kColumns) + ")" + IndexClauses(constraint);
      break;
    case ObjectKind::kForeignKey:
      text = "FOREIGN KEY (" + get(AttributeName::kColumns) + ") REFERENCES " + get(AttributeName::kReferences);
      break;
    case ObjectKind::kNotNullConstraint:
      text = "NOT NULL " + get(AttributeName::kColumns);
      break;
    default:
      text = get(AttributeName::kDefinition);
  }
  text += Deferral(constraint);
  if (constraint.Has(AttributeName::kNoInherit)) text += " NO INHERIT";
  const std::string_view validity = constraint.Get(AttributeName::kValidity);
  if (!validity.empty()) text += validity == kNotEnforced ? " NOT ENFORCED" : " NOT VALID";
  return text;
}

std::string ConstraintText(const SchemaObject& constraint) {
  return "CONSTRAINT " + QuoteIdentifier(constraint.id.name) + " " + ConstraintBody(constraint);
}

std::string ConstraintInTable(const Schema& schema, Schema::Index place) {
  const SchemaObject& constraint = schema[place];
  const ObjectKind kind = constraint.id.kind;
  const bool nameable = kind == ObjectKind::kPrimaryKey || kind == ObjectKind::kUniqueConstraint ||
                        kind == ObjectKind::kForeignKey || kind == ObjectKind::kCheckConstraint;
  if (!nameable) return ConstraintText(constraint);
  return UsualName(schema, place) == constraint.id.name ? ConstraintBody(constraint) : ConstraintText(constraint);
}

void EmitConstraint(Emission& emission) {
  if (emission.changes()) return EmitChange(emission);
  const std::string prefix = "ALTER TABLE " + emission.ParentName();
  if (emission.creates()) {
    for (const PartitionIndex& index : PartitionIndexes(emission)) {
      emission.Add("ALTER TABLE " + index.table + " ADD CONSTRAINT " + index.name + " " +
                   ConstraintBody(emission.object()));
    }
  }
  if (emission.creates()) emission.Add(prefix + " ADD " + ConstraintText(emission.object()));
  if (emission.drops()) emission.Add(prefix + " DROP CONSTRAINT " + QuoteIdentifier(emission.id().name));
}

}  // namespace sluice
