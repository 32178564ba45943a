#include "tests/acceptance/kind_case.h"

namespace sluice::testing {

std::vector<KindCase> OperatorCases() {
  return {
      {"Operator", "CREATE SCHEMA app;",
       "CREATE OPERATOR app.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);",
       "CREATE OPERATOR app.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq, RESTRICT = eqsel, JOIN = "
       "eqjoinsel);",
       "ALTER OPERATOR app.=== (integer, integer) SET (RESTRICT = eqsel, JOIN = eqjoinsel)"},
      {"OperatorWithCommutatorAndNegator", "CREATE SCHEMA app;",
       "CREATE OPERATOR app.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);"
       "CREATE OPERATOR app.!== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4ne);",
       "CREATE OPERATOR app.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq, COMMUTATOR = "
       "OPERATOR(app.===), NEGATOR = OPERATOR(app.!==), HASHES, MERGES);"
       "CREATE OPERATOR app.!== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4ne, NEGATOR = "
       "OPERATOR(app.===));",
       "COMMUTATOR = OPERATOR(app.===)"},
      {"OperatorOfOneSide", "", "CREATE OPERATOR !!! (RIGHTARG = integer, FUNCTION = int4abs);",
       "CREATE OPERATOR !!! (RIGHTARG = integer, FUNCTION = int4um);", "DROP OPERATOR !!! (NONE, integer)"},
      {"OperatorFamily", "CREATE SCHEMA app;", "CREATE OPERATOR FAMILY app.numbers USING btree;",
       "CREATE OPERATOR FAMILY app.numbers USING btree; ALTER OPERATOR FAMILY app.numbers USING btree ADD OPERATOR 1 < "
       "(integer, bigint), FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint);",
       "ALTER OPERATOR FAMILY app.numbers USING btree ADD\n    OPERATOR 1 < (integer, bigint)"},
      {"OperatorFamilyWithAnotherFunction", "",
       "CREATE OPERATOR FAMILY numbers USING btree; ALTER OPERATOR FAMILY numbers USING btree ADD FUNCTION 1 (integer, "
       "bigint) btint48cmp(integer, bigint);",
       "CREATE FUNCTION compare(integer, bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 0';"
       "CREATE OPERATOR FAMILY numbers USING btree; ALTER OPERATOR FAMILY numbers USING btree ADD FUNCTION 1 (integer, "
       "bigint) compare(integer, bigint);",
       "DROP\n    FUNCTION 1 (integer, bigint);\nALTER OPERATOR FAMILY numbers USING btree ADD\n    FUNCTION 1"},
      {"OperatorClass", "CREATE SCHEMA app;",
       "CREATE OPERATOR CLASS app.backwards FOR TYPE integer USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, "
       "OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint4cmp(integer, integer);",
       "CREATE OPERATOR FAMILY app.family USING btree;"
       "CREATE OPERATOR CLASS app.backwards FOR TYPE integer USING btree FAMILY app.family AS OPERATOR 1 >, OPERATOR 3 "
       "=, "
       "FUNCTION 1 btint4cmp(integer, integer);",
       "CREATE OPERATOR CLASS app.backwards FOR TYPE integer USING btree FAMILY app.family AS"},
      {"OperatorClassWithStorage", "",
       "CREATE OPERATOR CLASS words FOR TYPE text[] USING gin AS OPERATOR 1 && (anyarray, anyarray), FUNCTION 1 "
       "bttextcmp(text, text), "
       "FUNCTION "
       "2 ginarrayextract(anyarray, internal, internal), FUNCTION 3 ginqueryarrayextract(anyarray, internal, smallint, "
       "internal, internal, internal, internal), FUNCTION 4 ginarrayconsistent(internal, smallint, anyarray, integer, "
       "internal, internal, internal, internal), STORAGE text;",
       "CREATE OPERATOR CLASS words FOR TYPE text[] USING gin AS OPERATOR 1 && (anyarray, anyarray), OPERATOR 2 @> "
       "(anyarray, anyarray), FUNCTION 1 "
       "bttextcmp(text, "
       "text), FUNCTION 2 ginarrayextract(anyarray, internal, internal), FUNCTION 3 ginqueryarrayextract(anyarray, "
       "internal, smallint, internal, internal, internal, internal), FUNCTION 4 ginarrayconsistent(internal, smallint, "
       "anyarray, integer, internal, internal, internal, internal), STORAGE text;",
       "OPERATOR 2 @> (anyarray, anyarray)"},
      {"Cast",
       "CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION number(mood) RETURNS integer LANGUAGE sql AS 'SELECT 1';",
       "CREATE CAST (mood AS integer) WITH FUNCTION number(mood) AS ASSIGNMENT;",
       "CREATE CAST (mood AS integer) WITH INOUT AS IMPLICIT;", "DROP CAST (mood AS integer);\nCREATE CAST"},
      {"CastWithoutFunction", "CREATE DOMAIN d AS integer;", "CREATE CAST (bigint AS point) WITH INOUT;",
       "CREATE CAST (date AS integer) WITHOUT FUNCTION;"
       "COMMENT ON CAST (date AS integer) IS 'odd';",
       "COMMENT ON CAST (date AS integer)"},
      {"Conversion", "CREATE SCHEMA app;", "CREATE CONVERSION app.c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;",
       "CREATE DEFAULT CONVERSION app.c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;",
       "CREATE DEFAULT CONVERSION app.c"},
  };
}

std::vector<KindCase> TextSearchCases() {
  return {
      {"TextSearchParser", "CREATE SCHEMA app;",
       "CREATE TEXT SEARCH PARSER app.p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = "
       "prsd_lextype);",
       "CREATE TEXT SEARCH PARSER app.p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = "
       "prsd_lextype, HEADLINE = prsd_headline);",
       "DROP TEXT SEARCH PARSER app.p"},
      {"TextSearchTemplate", "", "CREATE TEXT SEARCH TEMPLATE t (LEXIZE = dsimple_lexize);",
       "CREATE TEXT SEARCH TEMPLATE t (INIT = dsimple_init, LEXIZE = dsimple_lexize);", "DROP TEXT SEARCH TEMPLATE t"},
      {"TextSearchDictionary", "CREATE SCHEMA app;",
       "CREATE TEXT SEARCH DICTIONARY app.d (TEMPLATE = simple, STOPWORDS = english);",
       "CREATE TEXT SEARCH DICTIONARY app.d (TEMPLATE = simple, ACCEPT = false);",
       "ALTER TEXT SEARCH DICTIONARY app.d (accept = 'false', stopwords)"},
      {"TextSearchDictionaryOfAnotherTemplate", "", "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple);",
       "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = snowball, LANGUAGE = german);", "DROP TEXT SEARCH DICTIONARY d"},
      {"TextSearchConfiguration", "CREATE SCHEMA app; CREATE TEXT SEARCH DICTIONARY app.d (TEMPLATE = simple);",
       "CREATE TEXT SEARCH CONFIGURATION app.c (PARSER = \"default\");"
       "ALTER TEXT SEARCH CONFIGURATION app.c ADD MAPPING FOR asciiword, word WITH app.d, simple;",
       "CREATE TEXT SEARCH CONFIGURATION app.c (PARSER = \"default\");"
       "ALTER TEXT SEARCH CONFIGURATION app.c ADD MAPPING FOR asciiword, int, uint WITH simple;",
       "ALTER TEXT SEARCH CONFIGURATION app.c DROP MAPPING FOR word;\n"
       "ALTER TEXT SEARCH CONFIGURATION app.c ALTER MAPPING FOR asciiword WITH simple;\n"
       "ALTER TEXT SEARCH CONFIGURATION app.c ADD MAPPING FOR \"int\", uint WITH simple"},
      {"TextSearchConfigurationOfAnotherParser",
       "CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = "
       "prsd_lextype);",
       "CREATE TEXT SEARCH CONFIGURATION c (PARSER = \"default\");", "CREATE TEXT SEARCH CONFIGURATION c (PARSER = p);",
       "DROP TEXT SEARCH CONFIGURATION c"},
  };
}

constexpr const char* kTables =
    "CREATE SCHEMA app; CREATE TABLE t (id integer PRIMARY KEY, n text, active boolean); CREATE TABLE app.u (id "
    "integer);";

std::vector<KindCase> OutsideCases() {
  return {
      {"ForeignDataWrapper", "", "CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true', \"Odd\" 'a=b');",
       "CREATE FOREIGN DATA WRAPPER w VALIDATOR postgresql_fdw_validator;",
       "ALTER FOREIGN DATA WRAPPER w VALIDATOR postgresql_fdw_validator OPTIONS (DROP \"Odd\", DROP debug)"},
      {"ForeignServer", "CREATE FOREIGN DATA WRAPPER w;",
       "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'a', port '1');",
       "CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER w OPTIONS (host 'b', dbname 'it''s');",
       "ALTER SERVER s VERSION '2' OPTIONS (ADD dbname 'it''s', SET host 'b', DROP port)"},
      {"ForeignServerOfAnotherType", "CREATE FOREIGN DATA WRAPPER w;",
       "CREATE SERVER s TYPE 'a' FOREIGN DATA WRAPPER w;", "CREATE SERVER s TYPE 'b' FOREIGN DATA WRAPPER w;",
       "DROP SERVER s"},
      {"Publication", kTables, "CREATE PUBLICATION p FOR TABLE t;",
       "CREATE PUBLICATION p FOR TABLE app.u WITH (publish = 'insert, update', publish_via_partition_root = true);",
       "ALTER PUBLICATION p DROP TABLE t;\nALTER PUBLICATION p ADD TABLE app.u"},
      {"PublicationOfNothing", "", "CREATE PUBLICATION p;", "CREATE PUBLICATION p WITH (publish = 'delete');",
       "ALTER PUBLICATION p SET (publish = 'delete')"},
      {"PublicationOfAllTables", kTables, "CREATE PUBLICATION p FOR TABLE t;", "CREATE PUBLICATION p FOR ALL TABLES;",
       "CREATE PUBLICATION p FOR ALL TABLES"},
      {"PublicationOfColumnsAndRows", kTables, "CREATE PUBLICATION p FOR TABLE t (id, n) WHERE (id > 3), app.u;",
       "CREATE PUBLICATION p FOR TABLE t WHERE (active), app.u;", "ADD TABLE t WHERE (active)", 15},
      {"PublicationOfSchemas", kTables, "CREATE PUBLICATION p FOR TABLE t;",
       "CREATE PUBLICATION p FOR TABLE t, TABLES IN SCHEMA app;", "ALTER PUBLICATION p ADD TABLES IN SCHEMA app", 15},
      {"PublicationOfGeneratedColumns", kTables, "CREATE PUBLICATION p FOR TABLE t;",
       "CREATE PUBLICATION p FOR TABLE t WITH (publish_generated_columns = stored);",
       "SET (publish_generated_columns = stored)", 18},
  };
}

std::vector<KindCase> AnnotationCases() {
  return {
      {"DefaultPrivileges", "CREATE SCHEMA app;",
       "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO reader;",
       "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT INSERT ON TABLES TO reader WITH GRANT OPTION;"
       "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;",
       "ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA app GRANT INSERT ON TABLES TO reader WITH GRANT OPTION"},
      {"DefaultPrivilegesOfAllSorts", "",
       "ALTER DEFAULT PRIVILEGES FOR ROLE \"odd Role\" GRANT USAGE ON SEQUENCES TO reader;"
       "ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;"
       "ALTER DEFAULT PRIVILEGES GRANT CREATE ON SCHEMAS TO writer;",
       "", "GRANT USAGE ON TYPES TO PUBLIC"},
      {"GrantsUnderDefaultPrivileges",
       "CREATE SCHEMA app; ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT, INSERT ON TABLES TO reader WITH GRANT "
       "OPTION;"
       "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;",
       "CREATE TABLE app.t (id integer); REVOKE ALL ON app.t FROM reader; CREATE TABLE app.u (id integer);"
       "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';",
       "CREATE TABLE app.t (id integer); CREATE TABLE app.u (id integer); REVOKE GRANT OPTION FOR SELECT ON app.u FROM "
       "reader;"
       "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION f TO PUBLIC;",
       "REVOKE GRANT OPTION FOR SELECT ON TABLE app.u FROM reader"},
      {"GrantsOnFunctions", "",
       "CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION f TO reader;"
       "CREATE AGGREGATE many(*) (SFUNC = int8inc, STYPE = int8, INITCOND = 0); REVOKE EXECUTE ON FUNCTION many FROM "
       "PUBLIC;"
       "CREATE PROCEDURE work() LANGUAGE plpgsql AS 'BEGIN END'; GRANT EXECUTE ON PROCEDURE work TO writer;",
       "CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION f FROM "
       "PUBLIC;"
       "CREATE AGGREGATE many(*) (SFUNC = int8inc, STYPE = int8, INITCOND = 0); GRANT EXECUTE ON FUNCTION many() TO "
       "\"odd Role\";"
       "CREATE PROCEDURE work() LANGUAGE plpgsql AS 'BEGIN END'; GRANT EXECUTE ON PROCEDURE work TO writer WITH GRANT "
       "OPTION;",
       "GRANT EXECUTE ON PROCEDURE work() TO writer WITH GRANT OPTION"},
      {"GrantsOnOtherKinds", "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;",
       "CREATE TYPE mood AS ENUM ('a'); GRANT USAGE ON TYPE mood TO reader; CREATE DOMAIN d AS text;"
       "GRANT USAGE ON FOREIGN SERVER s TO reader; CREATE TRUSTED LANGUAGE shout HANDLER plpgsql_call_handler;",
       "CREATE TYPE mood AS ENUM ('a'); REVOKE USAGE ON TYPE mood FROM PUBLIC; CREATE DOMAIN d AS text;"
       "GRANT USAGE ON DOMAIN d TO writer; GRANT USAGE ON FOREIGN DATA WRAPPER w TO reader;"
       "CREATE TRUSTED LANGUAGE shout HANDLER plpgsql_call_handler; GRANT USAGE ON LANGUAGE shout TO writer;",
       "GRANT USAGE ON DOMAIN d TO writer"},
      {"Owners", "",
       "CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN d AS text; CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE "
       "sql "
       "AS 'SELECT 1'; CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq); CREATE OPERATOR "
       "FAMILY fam USING btree; CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple); CREATE PUBLICATION p;",
       "CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN d AS text; CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE "
       "sql "
       "AS 'SELECT 1'; CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq); CREATE OPERATOR "
       "FAMILY fam USING btree; CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple); CREATE PUBLICATION p;"
       "ALTER TYPE mood OWNER TO writer; ALTER DOMAIN d OWNER TO writer; ALTER FUNCTION f OWNER TO writer;"
       "ALTER OPERATOR === (integer, integer) OWNER TO writer; ALTER OPERATOR FAMILY fam USING btree OWNER TO writer;"
       "ALTER TEXT SEARCH DICTIONARY dict OWNER TO writer;",
       "ALTER OPERATOR FAMILY fam USING btree OWNER TO writer"},
      {"Comments", "CREATE TABLE t (id integer);",
       "CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';"
       "CREATE POLICY p ON t USING (true); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;"
       "COMMENT ON POLICY p ON t IS 'who'; COMMENT ON TYPE mood IS 'it''s';",
       "CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';"
       "CREATE POLICY p ON t USING (true); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;"
       "COMMENT ON FUNCTION f IS 'adds'; COMMENT ON RULE r ON t IS 'keep'; COMMENT ON TYPE mood IS E'two\\nlines';",
       "COMMENT ON FUNCTION f(integer) IS 'adds'"},
  };
}

}  // namespace sluice::testing
