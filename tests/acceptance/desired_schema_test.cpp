#include "core/engine/desired_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/acceptance/scratch_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Files = std::vector<std::pair<std::string, std::string>>;

class DesiredSchemaTest : public ScratchTest {
 protected:
  std::string Failure(const Files& files) {
    auto sources = MakeModelSources(files);
    if (!sources.ok()) return Told(sources.error());
    const auto scratch = Open();
    auto prepared = PrepareDesiredSchema(Context(), *scratch, *sources);
    return prepared.ok() ? "no error" : Told(prepared.error());
  }
  std::vector<std::string> Notes(const DesiredSchema& schema) {
    std::vector<std::string> notes;
    for (const ModelNote& note : schema.models.notes) {
      notes.push_back(note.file + ":" + std::to_string(note.line) + ": " + note.message);
    }
    return notes;
  }
};

TEST_F(DesiredSchemaTest, StatementsMayStandInAnyOrder) {
  const auto scratch = Open();
  const DesiredSchema schema = Prepare(*scratch, {{"a.sql",
                                                   "CREATE VIEW w AS SELECT * FROM v;\n"
                                                   "CREATE VIEW v AS SELECT kind FROM t;\n"
                                                   "CREATE TABLE t (id int REFERENCES u, kind k DEFAULT f());\n"},
                                                  {"b.sql",
                                                   "CREATE FUNCTION f() RETURNS k RETURN 'a'::k;\n"
                                                   "CREATE TYPE k AS ENUM ('a');\n"
                                                   "CREATE TABLE u (id int PRIMARY KEY);"}});
  EXPECT_EQ(ConnectTo(schema.database.conninfo()).Value("SELECT count(*) FROM w"), "0");
  EXPECT_THAT(Notes(schema), IsEmpty());
}

TEST_F(DesiredSchemaTest, TheSecondRunLoadsNothing) {
  const Files files{{"a.sql", "SET transaction_timeot = 0;\nCREATE TABLE t ();"}};
  const auto scratch = Open();
  const DesiredSchema first = Prepare(*scratch, files);
  EXPECT_FALSE(first.database.reused());
  EXPECT_THAT(Notes(first), SizeIs(1));
  const DesiredSchema second = Prepare(*scratch, files);
  EXPECT_TRUE(second.database.reused());
  EXPECT_EQ(Notes(second), Notes(first));
}

TEST_F(DesiredSchemaTest, ASyntaxErrorIsShownWhereItIs) {
  const std::string told = Failure({{"models/a.sql", "CREATE TABLE fine ();\n\nCREATE TABLE ä (\n  id int,,\n);\n"}});
  EXPECT_THAT(told, HasSubstr("model: syntax error at or near \",\" at models/a.sql:4\n  id int,,\n         ^"));
  EXPECT_THAT(Databases("sluice_"), IsEmpty());
}

TEST_F(DesiredSchemaTest, WhatNoOrderSolvesIsReportedTogether) {
  const std::string told = Failure({{"a.sql",
                                     "CREATE VIEW a AS SELECT * FROM b;\nCREATE VIEW b AS SELECT * FROM a;\n"
                                     "CREATE TABLE t (id nonsense);\nCREATE INDEX ON t (wrong);"}});
  EXPECT_THAT(told, HasSubstr("relation \"b\" does not exist at a.sql:1"));
  EXPECT_THAT(told, HasSubstr("relation \"a\" does not exist at a.sql:2"));
  EXPECT_THAT(told, HasSubstr("type \"nonsense\" does not exist at a.sql:3"));
}

TEST_F(DesiredSchemaTest, TwoModelsOfOneNameNameBothPlaces) {
  const std::string told = Failure({{"a.sql", "\nCREATE TABLE t ();"}, {"b.sql", "CREATE VIEW \"t\" AS SELECT 1;"}});
  EXPECT_THAT(told, HasSubstr("relation \"t\" already exists at b.sql:1"));
  EXPECT_THAT(told, HasSubstr("the models make it in a.sql:2 too"));
}

TEST_F(DesiredSchemaTest, AMissingExtensionIsNamed) {
  const std::string told = Failure({{"a.sql", "CREATE EXTENSION no_such_thing;\nCREATE TABLE t (c no_such_type);"}});
  EXPECT_THAT(told, HasSubstr("no_such_thing"));
  EXPECT_THAT(told, HasSubstr("install the extension on the configured server"));
}

TEST_F(DesiredSchemaTest, ManyStatementsLoadInOneGo) {
  std::string text;
  for (int i = 30; i > 0; --i) {
    const std::string n = std::to_string(i);
    text += "CREATE TABLE t" + n + " (id int PRIMARY KEY, up int REFERENCES t" + std::to_string(i - 1) + ");\n";
  }
  text += "CREATE TABLE t0 (id int PRIMARY KEY);\n";
  const auto scratch = Open();
  const DesiredSchema schema = Prepare(*scratch, {{"a.sql", text}});
  EXPECT_EQ(ConnectTo(schema.database.conninfo()).Value("SELECT count(*) FROM pg_constraint WHERE contype = 'f'"),
            "30");
}

}  // namespace
}  // namespace sluice::testing
