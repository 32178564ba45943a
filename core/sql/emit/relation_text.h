// Pieces of SQL that the statements on relations share. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/sql/emit/emission.h"

namespace sluice {

// Names of columns out of a list of them: unquoted. A name with words behind it (WITHOUT OVERLAPS) stays as it is.
std::vector<std::string> SplitNames(std::string_view list);

// The relation that `table` needs by this name, as SQL: one of AttributeName::kInherits, or kPartitionOf. kNone: none.
Schema::Index RelationNamed(const Schema& schema, Schema::Index table, std::string_view name);

// For SET TABLESPACE: `pg_default` when there is none.
std::string TablespaceName(std::string_view tablespace);

// The keyword of ALTER for the relation (or composite type) that a column belongs to, and its name: `FOREIGN TABLE t`.
std::string ParentTarget(const Emission& emission, const ObjectId& child);

// A column as it stands in CREATE TABLE: `note text COLLATE "C" DEFAULT 'x' NOT NULL`.
struct ColumnStyle {
  bool without_default = false;
  bool without_not_null = false;  // a primary key says it
  std::string_view serial;        // `serial`: the type and its default
};
std::string ColumnText(const SchemaObject& column, const ColumnStyle& style);

// What a column has that CREATE TABLE and ADD COLUMN can't say (PostgreSQL 13): storage, statistics, options. Of a
// column of a view: all that it has.
void EmitColumnExtras(Emission& emission, const SchemaObject& column);

// The columns of the same name that `column` comes from, in the parents of its table.
std::vector<Schema::Index> InheritedColumns(const Schema& schema, const SchemaObject& column);

// Brings the default of an inherited column from what the parents give it to its own.
void EmitInheritedDifference(Emission& emission, const SchemaObject& column, bool without_default);

// `serial`, `bigserial` or `smallserial` when the column and the sequence are exactly what those make; else empty.
std::string_view SerialType(const SchemaObject& column, const SchemaObject& sequence);

// CREATE SEQUENCE without its owner.
std::string CreateSequence(const Emission& emission, const SchemaObject& sequence);

// `PRIMARY KEY (id)`, without the constraint's name; with it: `CONSTRAINT x PRIMARY KEY (id)`.
std::string ConstraintBody(const SchemaObject& constraint);
std::string ConstraintText(const SchemaObject& constraint);
// Within CREATE TABLE, where the name is left out when PostgreSQL gives the same.
std::string ConstraintInTable(const Schema& schema, Schema::Index place);

}  // namespace sluice
