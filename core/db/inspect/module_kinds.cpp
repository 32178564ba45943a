// What a database is extended by: extensions, languages, access methods, collations.
#include <utility>

#include "core/db/inspect/kind_query.h"
#include "core/db/inspect/privileges.h"
#include "core/db/inspect/readers.h"

namespace sluice {
namespace {

using enum AttributeName;

// PL/pgSQL is in every database.
KindQuery Extensions() {
  return {ObjectKind::kExtension,
          Catalog::kExtension,
          {kVersion, kSchema},
          "SELECT e.oid, NULL, NULL, e.extname, NULL, NULL, NULL, e.extversion, n.nspname FROM pg_extension e JOIN "
          "pg_namespace n ON n.oid = e.extnamespace "
          "WHERE NOT (e.extname = 'plpgsql' AND n.nspname = 'pg_catalog')"};
}

KindQuery Languages() {
  return {ObjectKind::kLanguage,
          Catalog::kLanguage,
          {kDefinition, kProperties},
          "SELECT l.oid, NULL, NULL, l.lanname, NULL, l.lanowner, l.lanacl, concat_ws(' ', 'HANDLER ' || " +
              FunctionName("l.lanplcallfoid") + ", 'INLINE ' || " + FunctionName("l.laninline") + ", 'VALIDATOR ' || " +
              FunctionName("l.lanvalidator") +
              "), CASE WHEN l.lanpltrusted THEN 'TRUSTED' END FROM pg_language l WHERE l.lanispl AND " +
              OfItsOwn("pg_language", "l.oid"),
          "U"};
}

KindQuery AccessMethods() {
  return {ObjectKind::kAccessMethod,
          Catalog::kAccessMethod,
          {kDefinition},
          "SELECT a.oid, NULL, NULL, a.amname, NULL, NULL, NULL, 'TYPE ' || CASE a.amtype WHEN 't' THEN 'TABLE' ELSE "
          "'INDEX' END || ' HANDLER ' || " +
              FunctionName("a.amhandler") + " FROM pg_am a WHERE " + OfItsOwn("pg_am", "a.oid")};
}

// The version of the provider is left out: it says where the database was made, not what was asked for.
KindQuery Collations(int server_major) {
  const std::string locale = server_major >= 17   ? "c.colllocale"
                             : server_major >= 15 ? "c.colliculocale"
                                                  : "CASE WHEN c.collprovider = 'i' THEN c.collcollate END";
  const std::string rules = server_major >= 16 ? "c.collicurules" : "NULL";
  return {ObjectKind::kCollation,
          Catalog::kCollation,
          {kDefinition},
          "SELECT c.oid, c.collnamespace, NULL, c.collname, NULL, c.collowner, NULL, concat_ws(', ', 'provider = ' || "
          "CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' "
          "WHEN 'd' THEN 'default' ELSE 'libc' END, "
          "'locale = ' || quote_literal(" +
              locale +
              "), CASE WHEN c.collprovider = 'c' THEN CASE WHEN c.collcollate = c.collctype THEN 'locale = ' || "
              "quote_literal(c.collcollate) ELSE 'lc_collate = ' || quote_literal(c.collcollate) || ', lc_ctype = ' || "
              "quote_literal(c.collctype) END END, CASE WHEN NOT c.collisdeterministic THEN 'deterministic = false' "
              "END, 'rules = ' || quote_literal(" +
              rules + ")) FROM pg_collation c WHERE " + OfItsOwn("pg_collation", "c.oid")};
}

// The languages that initdb and extensions make (PL/pgSQL) are there by themselves; what is granted on them is the
// database's own. Such an object has nothing but grants, and nothing needs it: what uses the language needs the
// extension.
Status ReadGrantsOnLanguages(Inspection& inspection) {
  const std::string sql =
      "SELECT l.oid, l.lanname, l.lanowner, l.lanacl::text FROM pg_language l WHERE l.lanispl AND l.lanacl IS NOT NULL "
      "AND NOT (" +
      OfItsOwn("pg_language", "l.oid") + ")";
  return inspection.Read(sql, [&](const RowView& row) {
    constexpr std::uint32_t kAside = 1;  // nobody looks for a part of a language
    const Oid oid = row.Number(0);
    const std::string grants = CanonicalGrants(row[3], inspection.RoleName(row.Number(2)),
                                               {"U", OwnerDefault(ObjectKind::kLanguage, inspection.server_major())});
    if (grants.empty()) return;
    SchemaObject language;
    language.id.kind = ObjectKind::kLanguage;
    language.id.name = row[1];
    language.Set(kGrants, grants);
    const auto extension = inspection.Resolve({Catalog::kLanguage, oid, 0});
    const auto handle = inspection.Add({Catalog::kLanguage, oid, kAside}, std::move(language));
    if (extension != Inspection::kNone) inspection.Need(handle, extension);
  });
}

}  // namespace

Status ReadModules(Inspection& inspection) {
  for (const KindQuery& query : {Extensions(), Languages(), AccessMethods(), Collations(inspection.server_major())}) {
    SLUICE_CHECK(ReadKind(inspection, query));
  }
  SLUICE_CHECK(ReadGrantsOnLanguages(inspection));
  return inspection.Read("SELECT oid, extnamespace FROM pg_extension", [&](const RowView& row) {
    const auto extension = inspection.Find({Catalog::kExtension, row.Number(0), 0});
    if (extension != Inspection::kNone) inspection.Need(extension, {Catalog::kNamespace, row.Number(1), 0});
  });
}

}  // namespace sluice
