// What connects a database with others, and what new objects are granted: foreign-data wrappers, servers, publications,
// default privileges.
#include "core/db/inspect/kind_query.h"
#include "core/db/inspect/readers.h"

namespace sluice {
namespace {

using enum AttributeName;

KindQuery ForeignDataWrappers() {
  return {ObjectKind::kForeignDataWrapper,
          Catalog::kForeignDataWrapper,
          {kOptions, kProperties},
          "SELECT w.oid, NULL, NULL, w.fdwname, NULL, w.fdwowner, w.fdwacl, " + SortedLines("w.fdwoptions") +
              ", concat_ws(E'\\n', 'HANDLER ' || " + FunctionName("w.fdwhandler") + ", 'VALIDATOR ' || " +
              FunctionName("w.fdwvalidator") + ") FROM pg_foreign_data_wrapper w WHERE " +
              OfItsOwn("pg_foreign_data_wrapper", "w.oid")};
}

KindQuery ForeignServers() {
  return {ObjectKind::kForeignServer,
          Catalog::kForeignServer,
          {kDefinition, kOptions, kType, kVersion},
          "SELECT s.oid, NULL, NULL, s.srvname, NULL, s.srvowner, s.srvacl, 'FOREIGN DATA WRAPPER ' || "
          "quote_ident(w.fdwname), " +
              SortedLines("s.srvoptions") +
              ", s.srvtype, s.srvversion FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw "
              "WHERE " +
              OfItsOwn("pg_foreign_server", "s.oid")};
}

std::string PublicationMembers(int server_major) {
  const std::string columns =
      server_major < 15 ? ""
                        : " || coalesce((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || "
                          "')' FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)), '') "
                          "|| coalesce(' WHERE ' || pg_get_expr(r.prqual, r.prrelid), '')";
  const std::string schemas =
      server_major < 15 ? ""
                        : " UNION ALL SELECT 'TABLES IN SCHEMA ' || quote_ident(n.nspname) FROM "
                          "pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid";
  return "CASE WHEN p.puballtables THEN 'ALL TABLES' ELSE (SELECT string_agg(m.line, E'\\n' ORDER BY m.line COLLATE "
         "\"C\") FROM (SELECT 'TABLE ' || r.prrelid::regclass::text" +
         columns + " AS line FROM pg_publication_rel r WHERE r.prpubid = p.oid" + schemas + ") m) END";
}

// The options that aren't the default, one a line.
KindQuery Publications(int server_major) {
  const std::string generated = server_major < 18 ? "NULL"
                                                  : "CASE WHEN p.pubgencols <> 'n' THEN 'publish_generated_columns = ' "
                                                    "|| CASE p.pubgencols WHEN 's' THEN 'stored' END END";
  return {ObjectKind::kPublication,
          Catalog::kPublication,
          {kProperties, kMembers},
          "SELECT p.oid, NULL, NULL, p.pubname, NULL, p.pubowner, NULL, concat_ws(E'\\n', CASE WHEN NOT (p.pubinsert "
          "AND p.pubupdate AND p.pubdelete AND p.pubtruncate) THEN "
          "'publish = ' || quote_literal(concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN "
          "p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN "
          "'truncate' END)) END, CASE WHEN p.pubviaroot THEN 'publish_via_partition_root = true' END, " +
              generated + "), " + PublicationMembers(server_major) + " FROM pg_publication p WHERE " +
              OfItsOwn("pg_publication", "p.oid")};
}

}  // namespace

Status ReadOutside(Inspection& inspection) {
  for (const KindQuery& query : {ForeignDataWrappers(), ForeignServers(), Publications(inspection.server_major())}) {
    SLUICE_CHECK(ReadKind(inspection, query));
  }
  if (!inspection.MayHoldObjects(Catalog::kPublication)) return {};
  SLUICE_CHECK(ReadAliases(inspection,
                           "SELECT 'pg_publication_rel'::regclass::oid, oid, 'pg_publication'::regclass::oid, prpubid "
                           "FROM pg_publication_rel"));
  if (inspection.server_major() < 15) return {};
  return inspection.Read("SELECT pnpubid, pnnspid FROM pg_publication_namespace", [&](const RowView& row) {
    const auto publication = inspection.Find({Catalog::kPublication, row.Number(0), 0});
    if (publication != Inspection::kNone) inspection.Need(publication, {Catalog::kNamespace, row.Number(1), 0});
  });
}

// With a schema they are added to the kind's defaults, without one they stand in for them.
Status ReadDefaultPrivileges(Inspection& inspection) {
  if (!inspection.MayHoldObjects(Catalog::kDefaultPrivileges)) return {};
  const std::string sql =
      "SELECT d.oid, d.defaclnamespace, d.defaclrole, d.defaclacl, d.defaclobjtype, 'FOR ROLE ' || "
      "quote_ident(pg_get_userbyid(d.defaclrole)) || coalesce(' IN SCHEMA ' || quote_ident(n.nspname), '') || ' ON ' "
      "|| CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' "
      "THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END "
      "FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace WHERE " +
      OfItsOwn("pg_default_acl", "d.oid");
  return inspection.Read(sql, [&](const RowView& row) {
    const Oid schema = row.Number(1);
    if (schema != 0 && inspection.SchemaName(schema) == nullptr) return;
    SchemaObject object;
    object.id.kind = ObjectKind::kDefaultPrivileges;
    object.id.signature = row[5];
    const auto handle = inspection.Add({Catalog::kDefaultPrivileges, row.Number(0), 0}, std::move(object));
    const std::string_view type = row[4];
    inspection.SetGrants(handle, row[3], row.Number(2), schema != 0 ? "" : type == "f" ? "X" : type == "T" ? "U" : "");
    if (schema != 0) inspection.Need(handle, {Catalog::kNamespace, schema, 0});
  });
}

}  // namespace sluice
