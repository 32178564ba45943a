// Tables, foreign tables, views and materialized views: pg_class and pg_inherits.
#include "core/db/inspect/relations.h"

#include <algorithm>
#include <utility>

#include "core/db/inspect/array_text.h"
#include "core/db/inspect/readers.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

// Ordinary and partitioned tables, foreign tables, views, materialized views.
constexpr char kRelations[] = R"sql(
SELECT c.oid, c.relnamespace, c.relname, c.relkind, c.relowner, c.relacl::text, c.relpersistence, am.amname,
  ts.spcname, c.reloptions::text,
  CASE WHEN c.reltoastrelid <> 0 THEN (SELECT t.reloptions::text FROM pg_class t WHERE t.oid = c.reltoastrelid) END,
  c.relreplident, c.relrowsecurity, c.relforcerowsecurity, pg_get_expr(c.relpartbound, c.oid),
  CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, format_type(nullif(c.reloftype, 0), NULL), c.reltype,
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, s.srvname, f.ftoptions::text, f.ftserver, r.oid
FROM pg_class c
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
LEFT JOIN pg_foreign_table f ON c.relkind = 'f' AND f.ftrelid = c.oid
LEFT JOIN pg_foreign_server s ON s.oid = f.ftserver
LEFT JOIN pg_rewrite r ON c.relkind IN ('v', 'm') AND r.ev_class = c.oid AND r.rulename = '_RETURN'
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.oid >= 16384 AND c.relpersistence <> 't')sql";

ObjectKind KindOf(char relkind) {
  switch (relkind) {
    case 'f':
      return ObjectKind::kForeignTable;
    case 'v':
      return ObjectKind::kView;
    case 'm':
      return ObjectKind::kMaterializedView;
    default:
      return ObjectKind::kTable;
  }
}

// Without what surrounds the query: a blank in front, the semicolon at the end.
std::string QueryOf(std::string_view view_definition) {
  if (!view_definition.empty() && view_definition.front() == ' ') view_definition.remove_prefix(1);
  if (!view_definition.empty() && view_definition.back() == ';') view_definition.remove_suffix(1);
  return std::string(view_definition);
}

std::string OptionsOf(const RowView& row) {
  std::vector<std::string> options = ArrayElements(row[9]);
  for (const std::string& option : ArrayElements(row[10])) options.push_back("toast." + option);
  for (std::string& option : ArrayElements(row[20])) options.push_back(std::move(option));
  return SortedLines(std::move(options));
}

std::string RowSecurityOf(const RowView& row) {
  const bool enabled = row.IsTrue(12);
  const bool forced = row.IsTrue(13);
  return enabled && forced ? "enabled forced" : enabled ? "enabled" : forced ? "forced" : "";
}

SchemaObject MakeRelation(const Relation& relation, const RowView& row) {
  SchemaObject object;
  object.id.kind = KindOf(relation.kind);
  object.id.schema = relation.schema;
  object.id.name = relation.name;
  const auto set = [&](AttributeName name, std::string_view value) { object.Set(name, std::string(value)); };
  set(AttributeName::kDefinition, QueryOf(row[18]));
  set(AttributeName::kOptions, OptionsOf(row));
  if (row[6] == "u") set(AttributeName::kPersistence, "unlogged");
  if (row[7] != "heap") set(AttributeName::kAccessMethod, row[7]);
  set(AttributeName::kTablespace, row[8]);
  // An index's name comes with the index.
  if (row[11] == "f") set(AttributeName::kReplicaIdentity, "full");
  if (row[11] == "n" && relation.kind != 'v' && relation.kind != 'f') set(AttributeName::kReplicaIdentity, "nothing");
  set(AttributeName::kRowSecurity, RowSecurityOf(row));
  set(AttributeName::kPartitionBound, row[14]);
  set(AttributeName::kPartitionKey, row[15]);
  set(AttributeName::kOfType, row[16]);
  set(AttributeName::kServer, row[19]);
  return object;
}

void TakeRelation(Inspection& inspection, Relations& relations, const RowView& row) {
  const Oid oid = row.Number(0);
  const std::string* schema = inspection.SchemaName(row.Number(1));
  if (schema == nullptr || inspection.IsExtensionMember(Catalog::kRelation, oid)) return;
  Relation relation{Inspection::kNone, *schema, std::string(row[2]), row[3].front(), !row.IsNull(14), {}, {}};
  const auto& hidden = inspection.options().hidden_relations;
  if (std::find(hidden.begin(), hidden.end(), relation.schema + "." + relation.name) != hidden.end()) return;
  const Oid type = row.Number(17);
  // pg_get_viewdef() looks at the present, not at the snapshot.
  if ((relation.kind == 'v' || relation.kind == 'm') && row.IsNull(18)) {
    inspection.Vanished(relation.schema + "." + relation.name);
  }
  relation.object = inspection.Add({Catalog::kRelation, oid}, MakeRelation(relation, row));
  inspection.Alias({Catalog::kType, type}, relation.object);
  if (!row.IsNull(22)) inspection.Alias({Catalog::kRewrite, row.Number(22)}, relation.object);
  inspection.SetOwner(relation.object, row.Number(4));
  inspection.SetGrants(relation.object, row[5], row.Number(4));
  if (relation.kind == 'f') inspection.Need(relation.object, {Catalog::kForeignServer, row.Number(21)});
  relations.Add(oid, std::move(relation));
}

}  // namespace

std::string ColumnList(const Relation& relation, const std::vector<std::int64_t>& attnums) {
  std::string list;
  for (const std::int64_t attnum : attnums) {
    if (!list.empty()) list += ", ";
    if (const RelationColumn* column = relation.Column(attnum)) list += QuoteIdentifier(column->name);
  }
  return list;
}

std::string CollationName(const Inspection& inspection, std::string_view schema, std::string_view name) {
  return schema == "pg_catalog" ? QuoteIdentifier(name) : inspection.Qualified(schema, name);
}

Status ReadInheritance(Inspection& inspection, Relations& relations) {
  const std::string detaching = inspection.server_major() >= 14 ? "h.inhdetachpending" : "false";
  return inspection.Read(
      "SELECT h.inhrelid, h.inhparent, p.relname, p.relnamespace, n.nspname, " + detaching +
          " FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent AND p.relkind IN ('r', 'p', 'f') "
          "JOIN pg_namespace n ON n.oid = p.relnamespace ORDER BY h.inhrelid, h.inhseqno",
      [&](const RowView& row) {
        const Relation* child = relations.Find(row.Number(0));
        if (child == nullptr) return;
        SchemaObject& object = inspection[child->object];
        const std::string parent = inspection.Qualified(row[4], row[2]);
        inspection.Need(child->object, {Catalog::kRelation, row.Number(1)});
        if (child->partition) {
          object.Set(AttributeName::kPartitionOf, parent);
          if (Relation* whole = relations.Find(row.Number(1))) whole->partitions.push_back(child->object);
          if (row.IsTrue(5)) {
            inspection.AddUnmanaged("partition", child->schema + "." + child->name,
                                    "it is being detached; ALTER TABLE … DETACH PARTITION … FINALIZE ends that");
          }
          return;
        }
        std::string parents(object.Get(AttributeName::kInherits));
        if (!parents.empty()) parents += '\n';
        object.Set(AttributeName::kInherits, parents + parent);
      });
}

Status ReadRelations(Inspection& inspection) {
  Relations relations;
  SLUICE_CHECK(inspection.Read(
      kRelations, [&](const RowView& row) { TakeRelation(inspection, relations, row); },
      ColumnsQuery(inspection.server_major())));
  SLUICE_CHECK(ReadInheritance(inspection, relations));
  SLUICE_CHECK(ReadColumns(inspection, relations));
  SLUICE_CHECK(ReadSequences(inspection, relations));
  SLUICE_CHECK(ReadConstraints(inspection, relations));
  SLUICE_CHECK(ReadIndexes(inspection, relations));
  return ReadStatistics(inspection, relations);
}

}  // namespace sluice
