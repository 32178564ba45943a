#include "tests/acceptance/kind_case.h"

namespace sluice::testing {

std::vector<KindCase> RoutineCases() {
  return {
      {"Function", "CREATE SCHEMA app;",
       "CREATE FUNCTION app.twice(x integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * x';",
       "CREATE FUNCTION app.twice(x integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT x + x';",
       "CREATE OR REPLACE FUNCTION app.twice(x integer DEFAULT 1) RETURNS integer\n    LANGUAGE sql\n    AS $$SELECT x "
       "+ x$$"},
      {"FunctionWithDollars", "", "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''$$''::text';",
       "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''$body$ $$''::text -- $';", "AS $body2$"},
      {"FunctionWhoseDefaultGoes", "",
       "CREATE FUNCTION f(a integer, b text DEFAULT 'x, y') RETURNS integer LANGUAGE sql AS 'SELECT 1';",
       "CREATE FUNCTION f(a integer, b text) RETURNS integer LANGUAGE sql AS 'SELECT 1';",
       "DROP FUNCTION f(integer, text)"},
      {"FunctionWithOtherNames", "", "CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';",
       "CREATE FUNCTION f(b integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';", "DROP FUNCTION f(integer)"},
      {"FunctionWithAnotherResult", "", "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';",
       "CREATE FUNCTION f() RETURNS SETOF integer LANGUAGE sql AS 'SELECT 1';", "DROP FUNCTION f()"},
      {"FunctionWithAllProperties", "",
       "CREATE FUNCTION f(a text[]) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END';",
       "CREATE FUNCTION f(a text[]) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT SECURITY DEFINER LEAKPROOF "
       "PARALLEL "
       "SAFE COST 7 SUPPORT array_unnest_support SET search_path TO '', \"Odd, one\", public SET work_mem TO '5MB' "
       "SET \"my.setting\" TO 'it''s' AS 'BEGIN RETURN true; END';",
       "\n    SET search_path TO '', 'Odd, one', 'public'"},
      {"FunctionThatReturnsATable", "", "CREATE FUNCTION f() RETURNS TABLE (a integer) LANGUAGE sql AS 'SELECT 1';",
       "CREATE FUNCTION f() RETURNS TABLE (a integer, b text) LANGUAGE sql ROWS 10 AS 'SELECT 1, ''''::text';",
       "RETURNS TABLE(a integer, b text)"},
      {"FunctionOfSqlStandard", "", "CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql RETURN a + 1;",
       "CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT f.a + 2; END;",
       "BEGIN ATOMIC", 14},
      {"FunctionWithOutArguments", "",
       "CREATE FUNCTION f(INOUT a integer, OUT b text, VARIADIC c text[] DEFAULT '{a,b}') LANGUAGE sql AS 'SELECT 1, "
       "''''';",
       "CREATE FUNCTION f(INOUT a integer, OUT b text, VARIADIC c text[] DEFAULT '{}') LANGUAGE sql AS 'SELECT 1, "
       "''''';",
       "CREATE OR REPLACE FUNCTION f(INOUT a integer, OUT b text, VARIADIC c text[] DEFAULT '{}'::text[])"},
      {"FunctionInC", "",
       "CREATE FUNCTION f(internal) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';",
       "CREATE FUNCTION f(internal) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';",
       "CREATE OR REPLACE FUNCTION"},
      {"FunctionOfPostgres", "", "CREATE FUNCTION f(integer) RETURNS integer LANGUAGE internal AS 'int4abs';",
       "CREATE FUNCTION f(integer) RETURNS integer LANGUAGE internal COST 3 AS 'int4abs';", "COST 3"},
      {"WindowFunction", "", "CREATE FUNCTION f() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';",
       "CREATE FUNCTION f() RETURNS bigint LANGUAGE internal AS 'window_row_number';", "DROP FUNCTION f()"},
      {"FunctionThatAnotherUses", "",
       "CREATE FUNCTION inner_one(a integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a + 1;"
       "CREATE FUNCTION outer_one(a integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN inner_one(a) + 1;",
       "CREATE FUNCTION inner_one(b integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN b + 1;"
       "CREATE FUNCTION outer_one(a integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN inner_one(a) + 1;",
       "DROP FUNCTION outer_one(integer);\nDROP FUNCTION inner_one(integer)", 14},
      {"Procedure", "CREATE SCHEMA app;",
       "CREATE PROCEDURE app.work(INOUT a integer, b text DEFAULT 'x') LANGUAGE plpgsql AS 'BEGIN a := 1; END';",
       "CREATE PROCEDURE app.work(INOUT a integer, b text DEFAULT 'y') LANGUAGE plpgsql SECURITY DEFINER AS "
       "'BEGIN a := 2; END';",
       "CREATE OR REPLACE PROCEDURE app.work"},
      {"ProcedureWithOutArguments", "", "CREATE PROCEDURE work(a integer, OUT b text) LANGUAGE plpgsql AS 'BEGIN END';",
       "CREATE PROCEDURE work(a integer, OUT c text) LANGUAGE plpgsql AS 'BEGIN END';", "DROP PROCEDURE work(integer)",
       14},
      {"Aggregate", "CREATE SCHEMA app;",
       "CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');",
       "CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, SSPACE = 8, INITCOND = '1', COMBINEFUNC "
       "= "
       "int4pl, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MSSPACE = 8, MINITCOND = '1', PARALLEL = SAFE);",
       "CREATE OR REPLACE AGGREGATE app.total(integer)"},
      {"AggregateOfRows", "", "CREATE AGGREGATE many(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');",
       "CREATE AGGREGATE many(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '1');",
       "CREATE OR REPLACE AGGREGATE many(*)"},
      {"AggregateWithOrder", "",
       "CREATE AGGREGATE middle(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, "
       "FINALFUNC = "
       "percentile_disc_final, FINALFUNC_EXTRA);",
       "CREATE AGGREGATE middle(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, "
       "FINALFUNC = "
       "percentile_disc_final, FINALFUNC_EXTRA, FINALFUNC_MODIFY = SHAREABLE);",
       "FINALFUNC_MODIFY = SHAREABLE"},
      {"AggregateHypothetical", "",
       "CREATE AGGREGATE place(VARIADIC \"any\" ORDER BY VARIADIC \"any\") (SFUNC = ordered_set_transition_multi, "
       "STYPE = "
       "internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);",
       "CREATE AGGREGATE place(VARIADIC \"any\" ORDER BY VARIADIC \"any\") (SFUNC = ordered_set_transition_multi, "
       "STYPE = "
       "internal, FINALFUNC = dense_rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);",
       "FINALFUNC = dense_rank_final"},
      {"AggregateThatSorts", "", "CREATE AGGREGATE least_of(integer) (SFUNC = int4smaller, STYPE = integer);",
       "CREATE AGGREGATE least_of(integer) (SFUNC = int4smaller, STYPE = integer, SORTOP = <);", "SORTOP = <"},
  };
}

// A table and a trigger function.
constexpr const char* kTable =
    "CREATE TABLE t (id integer, n text); CREATE TABLE other (id integer); CREATE VIEW v AS SELECT id FROM t;"
    "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';";

std::vector<KindCase> TriggerCases() {
  return {
      {"Trigger", kTable, "CREATE TRIGGER act BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION act();",
       "CREATE TRIGGER act BEFORE INSERT OR UPDATE OF n ON t FOR EACH ROW WHEN (NEW.id > 1) EXECUTE FUNCTION act('a');",
       "TRIGGER act BEFORE INSERT OR UPDATE OF n ON t"},
      {"TriggerThatIsDisabled", kTable,
       "CREATE TRIGGER act BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION act(); ALTER TABLE t DISABLE TRIGGER act;",
       "CREATE TRIGGER act BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION act(); ALTER TABLE t ENABLE ALWAYS TRIGGER "
       "act;",
       "ALTER TABLE t ENABLE ALWAYS TRIGGER act"},
      {"TriggerThatChangesAndStaysDisabled", kTable,
       "CREATE TRIGGER act BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION act(); ALTER TABLE t DISABLE TRIGGER act;",
       "CREATE TRIGGER act BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION act(); ALTER TABLE t DISABLE TRIGGER act;",
       "DISABLE TRIGGER act"},
      {"TriggerWithTransitionTables", kTable,
       "CREATE TRIGGER act AFTER INSERT ON t REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION act();",
       "CREATE TRIGGER act AFTER UPDATE ON t REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT "
       "EXECUTE FUNCTION act(); ALTER TABLE t ENABLE REPLICA TRIGGER act;",
       "ENABLE REPLICA TRIGGER act"},
      {"ConstraintTrigger", kTable,
       "CREATE CONSTRAINT TRIGGER act AFTER INSERT ON t FROM other DEFERRABLE FOR EACH ROW EXECUTE FUNCTION act();",
       "CREATE CONSTRAINT TRIGGER act AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "
       "act();",
       "DROP TRIGGER act ON t"},
      {"TriggerOfAView", kTable, "CREATE TRIGGER act INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION act();",
       "CREATE TRIGGER act INSTEAD OF DELETE ON v FOR EACH ROW EXECUTE FUNCTION act();",
       "TRIGGER act INSTEAD OF DELETE ON v"},
      {"TriggerOfAPartition",
       "CREATE TABLE whole (id integer) PARTITION BY LIST (id); CREATE TABLE piece PARTITION OF whole FOR VALUES IN "
       "(1);"
       "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';",
       "CREATE TRIGGER act AFTER INSERT ON whole FOR EACH ROW EXECUTE FUNCTION act();"
       "ALTER TABLE piece DISABLE TRIGGER act;",
       "CREATE TRIGGER act AFTER INSERT ON whole FOR EACH ROW EXECUTE FUNCTION act();"
       "ALTER TABLE piece ENABLE ALWAYS TRIGGER act;",
       "ALTER TABLE piece ENABLE ALWAYS TRIGGER act"},
      {"TriggerOfAPartitionThatDoesAsItsTable",
       "CREATE TABLE whole (id integer) PARTITION BY LIST (id); CREATE TABLE piece PARTITION OF whole FOR VALUES IN "
       "(1);"
       "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
       "CREATE TRIGGER act AFTER INSERT ON whole FOR EACH ROW EXECUTE FUNCTION act();",
       "ALTER TABLE piece DISABLE TRIGGER act;", "", "ALTER TABLE piece ENABLE TRIGGER act"},
      {"Rule", kTable, "CREATE RULE r AS ON INSERT TO t WHERE NEW.id > 5 DO ALSO INSERT INTO other VALUES (NEW.id);",
       "CREATE RULE r AS ON UPDATE TO t DO INSTEAD (DELETE FROM other; INSERT INTO other VALUES (NEW.id));"
       "ALTER TABLE t DISABLE RULE r;",
       "CREATE OR REPLACE RULE r AS"},
      {"Policy", kTable, "CREATE POLICY p ON t USING (id > 1);",
       "CREATE POLICY p ON t TO reader, \"odd Role\" USING (id > 2) WITH CHECK (n <> '');",
       "ALTER POLICY p ON t TO \"odd Role\", reader USING (id > 2) WITH CHECK (n <> ''::text)"},
      {"PolicyOfAnotherCommand", kTable, "CREATE POLICY p ON t FOR SELECT USING (true);",
       "CREATE POLICY p ON t AS RESTRICTIVE FOR INSERT TO reader WITH CHECK (id IN (SELECT id FROM other));",
       "DROP POLICY p ON t;\nCREATE POLICY p ON t AS RESTRICTIVE FOR INSERT TO reader WITH CHECK"},
      {"EventTrigger", "CREATE FUNCTION look() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';",
       "CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION look();"
       "ALTER EVENT TRIGGER e DISABLE;",
       "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION look(); ALTER EVENT TRIGGER e ENABLE ALWAYS;",
       "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION look();\nALTER EVENT TRIGGER e ENABLE ALWAYS"},
      {"EventTriggerThatIsEnabled", "CREATE FUNCTION look() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';",
       "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION look(); ALTER EVENT TRIGGER e DISABLE;",
       "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION look();", "ALTER EVENT TRIGGER e ENABLE"},
  };
}

}  // namespace sluice::testing
