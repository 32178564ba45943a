// What stands beside tables and reacts: triggers, rules, policies, event triggers.
#include "core/db/inspect/kind_query.h"
#include "core/db/inspect/readers.h"

namespace sluice {
namespace {

using enum AttributeName;

std::string Enabled(std::string_view column) {
  return "CASE " + std::string(column) + " WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END";
}

// `alias`: of the catalog whose rows belong to relations.
std::string OfRelation(std::string_view alias, std::string_view name) {
  const std::string prefix = std::string(alias) + ".";
  return "SELECT " + prefix + "oid, c.relnamespace, c.relname, " + prefix + std::string(name) + ", NULL, NULL, NULL";
}

std::string FromRelation(std::string_view catalog, std::string_view alias, std::string_view relation) {
  return " FROM " + std::string(catalog) + " " + std::string(alias) +
         " JOIN pg_class c ON c.oid = " + std::string(alias) + "." + std::string(relation) + " WHERE " +
         NotOfExtension("pg_class", "c.oid") + " AND " + OfItsOwn(catalog, std::string(alias) + ".oid");
}

// Without PostgreSQL's own (foreign keys) and what partitions have from their table. The pretty form names relations
// as the search_path finds them, the other one always with their schema.
KindQuery Triggers() {
  return {ObjectKind::kTrigger,
          Catalog::kTrigger,
          {kDefinition, kEnabled},
          OfRelation("t", "tgname") + ", pg_get_triggerdef(t.oid, true), " + Enabled("t.tgenabled") +
              FromRelation("pg_trigger", "t", "tgrelid") + " AND NOT t.tgisinternal AND t.tgparentid = 0"};
}

// A partition's own state of a trigger that it has from its table; the trigger itself comes with it.
KindQuery PartitionTriggers() {
  return {
      ObjectKind::kTrigger,
      Catalog::kTrigger,
      {kEnabled},
      OfRelation("t", "tgname") + ", coalesce(" + Enabled("t.tgenabled") + ", 'enabled')" +
          FromRelation("pg_trigger", "t", "tgrelid") +
          " AND t.tgparentid <> 0 AND t.tgconstraint = 0 AND t.tgenabled <> (SELECT of_table.tgenabled FROM pg_trigger "
          "of_table WHERE of_table.oid = t.tgparentid)"};
}

KindQuery Rules() {
  return {ObjectKind::kRule,
          Catalog::kRewrite,
          {kDefinition, kEnabled},
          OfRelation("r", "rulename") + ", rtrim(pg_get_ruledef(r.oid, true), ';'), " + Enabled("r.ev_enabled") +
              FromRelation("pg_rewrite", "r", "ev_class") + " AND r.rulename <> '_RETURN'"};
}

KindQuery Policies() {
  return {ObjectKind::kPolicy,
          Catalog::kPolicy,
          {kPredicate, kProperties, kMembers, kWithCheck},
          OfRelation("p", "polname") +
              ", pg_get_expr(p.polqual, p.polrelid), "
              "concat_ws(' ', CASE WHEN NOT p.polpermissive THEN 'AS RESTRICTIVE' END, CASE p.polcmd WHEN 'r' THEN "
              "'FOR SELECT' WHEN 'a' THEN 'FOR INSERT' WHEN 'w' THEN 'FOR UPDATE' WHEN 'd' THEN 'FOR DELETE' END), "
              "CASE WHEN p.polroles <> '{0}' THEN (SELECT string_agg(CASE WHEN role = 0 THEN 'PUBLIC' ELSE "
              "quote_ident(pg_get_userbyid(role)) END, E'\\n' ORDER BY pg_get_userbyid(role) COLLATE \"C\") "
              "FROM unnest(p.polroles) role) END, "
              "pg_get_expr(p.polwithcheck, p.polrelid)" +
              FromRelation("pg_policy", "p", "polrelid")};
}

KindQuery EventTriggers() {
  return {ObjectKind::kEventTrigger,
          Catalog::kEventTrigger,
          {kDefinition, kEnabled},
          "SELECT e.oid, NULL, NULL, e.evtname, NULL, e.evtowner, NULL, concat_ws(E'\\n', 'ON ' || e.evtevent, 'WHEN "
          "TAG IN (' || (SELECT string_agg(quote_literal(tag), "
          "', ' ORDER BY tag COLLATE \"C\") FROM unnest(e.evttags) tag) || ')', 'EXECUTE FUNCTION ' || " +
              FunctionName("e.evtfoid") + " || '()'), " + Enabled("e.evtenabled") + " FROM pg_event_trigger e WHERE " +
              OfItsOwn("pg_event_trigger", "e.oid")};
}

}  // namespace

Status ReadTriggers(Inspection& inspection) {
  for (const KindQuery& query : {Triggers(), PartitionTriggers(), Rules(), Policies(), EventTriggers()}) {
    SLUICE_CHECK(ReadKind(inspection, query));
  }
  return {};
}

}  // namespace sluice
