// The text that runs is the text in the file, byte for byte; what PostgreSQL says about it is shown where it is.
#include <gmock/gmock.h>

#include "core/db/record.h"
#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class ExecutionTextTest : public MigrationTest {
 protected:
  // A large section of INSERTs into table t(id int, v text).
  static std::string ManyRows(std::size_t bytes, const std::string& value) {
    std::string text;
    for (int i = 0; text.size() < bytes; ++i) {
      text += "INSERT INTO t VALUES (" + std::to_string(i) + ", " + value + ");\n";
    }
    return text;
  }
};

TEST_F(ExecutionTextTest, AByteOrderMarkAndCarriageReturnsAreStoredAsTheyAre) {
  const std::string bytes =
      "\xEF\xBB\xBF-- a1\r\n--\r\n-- Revision: a1\r\n-- Revises:\r\n\r\n-- sluice:upgrade\r\nCREATE TABLE t (v "
      "text);\r\n"
      "INSERT INTO t VALUES ('one\r\ntwo');\r\n-- sluice:downgrade\r\nDROP TABLE t;\r\n";
  WriteBytes("a1", bytes);
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(Value("SELECT encode(script, 'hex') FROM sluice.revision"), HexDigits(bytes));
  EXPECT_EQ(Value("SELECT v = E'one\\r\\ntwo' FROM t"), "t");
  Remove("a1");
  const RunReport back = Downgrade();
  ASSERT_FALSE(back.error) << Why(back);
  EXPECT_FALSE(HasTable("t"));
}

TEST_F(ExecutionTextTest, LineEndsAloneAreNoChangeOfAScript) {
  WriteBytes("a1", "-- a1\n--\n-- Revision: a1\n-- Revises:\n-- sluice:upgrade\nSELECT 1;\n-- sluice:downgrade\n");
  ASSERT_FALSE(Upgrade().error);
  WriteBytes(
      "a1",
      "-- a1\r\n--\r\n-- Revision: a1\r\n-- Revises:\r\n-- sluice:upgrade\r\nSELECT 1;\r\n-- sluice:downgrade\r\n");
  EXPECT_FALSE(Upgrade().error);
}

TEST_F(ExecutionTextTest, APositionCountsCharactersNotBytes) {
  Write("a1", "", "-- sluice:upgrade\nSELECT 'äöü€𝄞', nosuch FROM pg_class;\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->where.line, 7);
  EXPECT_EQ(report.error->where.column, 17);
  EXPECT_THAT(report.error->where.excerpt, HasSubstr("SELECT 'äöü€𝄞', nosuch FROM pg_class;\n                ^"));
  EXPECT_EQ(report.error->server.sqlstate, "42703");
}

TEST_F(ExecutionTextTest, AnErrorInAFunctionShowsTheCallAndThePlaceInTheFunction) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE FUNCTION boom() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN (SELECT nosuch "
        "FROM "
        "pg_class LIMIT 1);\nEND $$;\n\nSELECT boom();\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->where.line, 12);
  EXPECT_THAT(report.error->where.excerpt, HasSubstr("SELECT boom();"));
  EXPECT_THAT(report.error->where.excerpt, HasSubstr("in the function:\n"));
  EXPECT_THAT(report.error->where.excerpt, HasSubstr("SELECT nosuch FROM pg_class"));
  EXPECT_THAT(report.error->server.context, HasSubstr("function boom() line 3"));
}

TEST_F(ExecutionTextTest, DetailAndHintAreThoseOfPostgres) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int PRIMARY KEY);\nINSERT INTO t VALUES (1);\nINSERT INTO t\n  VALUES "
        "(1);\n"
        "-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->where.line, 9);
  EXPECT_EQ(report.error->server.detail, "Key (id)=(1) already exists.");
}

TEST_F(ExecutionTextTest, NoticesArePassedOn) {
  Write("a1", "", "-- sluice:upgrade\nDO $$ BEGIN RAISE NOTICE 'half way'; END $$;\n-- sluice:downgrade\n");
  ASSERT_FALSE(Upgrade().error);
  EXPECT_THAT(observer.notices, Contains("half way"));
}

TEST_F(ExecutionTextTest, SemicolonsThatEndNoStatementAreLeftAlone) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (v text); -- a ; and a ' here\n/* ; /* nested ; */ ' */\n"
        "INSERT INTO t VALUES ('a;b'), (E'c\\';d'), ($x$e;f$x$), (U&'\\0067;h');\n"
        "CREATE TABLE \"semi;colon\" (id int);\n"
        "CREATE RULE r AS ON DELETE TO t DO ALSO (SELECT 1; SELECT 2);\n"
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN RETURN 1; END; $f$;\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(Value("SELECT string_agg(v, ' ' ORDER BY v) FROM t"), "a;b c';d e;f g;h");
}

// Routines with an SQL body are of PostgreSQL 14; before it the server is the judge of them.
TEST_F(ExecutionTextTest, ARoutineWithASqlBodyIsOneStatement) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE FUNCTION f(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN "
        "x > 0 "
        "THEN 2 ELSE 3 END; END;\nCREATE TABLE t (id int);\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  EXPECT_EQ(report.error.has_value(), server().MajorVersion() < 14) << Why(report);
  EXPECT_EQ(HasTable("t"), server().MajorVersion() >= 14);
}

TEST_F(ExecutionTextTest, ALargeScriptRunsInWindowsAndIsStoredWhole) {
  const std::string rows = ManyRows(5'000'000, "'text'");
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int, v text);\n" + rows + "-- sluice:downgrade\nDROP TABLE t;\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(Value("SELECT count(*) = max(id) + 1 FROM t"), "t");
  EXPECT_EQ(Value("SELECT length(script) > 5000000 AND applied FROM sluice.revision"), "t");
  const RunReport back = Downgrade();
  ASSERT_FALSE(back.error) << Why(back);
  EXPECT_EQ(Value("SELECT applied FROM sluice.revision"), "f");
}

TEST_F(ExecutionTextTest, WhatIsSaidAboutStringsHoldsFromWindowToWindow) {
  const std::string rows = ManyRows(2'500'000, "'it\\'s; \\\\'");
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int, v text);\nSET standard_conforming_strings = off;\nSET "
        "escape_string_warning = off;\n" +
            rows + "-- sluice:upgrade\nINSERT INTO t VALUES (-1, '\\');\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(Value("SELECT count(*) FROM t WHERE id >= 0 AND v <> E'it''s; \\\\'"), "0");
  EXPECT_EQ(Value("SELECT v = E'\\\\' FROM t WHERE id = -1"), "t");
}

TEST_F(ExecutionTextTest, AFailureDeepInALargeScriptHasItsLineAndUndoesAll) {
  const std::string rows = ManyRows(2'500'000, "'text'");
  const auto lines = static_cast<int>(std::count(rows.begin(), rows.end(), '\n'));
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int, v text);\n" + rows + "INSERT INTO t VALUES (1, 1/0);\n" + rows +
            "-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->server.sqlstate, "22012");
  EXPECT_EQ(report.error->where.line, 8 + lines);
  EXPECT_FALSE(HasTable("t"));
}

TEST_F(ExecutionTextTest, OneStatementMayBeLargerThanAWindow) {
  std::string sections = "-- sluice:upgrade\nCREATE TABLE t (v text);\nINSERT INTO t VALUES ('";
  sections.append(2'500'000, 'x');
  sections += "');\nINSERT INTO t VALUES ('small');\n-- sluice:downgrade\n";
  Write("a1", "", sections);
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(Value("SELECT max(length(v)) FROM t"), "2500000");
}

}  // namespace
}  // namespace sluice::testing
