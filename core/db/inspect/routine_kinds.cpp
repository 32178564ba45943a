// Functions, procedures and aggregates.
#include "core/db/inspect/kind_query.h"
#include "core/db/inspect/readers.h"

namespace sluice {
namespace {

using enum AttributeName;

std::string RoutineId() {
  return "SELECT p.oid, p.pronamespace, NULL, p.proname, oidvectortypes(p.proargtypes), p.proowner, p.proacl";
}

std::string FromRoutines(const std::string& joins, const std::string& kinds) {
  return " FROM pg_proc p " + joins + " WHERE p.prokind IN (" + kinds + ") AND " + OfItsOwn("pg_proc", "p.oid");
}

// The SET clauses. The values of the settings in this list (GUC_LIST_QUOTE in guc_tables.c, the list of pg_dump) are
// stored as quoted identifiers; each of them is written as a literal, so that an empty one survives.
constexpr std::string_view kSetClauses =
    "(SELECT string_agg('SET ' || quote_ident(s.name) || ' TO ' || CASE WHEN lower(s.name) IN "
    "('local_preload_libraries', 'search_path', 'session_preload_libraries', 'shared_preload_libraries', "
    "'temp_tablespaces', 'unix_socket_directories') THEN "
    "(SELECT string_agg(quote_literal(CASE WHEN m.e[1] LIKE '\"%' THEN replace(substr(m.e[1], 2, length(m.e[1]) - 2), "
    "'\"\"', '\"') ELSE m.e[1] END), ', ' ORDER BY m.i) "
    "FROM regexp_matches(s.value, '\"(?:[^\"]|\"\")*\"|[^,[:space:]\"]+', 'g') WITH ORDINALITY m(e, i)) "
    "ELSE quote_literal(s.value) END, E'\\n' ORDER BY s.place) FROM "
    "(SELECT split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value, place FROM "
    "unnest(p.proconfig) WITH ORDINALITY o(c, place)) s)";

// As pg_get_functiondef() writes them, one a line, without what is the default.
std::string Properties() {
  return "concat_ws(E'\\n', 'TRANSFORM ' || (SELECT string_agg('FOR TYPE ' || format_type(f.t, NULL), ', ' ORDER BY "
         "f.i) FROM unnest(p.protrftypes) WITH ORDINALITY f(t, i)), CASE WHEN p.prokind = 'w' THEN 'WINDOW' END, "
         "CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' END, "
         "CASE p.proparallel WHEN 's' THEN 'PARALLEL SAFE' WHEN 'r' THEN 'PARALLEL RESTRICTED' END, "
         "CASE WHEN p.proisstrict THEN 'STRICT' END, CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' END, "
         "CASE WHEN p.proleakproof THEN 'LEAKPROOF' END, "
         "CASE WHEN p.prokind <> 'p' AND p.procost <> CASE WHEN l.lanname IN ('c', 'internal') THEN 1 ELSE 100 END "
         "THEN 'COST ' || p.procost END, "
         "CASE WHEN p.proretset AND p.prorows <> 1000 THEN 'ROWS ' || p.prorows END, 'SUPPORT ' || " +
         FunctionName("p.prosupport") + ", " + std::string(kSetClauses) + ")";
}

KindQuery Routines(ObjectKind kind, const std::string& kinds, int server_major) {
  const std::string sql_body =
      server_major >= 14 ? "WHEN p.prosqlbody IS NOT NULL THEN pg_get_function_sqlbody(p.oid) " : "";
  const std::string has_sql_body = server_major >= 14 ? "p.prosqlbody IS NOT NULL OR " : "";
  return {kind,
          Catalog::kFunction,
          {kDefinition, kReturns, kLanguage, kBody, kProperties, kArguments},
          RoutineId() + ", CASE " + sql_body +
              "WHEN l.lanname = 'c' THEN 'AS ' || quote_literal(p.probin) || ', ' || quote_literal(p.prosrc) END, "
              "pg_get_function_result(p.oid), l.lanname, CASE WHEN NOT (" +
              has_sql_body + "l.lanname = 'c') THEN p.prosrc END, " + Properties() +
              ", pg_get_function_arguments(p.oid)" + FromRoutines("JOIN pg_language l ON l.oid = p.prolang", kinds),
          "X"};
}

std::string Modify(std::string_view clause, std::string_view column) {
  const std::string name(column);
  return "CASE WHEN " + name + " <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN '" + std::string(clause) +
         " = ' || CASE " + name + " WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END";
}

// As CREATE AGGREGATE takes them.
std::string AggregateDefinition() {
  const auto function = [](const std::string& clause, const std::string& column) {
    return "'" + clause + " = ' || " + FunctionName(column);
  };
  return "concat_ws(E',\\n', " + function("SFUNC", "a.aggtransfn") + ", 'STYPE = ' || " + TypeName("a.aggtranstype") +
         ", 'SSPACE = ' || nullif(a.aggtransspace, 0), " + function("FINALFUNC", "a.aggfinalfn") +
         ", CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END, " + "CASE WHEN a.aggfinalfn <> 0 THEN " +
         Modify("FINALFUNC_MODIFY", "a.aggfinalmodify") + " END, " + function("COMBINEFUNC", "a.aggcombinefn") + ", " +
         function("SERIALFUNC", "a.aggserialfn") + ", " + function("DESERIALFUNC", "a.aggdeserialfn") +
         ", 'INITCOND = ' || quote_literal(a.agginitval), " + function("MSFUNC", "a.aggmtransfn") + ", " +
         function("MINVFUNC", "a.aggminvtransfn") + ", 'MSTYPE = ' || " + TypeName("a.aggmtranstype") +
         ", 'MSSPACE = ' || nullif(a.aggmtransspace, 0), " + function("MFINALFUNC", "a.aggmfinalfn") +
         ", CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END, " + "CASE WHEN a.aggmfinalfn <> 0 THEN " +
         Modify("MFINALFUNC_MODIFY", "a.aggmfinalmodify") +
         " END, 'MINITCOND = ' || quote_literal(a.aggminitval), 'SORTOP = ' || " + OperatorName("a.aggsortop") +
         ", 'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END, " +
         "CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END)";
}

KindQuery Aggregates() {
  return {ObjectKind::kAggregate,
          Catalog::kFunction,
          {kDefinition, kReturns, kArguments},
          RoutineId() + ", " + AggregateDefinition() +
              ", pg_get_function_result(p.oid), pg_get_function_arguments(p.oid)" +
              FromRoutines("JOIN pg_aggregate a ON a.aggfnoid = p.oid", "'a'"),
          "X"};
}

}  // namespace

Status ReadRoutines(Inspection& inspection) {
  const int server_major = inspection.server_major();
  for (const KindQuery& query : {Routines(ObjectKind::kFunction, "'f', 'w'", server_major),
                                 Routines(ObjectKind::kProcedure, "'p'", server_major), Aggregates()}) {
    SLUICE_CHECK(ReadKind(inspection, query));
  }
  return {};
}

}  // namespace sluice
