// Every kind that isn't relational: created from an inspection alone, changed into something else and back, and
// dropped.
#include <gmock/gmock.h>

#include "tests/acceptance/kind_case.h"
#include "tests/acceptance/kind_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::HasSubstr;

std::vector<KindCase> AllCases() {
  std::vector<KindCase> all;
  for (const auto& cases : {ModuleCases(), TypeCases(), RoutineCases(), TriggerCases(), OperatorCases(),
                            TextSearchCases(), OutsideCases(), AnnotationCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

class KindsTest : public KindTest, public ::testing::WithParamInterface<KindCase> {};

TEST_P(KindsTest, IsCreatedChangedAndDropped) {
  const KindCase& kind_case = GetParam();
  if (server().MajorVersion() < kind_case.since) return;
  const std::string given = DatabaseWith(kind_case.given);
  const std::string before = DatabaseWith(kind_case.given + kind_case.before);
  const std::string after = DatabaseWith(kind_case.given + kind_case.after);
  const std::string database = DatabaseWith(kind_case.given);
  ExpectConverges(database, before);
  EXPECT_THAT(ExpectConverges(database, after), HasSubstr(kind_case.change));
  ExpectConverges(database, before);
  ExpectConverges(database, given);
}

using HomelessTest = KindTest;

// What is inspected without a home schema is written for a session without a search_path.
TEST_F(HomelessTest, EveryNameHasItsSchema) {
  home_schema.clear();
  const std::string database = DatabaseWith("");
  const std::string target = DatabaseWith(
      "CREATE EXTENSION hstore; CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN d AS mood CHECK (VALUE <> 'a');"
      "CREATE TYPE pair AS (a mood, b d[]); CREATE COLLATION plain (locale = 'C');"
      "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
      "CREATE FUNCTION number(a mood, b hstore) RETURNS integer LANGUAGE sql AS 'SELECT 1';"
      "CREATE FUNCTION number(a mood) RETURNS integer LANGUAGE sql AS 'SELECT 1';"
      "CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer); CREATE CAST (mood AS integer) WITH FUNCTION "
      "number(mood); CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq, COMMUTATOR = ===, "
      "NEGATOR "
      "= !==); CREATE OPERATOR !== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4ne, NEGATOR = ===);"
      "CREATE OPERATOR CLASS numbers FOR TYPE integer USING hash AS OPERATOR 1 ===, FUNCTION 1 hashint4(integer);"
      "CREATE TABLE t (id integer, m mood, p pair);"
      "CREATE TRIGGER act BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.id === 1) EXECUTE FUNCTION act();"
      "CREATE RULE r AS ON DELETE TO t DO INSTEAD UPDATE t SET m = 'a' WHERE t.id === old.id;"
      "CREATE POLICY p ON t USING (number(m) > 1); CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple);"
      "CREATE TEXT SEARCH CONFIGURATION c (PARSER = \"default\"); ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR "
      "word "
      "WITH dict; CREATE PUBLICATION pub FOR TABLE t; COMMENT ON OPERATOR === (integer, integer) IS 'same';"
      "GRANT EXECUTE ON FUNCTION total(integer) TO reader;");
  EXPECT_THAT(ExpectConverges(database, target), HasSubstr("CREATE OPERATOR public.==="));
  ExpectConverges(database, DatabaseWith(""));
}

using ModulesTest = KindTest;

// There is no way back: extensions bring scripts for newer versions only.
TEST_F(ModulesTest, AnExtensionIsUpdated) {
  const std::string database = DatabaseWith("CREATE EXTENSION hstore VERSION '1.4'");
  const std::string target = DatabaseWith("CREATE EXTENSION hstore VERSION '1.5'");
  EXPECT_EQ(ExpectConverges(database, target), "ALTER EXTENSION hstore UPDATE TO '1.5';\n");
}

// A model's database is made in C, so nobody can write what these are; they are named.
TEST_F(ModulesTest, WhatIsNotManagedIsNamed) {
  const std::string database = DatabaseWith(
      "CREATE TYPE shell; CREATE FUNCTION base_in(cstring) RETURNS base LANGUAGE internal AS 'int4in';"
      "CREATE FUNCTION base_out(base) RETURNS cstring LANGUAGE internal AS 'int4out';"
      "CREATE TYPE base (INPUT = base_in, OUTPUT = base_out, LIKE = integer);"
      "CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq, NEGATOR = !==);"
      "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
      "CREATE USER MAPPING FOR reader SERVER s OPTIONS (password 'a secret');"
      "CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'prsd_lextype';"
      "CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION from_sql(internal));");
  Run(database, "SELECT lo_create(0)");
  Run(database, "CREATE SUBSCRIPTION sub CONNECTION 'password=a_secret' PUBLICATION p WITH (connect = false)");
  const Schema schema = Inspect(database);
  Run(database, "ALTER SUBSCRIPTION sub SET (slot_name = NONE)");
  Run(database, "DROP SUBSCRIPTION sub");
  std::string named;
  for (const UnmanagedObject& object : schema.unmanaged) named += object.kind + " " + object.name + "\n";
  EXPECT_EQ(named,
            "base type base\nlarge object 1 of them\nshell operator !==(integer,integer)\nshell type shell\n"
            "subscription sub\ntransform integer for sql\nuser mapping reader for s\n");
  EXPECT_EQ(Describe(schema).find("secret"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(All, KindsTest, ::testing::ValuesIn(AllCases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace sluice::testing
