// Types: enums, domains and their constraints, composite types, ranges.
#include <string>

#include "core/db/inspect/kind_query.h"
#include "core/db/inspect/readers.h"
#include "core/sql/object_name.h"

namespace sluice {
namespace {

using enum AttributeName;

constexpr std::string_view kPublicUsage = "U";

// From `types` on: what is common to all types of one typtype.
std::string FromTypes(std::string_view typtype, const std::string& more) {
  return "FROM pg_type t " + more + " WHERE t.typtype = '" + std::string(typtype) + "' AND " +
         OfItsOwn("pg_type", "t.oid");
}

std::string TypeId() { return "SELECT t.oid, t.typnamespace, NULL, t.typname, NULL, t.typowner, t.typacl"; }

KindQuery Enums() {
  return {ObjectKind::kEnum,
          Catalog::kType,
          {kLabels},
          TypeId() +
              ", (SELECT string_agg(quote_literal(e.enumlabel), E'\\n' ORDER BY e.enumsortorder) FROM pg_enum e "
              "WHERE e.enumtypid = t.oid) " +
              FromTypes("e", ""),
          kPublicUsage};
}

KindQuery Domains() {
  return {ObjectKind::kDomain,
          Catalog::kType,
          {kType, kCollation, kDefault, kNotNull},
          TypeId() + ", format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typcollation <> b.typcollation THEN " +
              CollationName("t.typcollation") +
              " END, pg_get_expr(t.typdefaultbin, 'pg_type'::regclass), CASE WHEN t.typnotnull THEN 'true' END " +
              FromTypes("d", "JOIN pg_type b ON b.oid = t.typbasetype"),
          kPublicUsage};
}

// Only free-standing ones: the row type of a table is the table.
KindQuery CompositeTypes() {
  return {ObjectKind::kCompositeType,
          Catalog::kType,
          {},
          TypeId() + " " + FromTypes("c", "JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'"),
          kPublicUsage};
}

// What CREATE TYPE … AS RANGE takes, where it isn't what PostgreSQL would choose itself (makeMultirangeTypeName in
// typecmds.c for the name of the multirange).
KindQuery RangeTypes(int server_major) {
  const std::string multirange =
      server_major < 14
          ? "NULL"
          : "CASE WHEN m.typname <> left(CASE WHEN t.typname ~ 'range' THEN regexp_replace(t.typname, 'range', "
            "'multirange') ELSE t.typname || '_multirange' END, 63) OR m.typnamespace <> t.typnamespace THEN "
            "'multirange_type_name = ' || CASE WHEN pg_type_is_visible(m.oid) THEN '' ELSE "
            "quote_ident(mn.nspname) || '.' END || quote_ident(m.typname) END";
  const std::string joins =
      "JOIN pg_range r ON r.rngtypid = t.oid JOIN pg_type s ON s.oid = r.rngsubtype "
      "JOIN pg_opclass c ON c.oid = r.rngsubopc" +
      std::string(server_major < 14 ? ""
                                    : " JOIN pg_type m ON m.oid = r.rngmultitypid "
                                      "JOIN pg_namespace mn ON mn.oid = m.typnamespace");
  return {ObjectKind::kRangeType,
          Catalog::kType,
          {kDefinition},
          TypeId() + ", concat_ws(E',\\n', 'subtype = ' || " + TypeName("r.rngsubtype") + ", " + multirange +
              ", CASE WHEN NOT c.opcdefault THEN 'subtype_opclass = ' || " + OperatorClassName("r.rngsubopc") +
              " END, CASE WHEN r.rngcollation <> s.typcollation THEN 'collation = ' || " +
              CollationName("r.rngcollation") + " END, 'canonical = ' || " + FunctionName("r.rngcanonical") +
              ", 'subtype_diff = ' || " + FunctionName("r.rngsubdiff") + ") " + FromTypes("r", joins),
          kPublicUsage};
}

// The attributes of composite types are columns.
Status ReadCompositeColumns(Inspection& inspection) {
  const std::string sql =
      "SELECT c.oid, c.relnamespace, c.relname, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod), "
      "CASE WHEN a.attcollation <> t.typcollation THEN " +
      CollationName("a.attcollation") +
      " END, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a ON "
      "a.attrelid "
      "= c.oid JOIN pg_type t ON t.oid = a.atttypid WHERE c.relkind = 'c' AND c.oid >= 16384 AND NOT a.attisdropped";
  return inspection.Read(sql, [&](const RowView& row) {
    const Oid oid = row.Number(0);
    const std::string* schema = inspection.SchemaName(row.Number(1));
    if (schema == nullptr || inspection.Resolve({Catalog::kRelation, oid, 0}) == Inspection::kNone) return;
    SchemaObject column;
    column.id = {ObjectKind::kColumn, *schema, std::string(row[2]), std::string(row[3]), {}};
    column.Set(kType, std::string(row[5]));
    column.Set(kCollation, std::string(row[6]));
    column.Set(kPosition, std::string(row[7]));
    inspection.Add({Catalog::kRelation, oid, row.Number(4)}, std::move(column));
  });
}

// NOT NULL of a domain is a constraint too since PostgreSQL 17: an object of its own only where the domain's attribute
// doesn't say all of it.
Status ReadDomainConstraints(Inspection& inspection) {
  const std::string sql =
      "SELECT c.oid, c.connamespace, t.typname, c.conname, CASE WHEN c.convalidated THEN pg_get_constraintdef(c.oid) "
      "ELSE regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '') END, CASE WHEN NOT c.convalidated THEN "
      "'not valid' END, c.contype = 'n', c.contypid, EXISTS (SELECT FROM pg_description d WHERE d.classoid = "
      "'pg_constraint'::regclass AND d.objoid = c.oid) FROM pg_constraint c JOIN pg_type t ON t.oid = c.contypid "
      "WHERE c.contype IN ('c', 'n') AND " +
      OfItsOwn("pg_type", "t.oid");
  return inspection.Read(sql, [&](const RowView& row) {
    const std::string* schema = inspection.SchemaName(row.Number(1));
    if (schema == nullptr) return;
    const bool not_null = row.IsTrue(6);
    if (not_null && !row.IsTrue(8) && row[3] == MakeObjectName(row[2], {}, "not_null")) return;
    const auto domain = inspection.Find({Catalog::kType, row.Number(7), 0});
    if (not_null && domain != Inspection::kNone) inspection[domain].Set(kNotNull, {});
    SchemaObject constraint;
    constraint.id = {not_null ? ObjectKind::kNotNullConstraint : ObjectKind::kCheckConstraint,
                     *schema,
                     std::string(row[2]),
                     std::string(row[3]),
                     {}};
    constraint.Set(kDefinition, std::string(row[4]));
    constraint.Set(kValidity, std::string(row[5]));
    inspection.Add({Catalog::kConstraint, row.Number(0), 0}, std::move(constraint));
  });
}

// What PostgreSQL makes with a range: its constructors, and its multirange.
Status ReadRanges(Inspection& inspection) {
  const int server_major = inspection.server_major();
  SLUICE_CHECK(ReadKind(inspection, RangeTypes(server_major)));
  SLUICE_CHECK(ReadAliases(inspection,
                           "SELECT classid, objid, refclassid, refobjid FROM pg_depend WHERE classid = "
                           "'pg_proc'::regclass AND refclassid = 'pg_type'::regclass AND deptype = 'i' "
                           "AND objid >= 16384"));
  if (server_major < 14) return {};
  return ReadAliases(inspection,
                     "SELECT 'pg_type'::regclass::oid, rngmultitypid, 'pg_type'::regclass::oid, rngtypid FROM "
                     "pg_range WHERE rngtypid >= 16384");
}

Status ReadComposites(Inspection& inspection) {
  SLUICE_CHECK(ReadKind(inspection, CompositeTypes()));
  SLUICE_CHECK(ReadAliases(inspection,
                           "SELECT 'pg_class'::regclass::oid, oid, 'pg_type'::regclass::oid, reltype FROM pg_class "
                           "WHERE relkind = 'c' AND oid >= 16384"));
  return ReadCompositeColumns(inspection);
}

// The values of pg_type.typtype that are there, of a composite type when it is no table's.
constexpr char kKindsOfTypes[] =
    "SELECT DISTINCT typtype FROM pg_type WHERE oid >= 16384 AND typtype IN ('e', 'd', 'r') "
    "UNION ALL SELECT 'c' WHERE EXISTS (SELECT FROM pg_class WHERE relkind = 'c' AND oid >= 16384)";

}  // namespace

Status ReadTypes(Inspection& inspection) {
  // Most databases have few of them, and a query of each kind is no cheaper for that.
  std::string kinds;
  SLUICE_CHECK(inspection.Read(kKindsOfTypes, [&](const RowView& row) { kinds += row[0]; }));
  const auto has = [&](char kind) { return kinds.find(kind) != std::string::npos; };
  if (has('e')) SLUICE_CHECK(ReadKind(inspection, Enums()));
  if (has('d')) SLUICE_CHECK(ReadKind(inspection, Domains()));
  if (has('r')) SLUICE_CHECK(ReadRanges(inspection));
  if (has('c')) SLUICE_CHECK(ReadComposites(inspection));
  if (has('d')) SLUICE_CHECK(ReadDomainConstraints(inspection));
  return {};
}

}  // namespace sluice
