#include "tests/acceptance/kind_case.h"

namespace sluice::testing {

std::vector<KindCase> ModuleCases() {
  return {
      {"ExtensionInAnotherSchema", "CREATE SCHEMA app;", "CREATE EXTENSION hstore SCHEMA app;",
       "CREATE EXTENSION hstore;", "ALTER EXTENSION hstore SET SCHEMA public"},
      {"Language", "", "CREATE LANGUAGE shout HANDLER plpgsql_call_handler;",
       "CREATE TRUSTED LANGUAGE shout HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator;",
       "CREATE OR REPLACE TRUSTED LANGUAGE shout"},
      {"AccessMethod", "", "CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler;",
       "CREATE ACCESS METHOD pile TYPE INDEX HANDLER bthandler;", "DROP ACCESS METHOD pile"},
      {"Collation", "CREATE SCHEMA app;", "CREATE COLLATION app.plain (locale = 'C');",
       "CREATE COLLATION app.plain (lc_collate = 'C', lc_ctype = 'POSIX');", "DROP COLLATION app.plain"},
      {"CollationOfIcu", "", "CREATE COLLATION german (provider = icu, locale = 'de');",
       "CREATE COLLATION german (provider = icu, locale = 'de', deterministic = false);", "DROP COLLATION german"},
      {"CollationWithRules", "", "CREATE COLLATION german (provider = icu, locale = 'de', rules = '&a < g');",
       "CREATE COLLATION german (provider = icu, locale = 'de', rules = '&a < ''b''');", "DROP COLLATION german", 16},
      {"CollationOfPostgres", "", "CREATE COLLATION plain (provider = builtin, locale = 'C');",
       "CREATE COLLATION plain (provider = builtin, locale = 'C.UTF-8');", "DROP COLLATION plain", 17},
  };
}

std::vector<KindCase> TypeCases() {
  return {
      {"Enum", "CREATE SCHEMA app;", "CREATE TYPE app.mood AS ENUM ('sad', 'it''s ok');",
       "CREATE TYPE app.mood AS ENUM ('first', 'sad', E'back\\\\slash', 'between', 'it''s ok', 'happy');",
       "ALTER TYPE app.mood ADD VALUE 'first' BEFORE 'sad';\n"
       "ALTER TYPE app.mood ADD VALUE E'back\\\\slash' AFTER 'sad';\n"
       "ALTER TYPE app.mood ADD VALUE 'between' AFTER E'back\\\\slash';\n"
       "ALTER TYPE app.mood ADD VALUE 'happy';\n"},
      {"EnumWithoutLabels", "", "CREATE TYPE nothing AS ENUM ();", "CREATE TYPE nothing AS ENUM ('one', 'two');",
       "ALTER TYPE nothing ADD VALUE 'one';\nALTER TYPE nothing ADD VALUE 'two'"},
      {"EnumInAnotherOrder", "", "CREATE TYPE mood AS ENUM ('sad', 'happy');",
       "CREATE TYPE mood AS ENUM ('happy', 'sad');", "DROP TYPE mood;\nCREATE TYPE mood AS ENUM ('happy', 'sad')"},
      {"EnumWhoseLabelHasALineBreak", "", "CREATE TYPE odd AS ENUM (E'a\\nb', 'c');",
       "CREATE TYPE odd AS ENUM (E'a\\nb', 'c', E'd\\n');", "ADD VALUE 'd\n'"},
      {"Domain", "CREATE SCHEMA app;", "CREATE DOMAIN app.code AS varchar(10);",
       "CREATE DOMAIN app.code AS varchar(10) DEFAULT 'x' NOT NULL CONSTRAINT filled CHECK (VALUE <> '');",
       "ALTER DOMAIN app.code SET NOT NULL"},
      {"DomainOfAnotherType", "", "CREATE DOMAIN amount AS integer CHECK (VALUE > 0) CHECK (VALUE < 10);",
       "CREATE DOMAIN amount AS bigint CHECK (VALUE > 0);", "DROP DOMAIN amount;\nCREATE DOMAIN amount AS bigint"},
      {"DomainWithCollation", "", "CREATE DOMAIN word AS text;", "CREATE DOMAIN word AS text COLLATE \"C\";",
       "CREATE DOMAIN word AS text COLLATE \"C\""},
      {"DomainConstraint", "", "CREATE DOMAIN amount AS integer CONSTRAINT positive CHECK (VALUE > 0);",
       "CREATE DOMAIN amount AS integer CONSTRAINT positive CHECK (VALUE > 1);"
       "COMMENT ON CONSTRAINT positive ON DOMAIN amount IS 'why';",
       "ALTER DOMAIN amount DROP CONSTRAINT positive"},
      {"DomainConstraintToValidate", "",
       "CREATE DOMAIN amount AS integer; ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;",
       "CREATE DOMAIN amount AS integer CONSTRAINT positive CHECK (VALUE > 0);",
       "ALTER DOMAIN amount VALIDATE CONSTRAINT positive"},
      {"DomainWithNamedNotNull", "", "CREATE DOMAIN d AS text CONSTRAINT there NOT NULL;",
       "CREATE DOMAIN d AS text NOT NULL; COMMENT ON CONSTRAINT d_not_null ON DOMAIN d IS 'why';",
       "ALTER DOMAIN d DROP CONSTRAINT there", 17},
      {"CompositeType", "CREATE SCHEMA app;", "CREATE TYPE app.pair AS (a integer, b text);",
       "CREATE TYPE app.pair AS (a bigint, b text COLLATE \"C\", \"C c\" numeric(4,2)[]);"
       "COMMENT ON COLUMN app.pair.a IS 'first';",
       "ALTER TYPE app.pair ADD ATTRIBUTE \"C c\" numeric(4,2)[]"},
      {"CompositeTypeWithoutAttributes", "", "CREATE TYPE empty AS ();", "CREATE TYPE empty AS (a integer);",
       "ALTER TYPE empty ADD ATTRIBUTE a integer"},
      {"CompositeTypeOfTables", "", "CREATE TYPE pair AS (a integer); CREATE TABLE pairs OF pair;",
       "CREATE TYPE pair AS (a integer, b text); CREATE TABLE pairs OF pair;", "ADD ATTRIBUTE b text CASCADE"},
      {"EnumThatColumnsHold", "",
       "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');"
       "CREATE TABLE t (id integer, m mood NOT NULL DEFAULT 'ok', many mood[] DEFAULT '{ok,sad}', CHECK (m <> 'sad'));"
       "CREATE VIEW v AS SELECT id FROM t WHERE m = 'happy'; CREATE INDEX i ON t (m) WHERE m > 'sad';"
       "CREATE FUNCTION f(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1'; GRANT SELECT ON v TO reader;",
       "CREATE TYPE mood AS ENUM ('happy', 'sad', 'ok');"
       "CREATE TABLE t (id integer, m mood NOT NULL DEFAULT 'ok', many mood[] DEFAULT '{ok,sad}', CHECK (m <> 'sad'));"
       "CREATE VIEW v AS SELECT id FROM t WHERE m = 'happy'; CREATE INDEX i ON t (m) WHERE m > 'sad';"
       "CREATE FUNCTION f(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1'; GRANT SELECT ON v TO reader;",
       "DROP TYPE mood_aside"},
      {"DomainThatColumnsHold", "",
       "CREATE DOMAIN code AS varchar(5) CHECK (VALUE <> ''); CREATE TABLE t (c code, d code[]);",
       "CREATE DOMAIN code AS text CHECK (VALUE <> ''); CREATE TABLE t (c code, d code[]);", "DROP DOMAIN code_aside"},
      {"Range", "CREATE SCHEMA app;",
       "CREATE FUNCTION app.difference(a float8, b float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT a - b';"
       "CREATE TYPE app.span AS RANGE (subtype = float8, subtype_diff = app.difference);",
       "CREATE TYPE app.span AS RANGE (subtype = float8);", "CREATE TYPE app.span AS RANGE"},
      {"RangeOfText", "", "CREATE TYPE span AS RANGE (subtype = text, collation = \"C\");",
       "CREATE TYPE span AS RANGE (subtype = text, subtype_opclass = text_pattern_ops);",
       "subtype_opclass = text_pattern_ops"},
      {"RangeWithItsMultirange", "", "CREATE TYPE span AS RANGE (subtype = integer, multirange_type_name = spans);",
       "CREATE TYPE span AS RANGE (subtype = integer, multirange_type_name = \"Spans\");",
       "multirange_type_name = \"Spans\"", 14},
      {"RangeWithItsMultirangeInASchema", "CREATE SCHEMA app;", "CREATE TYPE app.span AS RANGE (subtype = integer);",
       "CREATE TYPE app.span AS RANGE (subtype = integer, multirange_type_name = app.spans);",
       "multirange_type_name = app.spans", 14},
  };
}

}  // namespace sluice::testing
