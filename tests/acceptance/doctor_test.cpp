// What `sluice doctor` finds.
#include "core/engine/doctor.h"

#include <gmock/gmock.h>

#include "core/engine/other_sessions.h"
#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::HasSubstr;

class DoctorTest : public MigrationTest {
 protected:
  DoctorCheck Find(const std::string& name) {
    const DoctorReport report = RunDoctor(Context());
    for (const DoctorCheck& check : report.checks) {
      if (check.name == name) return check;
    }
    throw std::runtime_error("no check " + name);
  }
  // A role that may log in and nothing else.
  std::string MakeRole() {
    const std::string role = database() + "_role";
    Sql("CREATE ROLE " + role + " LOGIN");
    return role;
  }
  void Become(const std::string& role) { settings.connection.keywords[2].value = role; }
  void DropRole(const std::string& role) { Sql("DROP OWNED BY " + role + "; DROP ROLE " + role); }
};

TEST_F(DoctorTest, AHealthyDatabaseGetsNoFailure) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  const DoctorReport report = RunDoctor(Context());
  for (const DoctorCheck& check : report.checks)
    EXPECT_EQ(check.outcome, CheckOutcome::kOk) << check.name << ": " << check.message;
  EXPECT_EQ(report.worst(), CheckOutcome::kOk);
  EXPECT_EQ(report.checks.size(), 16u);
}

TEST_F(DoctorTest, NothingIsChanged) {
  WriteTable("a1", "");
  EXPECT_EQ(RunDoctor(Context()).worst(), CheckOutcome::kOk);
  EXPECT_EQ(Value("SELECT count(*) FROM pg_namespace WHERE nspname = 'sluice'"), "0");
}

TEST_F(DoctorTest, WithoutAConnectionTheFilesAreStillLookedAt) {
  WriteTable("a1", "");
  settings.connection.keywords[1].value = "1";
  const DoctorReport report = RunDoctor(Context());
  ASSERT_EQ(report.checks.size(), 2u);
  EXPECT_EQ(report.checks[0].name, "files");
  EXPECT_EQ(report.checks[0].outcome, CheckOutcome::kOk);
  EXPECT_EQ(report.checks[1].name, "connection");
  EXPECT_EQ(report.worst(), CheckOutcome::kFailure);
}

TEST_F(DoctorTest, BrokenFilesAreAFailure) {
  Write("a1", "nowhere", "-- sluice:upgrade\n");
  EXPECT_EQ(Find("files").outcome, CheckOutcome::kFailure);
}

TEST_F(DoctorTest, SeveralHeadsOfOneHistoryAreAWarning) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  WriteTable("c3", "a1");
  const DoctorCheck check = Find("files");
  EXPECT_EQ(check.outcome, CheckOutcome::kWarning);
  EXPECT_THAT(check.message, HasSubstr("b2 and c3"));
}

TEST_F(DoctorTest, ARoleThatMayNotCreateIsToldWhatToGrant) {
  WriteTable("a1", "");
  const std::string role = MakeRole();
  Sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  Become(role);
  const DoctorCheck check = Find("privileges");
  EXPECT_EQ(check.outcome, CheckOutcome::kFailure);
  EXPECT_THAT(check.message, HasSubstr("create public.alembic_version"));
  EXPECT_THAT(check.hint, HasSubstr("GRANT USAGE, CREATE ON SCHEMA sluice TO " + role));
  DropRole(role);
}

TEST_F(DoctorTest, ARoleThatMayNotBecomeTheConfiguredOneIsAFailure) {
  WriteTable("a1", "");
  const std::string role = MakeRole();
  Sql("GRANT CREATE ON DATABASE " + database() + " TO " + role + "; GRANT CREATE ON SCHEMA public TO " + role);
  Become(role);
  settings.role = PostgresServer::kUser;
  EXPECT_THAT(Find("privileges").message, HasSubstr("may not become role postgres"));
  EXPECT_EQ(Find("settings").outcome, CheckOutcome::kFailure);
  Become(PostgresServer::kUser);
  Sql("REVOKE CREATE ON DATABASE " + database() + " FROM " + role);
  DropRole(role);
}

TEST_F(DoctorTest, ASettingThatTheServerRefusesIsAFailure) {
  WriteTable("a1", "");
  settings.session_settings = {{"work_mem", "a lot"}};
  const DoctorCheck check = Find("settings");
  EXPECT_EQ(check.outcome, CheckOutcome::kFailure);
  EXPECT_THAT(check.message, HasSubstr("work_mem"));
}

TEST_F(DoctorTest, ASearchPathWithoutASchemaIsAFailure) {
  WriteTable("a1", "");
  settings.search_path = "nowhere";
  EXPECT_EQ(Find("search_path").outcome, CheckOutcome::kFailure);
}

TEST_F(DoctorTest, TwoVersionTablesAreAWarning) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Sql("CREATE SCHEMA other; CREATE TABLE other.alembic_version (version_num text)");
  const DoctorCheck check = Find("search_path");
  EXPECT_EQ(check.outcome, CheckOutcome::kWarning);
  EXPECT_THAT(check.message, HasSubstr("other; public.alembic_version is the one in use"));
}

TEST_F(DoctorTest, AChangedScriptIsAFailure) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Write("a1", "", "-- sluice:upgrade\nSELECT 1;\n-- sluice:downgrade\n");
  EXPECT_EQ(Find("history").outcome, CheckOutcome::kFailure);
}

TEST_F(DoctorTest, ADatabaseAheadOfTheFilesIsAWarning) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Upgrade().error);
  Remove("b2");
  EXPECT_EQ(Find("history").outcome, CheckOutcome::kWarning);
}

TEST_F(DoctorTest, WhatAnInterruptedIndexBuildLeftIsAWarning) {
  Write(
      "a1", "",
      "-- sluice:upgrade\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (1);\n-- sluice:upgrade transaction=off\n"
      "CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\n-- sluice:downgrade\nDROP TABLE t;\n");
  ASSERT_TRUE(Upgrade().error);
  EXPECT_THAT(Find("indexes").message, HasSubstr("public.t_id on public.t"));
  EXPECT_EQ(Find("partial work").outcome, CheckOutcome::kWarning);
}

TEST_F(DoctorTest, AnIndexOfAPartitionedTableThatWaitsForItsPartsIsMeant) {
  WriteTable("a1", "");
  Sql("CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); "
      "CREATE INDEX p_id ON ONLY p (id)");
  EXPECT_EQ(Find("indexes").outcome, CheckOutcome::kOk);
}

TEST_F(DoctorTest, AnInterruptedRunIsAWarning) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Sql("UPDATE sluice.run SET outcome = NULL, finished_at = NULL");
  EXPECT_EQ(Find("runs").outcome, CheckOutcome::kWarning);
}

TEST_F(DoctorTest, AStandbyIsAFailure) {
  PostgresServer own;
  MoveTo(own);
  WriteTable("a1", "");
  RestartAsStandby(own);
  settings.connection.wait_for_database = std::chrono::seconds(30);  // a standby takes readers a moment later
  EXPECT_EQ(Find("standby").outcome, CheckOutcome::kFailure);
}

TEST_F(DoctorTest, AYoungTransactionIsNoTroubleYet) {
  WriteTable("a1", "");
  Session other = Connect();
  other.Run("BEGIN; SELECT 1");
  EXPECT_EQ(Find("long transactions").outcome, CheckOutcome::kOk);
}

TEST_F(DoctorTest, OldTransactionsAreFoundByTheirAge) {
  Session other = Connect();
  other.Run("BEGIN; SELECT 1");
  Database database(Context());
  ASSERT_TRUE(database.Connect().ok());
  ASSERT_TRUE(database.ReadState().ok());
  const Result<std::vector<OtherSession>> old = FindOldTransactions(database.reader(), std::chrono::seconds(0));
  ASSERT_TRUE(old.ok());
  ASSERT_EQ(old->size(), 1u);
  EXPECT_EQ(old->front().pid, other.BackendPid());
  EXPECT_EQ(old->front().state, "idle in transaction");
}

}  // namespace
}  // namespace sluice::testing
