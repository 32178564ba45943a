#include "core/script/section_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// One section of a script, as a test writes it: "transaction=off" or "" and its SQL.
struct Example {
  explicit Example(const std::string& marker, const std::string& sql)
      : text("-- Revision: a1\n-- Revises:\n-- sluice:" + marker + "\n" + sql) {
    auto parsed = ParseScript(text, "a.sql");
    EXPECT_TRUE(parsed.ok()) << parsed.error().message;
    if (parsed.ok()) script = *parsed;
  }
  Result<SectionStatements> Read(int server_version = 0) const {
    return ReadSection(text, script, script.sections.at(0), server_version);
  }

  std::string text;
  Script script;
};

// "line: message" of every error of the section. Its SQL begins in line 4.
std::vector<std::string> Troubles(const std::string& marker, const std::string& sql, int server_version = 0) {
  const Example example(marker, sql);
  const auto read = example.Read(server_version);
  if (read.ok()) return {};
  std::vector<std::string> troubles;
  const auto add = [&](const Error& error) {
    EXPECT_EQ(error.where.file, "a.sql");
    EXPECT_NE(error.where.excerpt, "");
    EXPECT_NE(error.hint, "") << error.message;
    troubles.push_back(std::to_string(error.where.line) + ": " + error.message);
  };
  add(read.error());
  for (const Error& error : read.error().also) add(error);
  return troubles;
}

TEST(SectionReaderTest, GivesStatementsWithTheirLines) {
  const Example example("upgrade", "CREATE TABLE t (a int);\n-- why\nINSERT INTO t VALUES (1);\n");
  const auto read = example.Read();
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->statements.size(), 2u);
  ASSERT_EQ(read->infos.size(), 2u);
  EXPECT_EQ(read->statements[0].line, 4);
  EXPECT_EQ(read->statements[1].line, 6);
  EXPECT_EQ(read->infos[0].kind, "CreateStmt");
}

TEST(SectionReaderTest, ATransactionRefusesWhatPostgresRefusesInIt) {
  EXPECT_THAT(Troubles("upgrade", "SELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a);\nVACUUM t;"),
              ElementsAre("5: PostgreSQL refuses this statement inside a transaction",
                          "6: PostgreSQL refuses this statement inside a transaction"));
  EXPECT_THAT(Troubles("upgrade transaction=off", "CREATE INDEX CONCURRENTLY i ON t (a);\nVACUUM t;"), IsEmpty());
}

TEST(SectionReaderTest, RulesHoldForTheServersVersion) {
  const std::string refresh = "ALTER SUBSCRIPTION s REFRESH PUBLICATION";
  EXPECT_THAT(Troubles("upgrade", refresh, 13), IsEmpty());
  EXPECT_THAT(Troubles("upgrade", refresh, 14),
              ElementsAre("4: PostgreSQL refuses this statement inside a transaction (from version 14 on)"));
  EXPECT_THAT(Troubles("upgrade", refresh, 0).size(), 1u);
}

TEST(SectionReaderTest, AScriptDoesNotEndASectionsTransaction) {
  EXPECT_THAT(Troubles("upgrade", "BEGIN;\nSELECT 1;\nCOMMIT;\nSAVEPOINT a;\nROLLBACK TO a;"),
              ElementsAre("4: this section is run in a transaction, which the script may not begin or end itself",
                          "6: this section is run in a transaction, which the script may not begin or end itself"));
}

TEST(SectionReaderTest, OutsideATransactionAScriptMayManageItsOwn) {
  EXPECT_THAT(Troubles("upgrade transaction=off", "BEGIN;\nLOCK TABLE t;\nCOMMIT AND CHAIN;\nLOCK TABLE t;\nEND;\n"),
              IsEmpty());
  EXPECT_THAT(Troubles("upgrade transaction=off", "BEGIN;\nVACUUM;\nROLLBACK;\nVACUUM;"),
              ElementsAre(HasSubstr("5: PostgreSQL refuses this statement inside a transaction, and the script began "
                                    "one in line 4")));
  EXPECT_THAT(Troubles("upgrade transaction=off", "START TRANSACTION;\nSELECT 1;"),
              ElementsAre("4: the transaction that begins here is not ended in its section"));
}

TEST(SectionReaderTest, SomeStatementsMakeNoSenseOutsideATransaction) {
  for (const std::string sql : {"LOCK TABLE t", "SAVEPOINT a", "DECLARE c CURSOR FOR SELECT 1", "SET LOCAL role = x",
                                "SET TRANSACTION READ ONLY", "SET CONSTRAINTS ALL DEFERRED"}) {
    EXPECT_THAT(Troubles("upgrade transaction=off", sql),
                ElementsAre("4: this statement has an effect inside a transaction only, and this section has none"))
        << sql;
  }
}

TEST(SectionReaderTest, ANewEnumValueWaitsForItsCommit) {
  const std::string add = "ALTER TYPE app.mood ADD VALUE 'fine';\n";
  EXPECT_THAT(
      Troubles("upgrade", add + "INSERT INTO t VALUES ('fine');"),
      ElementsAre("5: the enum value 'fine', which line 4 adds to mood, can't be used before that is committed"));
  EXPECT_THAT(
      Troubles("upgrade", add + "ALTER TYPE app.mood ADD VALUE 'better' AFTER 'fine';\nINSERT INTO t VALUES (1);"),
      IsEmpty());
  const std::string create = "CREATE TYPE app.mood AS ENUM ('sad');\n";
  EXPECT_THAT(Troubles("upgrade", create + add + "INSERT INTO t VALUES ('fine');", 17), IsEmpty());
  EXPECT_EQ(Troubles("upgrade", create + add + "INSERT INTO t VALUES ('fine');", 16).size(), 1u);
  EXPECT_THAT(Troubles("upgrade transaction=off", add + "INSERT INTO t VALUES ('fine');"), IsEmpty());
}

TEST(SectionReaderTest, DataForCopyIsRefusedWhereItsStatementIs) {
  EXPECT_THAT(Troubles("upgrade", "SELECT 1;\nCOPY t FROM stdin;\n1\tit's\n\\.\nSELECT 2;"),
              ElementsAre("5: this statement can't be in a script"));
}

TEST(SectionReaderTest, ChecksHoldQueriesOnly) {
  EXPECT_THAT(Troubles("check", "SELECT 1;\nTABLE t;\nVALUES (true);"), IsEmpty());
  EXPECT_THAT(Troubles("verify", "DELETE FROM t;\nSELECT 1 INTO u;"),
              ElementsAre("4: a verify section holds queries only: SELECT, VALUES or TABLE",
                          "5: a verify section holds queries only: SELECT, VALUES or TABLE"));
}

TEST(SectionReaderTest, AllOfASectionIsReportedAtOnce) {
  EXPECT_THAT(
      Troubles("upgrade", "VACUUM;\nDISCARD ALL;\nCOMMIT;\nSELECT 'x"),
      ElementsAre("4: PostgreSQL refuses this statement inside a transaction", "5: this statement can't be in a script",
                  "6: this section is run in a transaction, which the script may not begin or end itself",
                  "7: this string has no end"));
}

TEST(SectionReaderTest, WindowsGiveWhatTheWholeGives) {
  std::string sql;
  for (int i = 0; i < 50; ++i) sql += "INSERT INTO t VALUES (" + std::to_string(i) + ", 'a;b');\n\n";
  const Example example("upgrade", sql);
  const auto whole = example.Read();
  ASSERT_TRUE(whole.ok());
  ASSERT_EQ(whole->statements.size(), 50u);
  for (const std::size_t window : {std::size_t{1}, std::size_t{40}, std::size_t{333}}) {
    SectionReader reader(example.text, example.script, example.script.sections[0], 0);
    std::vector<Statement> statements;
    while (!reader.done()) {
      const auto read = reader.Next(window);
      ASSERT_TRUE(read.ok());
      statements.insert(statements.end(), read->statements.begin(), read->statements.end());
    }
    ASSERT_EQ(statements.size(), 50u);
    for (std::size_t i = 0; i < statements.size(); ++i) {
      EXPECT_EQ(statements[i].begin, whole->statements[i].begin);
      EXPECT_EQ(statements[i].line, whole->statements[i].line);
    }
  }
}

TEST(SectionReaderTest, ACheckOfASectionReportsTheSameTroubles) {
  const Example example("upgrade", "VACUUM;\nCOMMIT;");
  const Status status = CheckSection(example.text, example.script, example.script.sections[0], 0);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().also.size(), 1u);
}

}  // namespace
}  // namespace sluice
