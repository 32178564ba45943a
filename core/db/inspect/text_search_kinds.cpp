// Text search: parsers, templates, dictionaries, configurations.
#include "core/db/inspect/kind_query.h"
#include "core/db/inspect/readers.h"

namespace sluice {
namespace {

using enum AttributeName;

// `prefix`: of the catalog's columns.
std::string IdOf(const std::string& prefix, bool owned) {
  return "SELECT o.oid, o." + prefix + "namespace, NULL, o." + prefix + "name, NULL, " +
         (owned ? "o." + prefix + "owner" : std::string("NULL")) + ", NULL";
}

std::string From(const std::string& catalog) { return " FROM " + catalog + " o WHERE " + OfItsOwn(catalog, "o.oid"); }

KindQuery Parsers() {
  return {ObjectKind::kTextSearchParser,
          Catalog::kTextSearchParser,
          {kDefinition},
          IdOf("prs", false) + ", concat_ws(', ', 'START = ' || " + FunctionName("o.prsstart") + ", 'GETTOKEN = ' || " +
              FunctionName("o.prstoken") + ", 'END = ' || " + FunctionName("o.prsend") + ", 'LEXTYPES = ' || " +
              FunctionName("o.prslextype") + ", 'HEADLINE = ' || " + FunctionName("o.prsheadline") + ")" +
              From("pg_ts_parser")};
}

KindQuery Templates() {
  return {ObjectKind::kTextSearchTemplate,
          Catalog::kTextSearchTemplate,
          {kDefinition},
          IdOf("tmpl", false) + ", concat_ws(', ', 'INIT = ' || " + FunctionName("o.tmplinit") + ", 'LEXIZE = ' || " +
              FunctionName("o.tmpllexize") + ")" + From("pg_ts_template")};
}

// The options are stored as text (serialize_deflist in tsearchcmds.c): `a = 'b', c = 1`.
KindQuery Dictionaries() {
  return {ObjectKind::kTextSearchDictionary,
          Catalog::kTextSearchDictionary,
          {kDefinition, kOptions},
          IdOf("dict", true) + ", 'TEMPLATE = ' || " + TextSearchName("template", "o.dicttemplate") +
              ", (SELECT string_agg(m.e[1] || '=' || m.e[2], E'\\n' ORDER BY m.e[1] COLLATE \"C\") FROM "
              "regexp_matches(o.dictinitoption, '(\"(?:[^\"]|\"\")+\"|[^ =,]+) = (E?''(?:[^'']|'''')*''|[^ ,]+)', 'g') "
              "m(e))" +
              From("pg_ts_dict")};
}

// `token: dictionary, dictionary` lines.
KindQuery Configurations() {
  return {ObjectKind::kTextSearchConfiguration,
          Catalog::kTextSearchConfiguration,
          {kDefinition, kMembers},
          IdOf("cfg", true) + ", 'PARSER = ' || " + TextSearchName("parser", "o.cfgparser") +
              ", (SELECT string_agg(m.line, E'\\n' ORDER BY m.line COLLATE \"C\") FROM (SELECT quote_ident(t.alias) || "
              "': ' || string_agg(" +
              TextSearchName("dict", "c.mapdict") +
              ", ', ' ORDER BY c.mapseqno) AS line FROM pg_ts_config_map c JOIN ts_token_type(o.cfgparser) t "
              "ON t.tokid = c.maptokentype WHERE c.mapcfg = o.oid GROUP BY t.alias) m)" +
              From("pg_ts_config")};
}

}  // namespace

Status ReadTextSearch(Inspection& inspection) {
  for (const KindQuery& query : {Parsers(), Templates(), Dictionaries(), Configurations()}) {
    SLUICE_CHECK(ReadKind(inspection, query));
  }
  return {};
}

}  // namespace sluice
