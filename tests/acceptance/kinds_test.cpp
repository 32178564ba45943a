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
