// Statements outside a transaction: how a run that was cut off, or failed, is settled and goes on.
#include <gmock/gmock.h>

#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Revision a1 makes what the test needs; in b2 the statement under test stands outside a transaction.
class ExecutionOutsideTest : public MigrationTest {
 protected:
  void Prepare(const std::string& sql) {
    Write("a1", "", "-- sluice:upgrade transaction=off\n" + sql + "\n-- sluice:downgrade\n");
    const RunReport report = Upgrade();
    ASSERT_FALSE(report.error) << Why(report);
  }
  void WriteStatement(const std::string& statement) {
    Write("b2", "a1", "-- sluice:upgrade transaction=off\n" + statement + ";\n-- sluice:downgrade\n");
  }

  // The statement is carried out, and its record is lost, as when the migrator dies between the two.
  void RunWithoutRecord(const std::string& statement) {
    WriteStatement(statement);
    Sql("CREATE FUNCTION sluice.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no record'; END $$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON sluice.event FOR EACH ROW WHEN (NEW.revision = 'b2' AND NEW.outcome = "
        "'done') "
        "EXECUTE FUNCTION sluice.refuse()");
    const RunReport report = Upgrade();
    ASSERT_TRUE(report.error);
    ASSERT_TRUE(report.partial) << Why(report);
    EXPECT_TRUE(report.partial->in_doubt);
    Sql("DROP TRIGGER refuse ON sluice.event; DROP FUNCTION sluice.refuse()");
    EXPECT_THAT(VersionRows(), ElementsAre("a1"));
  }

  void ExpectResumed() {
    const RunReport report = Upgrade();
    ASSERT_FALSE(report.error) << Why(report);
    EXPECT_THAT(VersionRows(), ElementsAre("b2"));
    EXPECT_EQ(Value("SELECT count(*) FROM sluice.progress"), "0");
  }
};

TEST_F(ExecutionOutsideTest, AnIndexThatWasBuiltIsNotBuiltAgain) {
  Prepare("CREATE TABLE t (id int);");
  RunWithoutRecord("CREATE INDEX CONCURRENTLY t_id ON t (id)");
  const std::string oid = Value("SELECT 't_id'::regclass::oid");
  ExpectResumed();
  EXPECT_EQ(Value("SELECT 't_id'::regclass::oid"), oid);
}

TEST_F(ExecutionOutsideTest, AnIndexWithoutANameThatWasBuiltIsNotBuiltAgain) {
  Prepare("CREATE TABLE t (id int);\nCREATE INDEX other ON t (id);");
  RunWithoutRecord("CREATE INDEX CONCURRENTLY ON t (id)");
  ExpectResumed();
  EXPECT_EQ(Value("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass"), "2");
}

TEST_F(ExecutionOutsideTest, TheInvalidIndexOfAFailedBuildIsMadeAgain) {
  for (const std::string name : {"t_id", ""}) {
    Sql("DROP SCHEMA IF EXISTS sluice CASCADE; DROP TABLE IF EXISTS t, alembic_version");
    Prepare("CREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (1);");
    WriteStatement("CREATE UNIQUE INDEX CONCURRENTLY " + name + " ON t (id)");
    const RunReport report = Upgrade();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->server.sqlstate, "23505");
    EXPECT_EQ(Value("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass AND NOT indisvalid"), "1");
    Sql("DELETE FROM t WHERE ctid = '(0,1)'");
    ExpectResumed();
    EXPECT_EQ(Value("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass"), "1");
    EXPECT_EQ(Value("SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 't'::regclass"), "t");
    Remove("b2");
  }
}

TEST_F(ExecutionOutsideTest, IfNotExistsDoesNotPassOverAnInvalidIndexOfSomebodyElse) {
  Prepare("CREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (1);");
  EXPECT_THROW(Sql("CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)"), std::runtime_error);
  WriteStatement("CREATE INDEX CONCURRENTLY IF NOT EXISTS t_id ON t (id)");
  for (int attempt = 0; attempt < 2; ++attempt) {
    const RunReport report = Upgrade();
    ASSERT_TRUE(report.error);
    EXPECT_THAT(report.error->message, HasSubstr("t_id is not valid"));
    EXPECT_THAT(report.error->hint, HasSubstr("DROP INDEX CONCURRENTLY public.t_id"));
    EXPECT_TRUE(HasTable("t_id"));
  }
  Sql("DROP INDEX t_id");
  ExpectResumed();
  EXPECT_EQ(Value("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_id'::regclass"), "t");
}

TEST_F(ExecutionOutsideTest, AnIndexThatWasDroppedIsNotDroppedAgain) {
  Prepare("CREATE TABLE t (id int);\nCREATE INDEX t_id ON t (id);");
  RunWithoutRecord("DROP INDEX CONCURRENTLY t_id");
  ExpectResumed();
  EXPECT_FALSE(HasTable("t_id"));
}

TEST_F(ExecutionOutsideTest, WhatMayRunTwiceRunsTwice) {
  Prepare("CREATE TABLE t (id int PRIMARY KEY);");
  RunWithoutRecord("VACUUM t");
  ExpectResumed();
  EXPECT_EQ(Value("SELECT count(*) FROM pg_class WHERE relname LIKE 't_pkey%'"), "1");
}

TEST_F(ExecutionOutsideTest, AReindexLeavesNoCopies) {
  Prepare("CREATE TABLE t (id int PRIMARY KEY);");
  RunWithoutRecord("REINDEX TABLE CONCURRENTLY t");
  ExpectResumed();
  EXPECT_EQ(Value("SELECT count(*) FROM pg_class WHERE relname LIKE 't_pkey%'"), "1");
}

TEST_F(ExecutionOutsideTest, ASystemSettingIsSetAgain) {
  Prepare("SELECT 1;");
  RunWithoutRecord("ALTER SYSTEM SET deadlock_timeout = '1s'");
  ExpectResumed();
  Sql("ALTER SYSTEM RESET deadlock_timeout");
}

TEST_F(ExecutionOutsideTest, ADatabaseThatWasMadeIsThere) {
  const std::string name = database() + "_made";
  Prepare("SELECT 1;");
  RunWithoutRecord("CREATE DATABASE " + name);
  ExpectResumed();
  Sql("DROP DATABASE " + name);
}

TEST_F(ExecutionOutsideTest, AProcedureThatCommitsIsSettledByAPersonOnly) {
  Prepare(
      "CREATE TABLE t (id int);\nCREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1); COMMIT; "
      "END $$;");
  RunWithoutRecord("CALL p()");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kNeedsDecision);
  EXPECT_THAT(report.error->hint, HasSubstr("sluice repair b2"));
  EXPECT_EQ(Value("SELECT count(*) FROM t"), "1");
}

// DETACH … CONCURRENTLY is of PostgreSQL 14.
TEST_F(ExecutionOutsideTest, ADetachThatIsPendingIsFinalized) {
  Prepare(
      "CREATE TABLE t (id int) PARTITION BY RANGE (id);\nCREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (9);");
  WriteStatement("ALTER TABLE t DETACH PARTITION t1 CONCURRENTLY");
  if (server().MajorVersion() < 14) {
    EXPECT_EQ(Upgrade().error->server.sqlstate, "42601");
    return;
  }
  settings.lock_budget = std::chrono::milliseconds(400);
  Session reader = Connect();
  reader.Run("BEGIN; SELECT * FROM t");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kLockBudget) << Why(report);
  EXPECT_EQ(Value("SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = 't1'::regclass"), "t");
  reader.Run("COMMIT");
  settings.lock_budget = std::chrono::minutes(1);
  ExpectResumed();
  EXPECT_EQ(Value("SELECT count(*) FROM pg_inherits WHERE inhrelid = 't1'::regclass"), "0");
}

TEST_F(ExecutionOutsideTest, WhatRemovesAnInvalidIndexNamesWhomItWaitsFor) {
  Prepare("CREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (1);");
  WriteStatement("CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)");
  ASSERT_TRUE(Upgrade().error);
  EXPECT_EQ(Value("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_id'::regclass"), "f");
  Sql("DELETE FROM t WHERE ctid = '(0,1)'");
  Session reader = Connect();
  reader.Run("BEGIN; SELECT * FROM t");
  settings.lock_budget = std::chrono::milliseconds(1500);
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kLockBudget) << Why(report);
  EXPECT_THAT(report.error->message, HasSubstr("what an earlier run began"));
  ASSERT_THAT(observer.blockers, ::testing::SizeIs(1));
  EXPECT_EQ(observer.blockers[0].pid, reader.BackendPid());
  reader.Run("COMMIT");
  settings.lock_budget = std::chrono::minutes(1);
  ExpectResumed();
}

TEST_F(ExecutionOutsideTest, AMendedStatementIsResumedAndTheEditIsOnRecord) {
  Write("a1", "",
        "-- sluice:upgrade transaction=off\nCREATE TABLE t (id int);\nCREATE TABLE u (id int);\nCREATE INDEX "
        "CONCURRENTLY t_id ON "
        "t (nosuch);\nCREATE TABLE v (id int);\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->where.line, 9);
  ASSERT_TRUE(report.partial);
  EXPECT_EQ(report.partial->done, 2);
  EXPECT_EQ(report.partial->total, 4);
  Write("a1", "",
        "-- sluice:upgrade transaction=off\nCREATE TABLE t (id int);\nCREATE TABLE u (id int);\nCREATE INDEX "
        "CONCURRENTLY t_id ON "
        "t (id);\nCREATE TABLE v (id int);\n-- sluice:downgrade\n");
  const RunReport again = Upgrade();
  ASSERT_FALSE(again.error) << Why(again);
  EXPECT_EQ(Value("SELECT count(*) FROM sluice.revision WHERE convert_from(script, 'UTF8') LIKE '%nosuch%'"), "0");
  EXPECT_NE(Value("SELECT count(*) FROM sluice.event WHERE note LIKE '%edited%'"), "0");
  EXPECT_FALSE(Upgrade().error);
}

TEST_F(ExecutionOutsideTest, AStatementThatIsDoneMayNotChange) {
  Write("a1", "", "-- sluice:upgrade transaction=off\nCREATE TABLE t (id int);\nSELECT 1/0;\n-- sluice:downgrade\n");
  ASSERT_TRUE(Upgrade().partial);
  Write("a1", "", "-- sluice:upgrade transaction=off\nCREATE TABLE t (id bigint);\nSELECT 1;\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kModified);
  EXPECT_THAT(report.error->message, HasSubstr("line 7"));
}

TEST_F(ExecutionOutsideTest, ATransactionOfTheScriptsOwnCommitsWithItsRecord) {
  Write("a1", "",
        "-- sluice:upgrade transaction=off\nCREATE TABLE t (id int);\nBEGIN;\nINSERT INTO t VALUES (1);\nINSERT INTO t "
        "VALUES "
        "(2);\nCOMMIT;\nSTART TRANSACTION; LOCK TABLE t; INSERT INTO t VALUES (3); END;\nCREATE INDEX CONCURRENTLY ON "
        "t (id);\n"
        "-- sluice:downgrade\nDROP TABLE t;\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(Value("SELECT count(*) FROM t"), "3");
  EXPECT_EQ(Value("SELECT count(*) FROM sluice.event WHERE outcome = 'done'"), "4");
}

TEST_F(ExecutionOutsideTest, AFailureInATransactionOfTheScriptsOwnUndoesIt) {
  const std::string begin =
      "-- sluice:upgrade transaction=off\nCREATE TABLE t (id int);\nBEGIN;\nINSERT INTO t VALUES (1);\n";
  Write("a1", "", begin + "INSERT INTO t VALUES (1/0);\nCOMMIT;\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->where.line, 10);
  EXPECT_EQ(Value("SELECT count(*) FROM t"), "0");
  Write("a1", "", begin + "INSERT INTO t VALUES (2);\nCOMMIT;\n-- sluice:downgrade\n");
  const RunReport again = Upgrade();
  ASSERT_FALSE(again.error) << Why(again);
  EXPECT_EQ(Value("SELECT count(*) FROM t"), "2");
}

TEST_F(ExecutionOutsideTest, SettingsOfEarlierStatementsHoldOnResume) {
  const std::string set = "-- sluice:upgrade transaction=off\nSET search_path = other;\n";
  Sql("CREATE SCHEMA other");
  Write("a1", "", set + "SELECT 1/0;\nCREATE TABLE t (id int);\n-- sluice:downgrade\n");
  ASSERT_TRUE(Upgrade().error);
  Write("a1", "", set + "SELECT 1;\nCREATE TABLE t (id int);\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_TRUE(HasTable("other.t"));
}

TEST_F(ExecutionOutsideTest, SectionsThatDoNotPairCanOnlyGoForward) {
  const std::string up =
      "-- sluice:upgrade\nCREATE TABLE t (id int);\n-- sluice:upgrade transaction=off\nCREATE INDEX CONCURRENTLY t_id "
      "ON t (";
  const std::string down = ");\n-- sluice:downgrade\nDROP TABLE t;\n";
  Write("a1", "", up + "nosuch" + down);
  ASSERT_TRUE(Upgrade().partial);
  const RunReport back = Downgrade();
  ASSERT_TRUE(back.error);
  EXPECT_EQ(back.error->code, ErrorCode::kPartial);
  EXPECT_TRUE(HasTable("t"));
  Write("a1", "", up + "id" + down);
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
}

TEST_F(ExecutionOutsideTest, ADowngradeThatStoppedHalfWayIsCompletedInEitherDirection) {
  const std::string body =
      "-- sluice:upgrade\nCREATE TABLE t (id int);\n-- sluice:upgrade\nCREATE TABLE u (id int);\n"
      "-- sluice:downgrade\nDROP TABLE u;\n-- sluice:downgrade\nDROP TABLE t;\n";
  Write("a1", "", body);
  ASSERT_FALSE(Upgrade().error);
  Sql("CREATE VIEW holds AS SELECT * FROM t");
  ASSERT_TRUE(Downgrade().partial);
  EXPECT_FALSE(HasTable("u"));
  const RunReport up = Upgrade();
  ASSERT_FALSE(up.error) << Why(up);
  EXPECT_TRUE(HasTable("u"));
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
  ASSERT_TRUE(Downgrade().partial);
  Sql("DROP VIEW holds");
  const RunReport down = Downgrade();
  ASSERT_FALSE(down.error) << Why(down);
  EXPECT_FALSE(HasTable("t"));
  EXPECT_THAT(VersionRows(), IsEmpty());
}

}  // namespace
}  // namespace sluice::testing
