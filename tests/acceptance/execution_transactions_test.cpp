// What a transactional section may hold, when it waits and when it gives up, and runs that are one transaction.
#include <gmock/gmock.h>

#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ExecutionTransactionsTest : public MigrationTest {
 protected:
  RunReport UpgradeAs(TransactionMode mode) {
    UpgradeRequest request;
    request.mode = mode;
    return Upgrade(request);
  }
};

TEST_F(ExecutionTransactionsTest, ADeferredConstraintThatFailsAtCommitNamesTheSection) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE p (id int PRIMARY KEY);\n\n-- sluice:upgrade\nCREATE TABLE c (id int "
        "REFERENCES p "
        "DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO c VALUES (1);\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->server.sqlstate, "23503");
  EXPECT_THAT(report.error->message, HasSubstr("at the end of the transaction"));
  EXPECT_EQ(report.error->where.line, 9);
  EXPECT_FALSE(HasTable("c"));
}

TEST_F(ExecutionTransactionsTest, WhatPostgresRefusesInATransactionIsSaidBeforeAnythingRuns) {
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade\nCREATE INDEX CONCURRENTLY ON a1 (id);\nVACUUM a1;\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kScript);
  EXPECT_EQ(report.error->where.line, 7);
  EXPECT_EQ(report.error->also.size(), 1u);
  EXPECT_THAT(report.error->hint, HasSubstr("transaction=off"));
  EXPECT_FALSE(HasTable("a1"));
}

TEST_F(ExecutionTransactionsTest, AProcedureThatCommitsGetsTheMendWhenTheServerRefusesIt) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;\nCALL p();\n-- "
        "sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->server.sqlstate, "2D000");
  EXPECT_EQ(report.error->where.line, 8);
  EXPECT_THAT(report.error->hint, HasSubstr("transaction=off"));
}

TEST_F(ExecutionTransactionsTest, ANewEnumValueCanBeUsedInTheNextSection) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE t (m mood);\n"
        "-- sluice:upgrade\nALTER TYPE mood ADD VALUE 'happy';\n-- sluice:upgrade\nINSERT INTO t VALUES ('happy');\n"
        "-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(Value("SELECT m FROM t"), "happy");
}

TEST_F(ExecutionTransactionsTest, ANewEnumValueInItsOwnSectionIsRefusedBeforeAnythingRuns) {
  Sql("CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (m mood)");
  Write(
      "a1", "",
      "-- sluice:upgrade\nALTER TYPE mood ADD VALUE 'happy';\nINSERT INTO t VALUES ('happy');\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kScript);
  EXPECT_EQ(report.error->where.line, 8);
  EXPECT_FALSE(HasTable("alembic_version"));
}

TEST_F(ExecutionTransactionsTest, AUseThatCannotBeSeenGetsTheMendFromTheServer) {
  Sql("CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (m mood)");
  Write("a1", "",
        "-- sluice:upgrade\nALTER TYPE mood ADD VALUE 'happy';\nDO $$ BEGIN EXECUTE 'INSERT INTO t VALUES (''hap' || "
        "'py'')'; END $$;\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->server.sqlstate, "55P04");
  EXPECT_THAT(report.error->hint, HasSubstr("section before"));
}

TEST_F(ExecutionTransactionsTest, ASectionMayHaveItsOwnStatementTimeout) {
  Write("a1", "", "-- sluice:upgrade statement_timeout=20ms\nSELECT pg_sleep(60);\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->server.sqlstate, "57014");
  EXPECT_EQ(report.error->where.line, 7);
  EXPECT_THAT(report.error->hint, HasSubstr("statement_timeout="));
}

TEST_F(ExecutionTransactionsTest, TheTimeoutOfASectionIsNotThatOfTheNext) {
  Write("a1", "",
        "-- sluice:upgrade statement_timeout=1h\n-- sluice:upgrade\nCREATE TABLE t AS SELECT "
        "current_setting('statement_timeout') AS v;\n-- sluice:downgrade\n-- sluice:downgrade\n");
  ASSERT_FALSE(Upgrade().error);
  EXPECT_EQ(Value("SELECT v FROM t"), "0");
}

TEST_F(ExecutionTransactionsTest, ALockThatCannotBeHadWithinTheBudgetNamesTheBlocker) {
  Sql("CREATE TABLE busy (id int)");
  settings.lock_budget = std::chrono::milliseconds(600);
  Write("a1", "", "-- sluice:upgrade lock_timeout=250ms\nALTER TABLE busy ADD COLUMN v int;\n-- sluice:downgrade\n");
  Session holder = Connect();
  holder.Run("SET application_name = 'report'; BEGIN; SELECT * FROM busy");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kLockBudget);
  EXPECT_EQ(report.error->where.line, 7);
  EXPECT_GE(observer.retries, 1);
  ASSERT_THAT(observer.blockers, ::testing::SizeIs(1));
  EXPECT_EQ(observer.blockers[0].pid, holder.BackendPid());
  EXPECT_EQ(observer.blockers[0].application, "report");
  EXPECT_THAT(VersionRows(), IsEmpty());
}

TEST_F(ExecutionTransactionsTest, ALockThatIsGivenBackInTimeIsTakenAtALaterAttempt) {
  Sql("CREATE TABLE busy (id int)");
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int);\nALTER TABLE busy ADD COLUMN v int;\n-- sluice:downgrade\n");
  Session holder = Connect();
  holder.Run("BEGIN; SELECT * FROM busy");
  observer.on_retry = [&holder] { holder.Run("COMMIT"); };
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_TRUE(HasTable("t"));
  EXPECT_EQ(Value("SELECT lock_wait > interval '0' FROM sluice.event WHERE outcome = 'done'"), "t");
}

TEST_F(ExecutionTransactionsTest, ADryRunNamesWhatCannotBeInATransaction) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int);\n-- sluice:upgrade transaction=off\nCREATE INDEX CONCURRENTLY ON "
        "t (id);\n"
        "INSERT INTO t VALUES (1);\n-- sluice:downgrade\n");
  WriteTable("b2", "a1");
  const RunReport report = UpgradeAs(TransactionMode::kRollBack);
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(report.finished.size(), 2u);
  ASSERT_THAT(report.skipped, ::testing::SizeIs(1));
  EXPECT_THAT(report.skipped[0], HasSubstr("a1_test.sql:9"));
  EXPECT_FALSE(HasTable("t"));
  EXPECT_EQ(Value("SELECT count(*) FROM pg_namespace WHERE nspname = 'sluice'"), "0");
}

TEST_F(ExecutionTransactionsTest, ADryRunFindsTheError) {
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade\nSELECT 1/0;\n-- sluice:downgrade\n");
  const RunReport report = UpgradeAs(TransactionMode::kRollBack);
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->where.line, 7);
  EXPECT_FALSE(HasTable("a1"));
}

TEST_F(ExecutionTransactionsTest, OneTransactionHoldsAllRevisionsAndTheirRecords) {
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade\nSET search_path = pg_catalog;\n-- sluice:upgrade\nCREATE TABLE t (id int);\n");
  WriteTable("c3", "b2");
  const RunReport report = UpgradeAs(TransactionMode::kOne);
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_THAT(VersionRows(), ElementsAre("c3"));
  EXPECT_EQ(Value("SELECT count(DISTINCT xmin::text) FROM sluice.event"), "1");
  EXPECT_EQ(Value("SELECT count(*) FROM sluice.progress"), "0");
  EXPECT_TRUE(HasTable("public.t"));
}

TEST_F(ExecutionTransactionsTest, OneTransactionThatCannotHaveItsLocksIsTriedAgainAsAWhole) {
  Sql("CREATE TABLE first (id int); CREATE TABLE busy (id int)");
  Write("a1", "", "-- sluice:upgrade\nINSERT INTO first VALUES (1);\n");
  Write("b2", "a1", "-- sluice:upgrade\nALTER TABLE busy ADD COLUMN v int;\n");
  Session holder = Connect();
  holder.Run("BEGIN; SELECT * FROM busy");
  observer.on_retry = [&] {
    EXPECT_EQ(Value("SELECT count(*) FROM pg_locks WHERE relation = 'first'::regclass"), "0");
    if (observer.retries == 2) holder.Run("COMMIT");
  };
  const RunReport report = UpgradeAs(TransactionMode::kOne);
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(observer.retries, 2);
  ASSERT_THAT(observer.blockers, ::testing::SizeIs(1));
  EXPECT_EQ(observer.blockers[0].pid, holder.BackendPid());
  EXPECT_EQ(report.finished.size(), 2u);
  EXPECT_EQ(Value("SELECT count(*) FROM first"), "1");
  EXPECT_THAT(Events(), ElementsAre("a1 upgrade 1 done", "b2 upgrade 1 done"));
}

TEST_F(ExecutionTransactionsTest, ADryRunThatCannotHaveItsLocksIsTriedAgain) {
  Sql("CREATE TABLE busy (id int)");
  Write("a1", "",
        "-- sluice:upgrade\nALTER TABLE busy ADD COLUMN v int;\n-- sluice:upgrade transaction=off\nVACUUM busy;\n");
  Session holder = Connect();
  holder.Run("BEGIN; SELECT * FROM busy");
  observer.on_retry = [&holder] { holder.Run("COMMIT"); };
  const RunReport report = UpgradeAs(TransactionMode::kRollBack);
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(observer.retries, 1);
  EXPECT_EQ(report.finished.size(), 1u);
  EXPECT_THAT(report.skipped, ::testing::SizeIs(1));
}

TEST_F(ExecutionTransactionsTest, OneTransactionThatNeverHasItsLocksNamesTheBlocker) {
  Sql("CREATE TABLE busy (id int)");
  settings.lock_budget = std::chrono::milliseconds(600);
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade\nALTER TABLE busy ADD COLUMN v int;\n");
  Session holder = Connect();
  holder.Run("BEGIN; SELECT * FROM busy");
  for (const TransactionMode mode : {TransactionMode::kOne, TransactionMode::kRollBack}) {
    const RunReport report = UpgradeAs(mode);
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code, ErrorCode::kLockBudget);
    EXPECT_EQ(report.error->where.line, 7);
    EXPECT_THAT(report.error->server.context, HasSubstr(std::to_string(holder.BackendPid())));
    EXPECT_FALSE(HasTable("a1"));
  }
  EXPECT_THAT(Events(), ElementsAre("b2 upgrade 1 failed"));
}

TEST_F(ExecutionTransactionsTest, OneTransactionIsRefusedWhereASectionIsOutsideOfOne) {
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade transaction=off\nVACUUM a1;\n-- sluice:downgrade\n");
  const RunReport report = UpgradeAs(TransactionMode::kOne);
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kUsage);
  EXPECT_EQ(report.error->where.line, 6);
  EXPECT_FALSE(HasTable("a1"));
}

TEST_F(ExecutionTransactionsTest, AModifiedScriptThatIsAcceptedIsOnRecord) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Write("a1", "", "-- sluice:upgrade\nCREATE TABLE a1 (id int); -- the same\n-- sluice:downgrade\nDROP TABLE a1;\n");
  WriteTable("b2", "a1");
  settings.allow_modified = true;
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
  EXPECT_THAT(Events(), ElementsAre("a1 upgrade 1 done", "a1 upgrade 0 accepted", "b2 upgrade 1 done"));
  EXPECT_THAT(Value("SELECT note FROM sluice.event WHERE outcome = 'accepted'"), HasSubstr("--allow-modified"));
}

}  // namespace
}  // namespace sluice::testing
