// What `sluice status` says of a database.
#include "core/engine/status.h"

#include <gmock/gmock.h>

#include "core/engine/revision_state.h"
#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StatusTest : public MigrationTest {
 protected:
  StatusReport Status() {
    Result<StatusReport> report = ReadStatus(Context(), Files());
    if (!report.ok()) throw std::runtime_error(report.error().message + ": " + report.error().server.message);
    return std::move(*report);
  }
};

std::vector<std::string> Names(const std::vector<StatusRevision>& revisions) {
  std::vector<std::string> names;
  for (const StatusRevision& one : revisions) names.push_back(one.revision);
  return names;
}

TEST_F(StatusTest, AnEmptyDatabaseHasEverythingPendingAndStaysEmpty) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  const StatusReport status = Status();
  EXPECT_FALSE(status.has_version_table);
  EXPECT_FALSE(status.has_bookkeeping);
  EXPECT_THAT(status.rows, IsEmpty());
  EXPECT_EQ(status.applied, 0u);
  EXPECT_THAT(Names(status.pending), ElementsAre("a1", "b2"));
  EXPECT_THAT(status.remarks, ElementsAre(HasSubstr("no tables of Sluice")));
  EXPECT_EQ(Value("SELECT count(*) FROM pg_class WHERE relname IN ('alembic_version', 'run')"), "0");
}

TEST_F(StatusTest, WhereAndWhatIsToldAfterAnUpgrade) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Upgrade({"a1"}).error);
  const StatusReport status = Status();
  EXPECT_EQ(status.database, database());
  EXPECT_EQ(status.user, PostgresServer::kUser);
  EXPECT_EQ(status.version_table, "public.alembic_version");
  EXPECT_THAT(status.rows, ElementsAre("a1"));
  EXPECT_EQ(status.applied, 1u);
  EXPECT_THAT(Names(status.pending), ElementsAre("b2"));
  ASSERT_EQ(status.runs.size(), 1u);
  EXPECT_EQ(status.runs[0].command, "upgrade");
  EXPECT_EQ(status.runs[0].outcome, "done");
  EXPECT_EQ(status.migrator.pid, 0);
}

TEST_F(StatusTest, ContractRevisionsAndWhatStandsBehindThemWaitForTheRollout) {
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade\n-- sluice:downgrade\n", "-- Phase: contract\n");
  WriteTable("c3", "b2");
  ASSERT_FALSE(Upgrade({"a1"}).error);
  const StatusReport status = Status();
  ASSERT_THAT(Names(status.pending), ElementsAre("b2", "c3"));
  EXPECT_EQ(status.pending[0].contract, "b2");
  EXPECT_EQ(status.pending[0].phase, Phase::kContract);
  EXPECT_EQ(status.pending[1].contract, "b2");
}

TEST_F(StatusTest, PartialWorkIsShownStatementByStatement) {
  Write(
      "a1", "",
      "-- sluice:upgrade\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (1);\n-- sluice:upgrade transaction=off\n"
      "CREATE TABLE u (id int);\nCREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\nCREATE TABLE v (id int);\n"
      "-- sluice:downgrade\nDROP TABLE t;\n");
  ASSERT_TRUE(Upgrade().error);
  const StatusReport status = Status();
  ASSERT_EQ(status.partial.size(), 1u);
  const PartialDetails& partial = status.partial[0];
  EXPECT_FALSE(partial.trouble);
  EXPECT_EQ(partial.summary.revision, "a1");
  EXPECT_EQ(partial.summary.done, 2);
  EXPECT_EQ(partial.summary.total, 4);
  EXPECT_TRUE(partial.summary.in_doubt);
  ASSERT_EQ(partial.units.size(), 4u);
  EXPECT_EQ(partial.units[0].state, UnitState::kDone);
  EXPECT_EQ(partial.units[1].state, UnitState::kDone);
  EXPECT_EQ(partial.units[2].state, UnitState::kInDoubt);
  EXPECT_EQ(partial.units[2].number, 3);
  EXPECT_EQ(partial.units[2].section, 2);
  EXPECT_EQ(partial.units[2].statement, 2);
  EXPECT_EQ(partial.units[2].line, 11);
  EXPECT_EQ(partial.units[2].text, "CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)");
  EXPECT_EQ(partial.units[3].state, UnitState::kToDo);
  ASSERT_EQ(status.invalid_indexes.size(), 1u);
  EXPECT_EQ(status.invalid_indexes[0].index, "public.t_id");
  EXPECT_EQ(status.invalid_indexes[0].table, "public.t");
}

TEST_F(StatusTest, ADoneStatementThatWasEditedIsMarked) {
  const std::string rest = "CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\n-- sluice:downgrade\nDROP TABLE t;\n";
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (1);\n-- sluice:upgrade "
        "transaction=off\n" +
            rest);
  ASSERT_TRUE(Upgrade().error);
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (2);\n-- sluice:upgrade "
        "transaction=off\n" +
            rest);
  const StatusReport status = Status();
  ASSERT_EQ(status.partial.size(), 1u);
  ASSERT_EQ(status.partial[0].units.size(), 2u);
  EXPECT_TRUE(status.partial[0].units[0].changed);
  EXPECT_FALSE(status.partial[0].units[1].changed);
}

TEST_F(StatusTest, ADatabaseAheadOfTheFilesIsDescribedFromItsMemory) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Upgrade().error);
  Remove("b2");
  const StatusReport status = Status();
  EXPECT_THAT(Names(status.ahead), ElementsAre("b2"));
  EXPECT_EQ(status.ahead[0].message, "b2");
  EXPECT_EQ(status.applied, 2u);
  EXPECT_THAT(status.pending, IsEmpty());
}

TEST_F(StatusTest, ARowThatNobodyKnowsIsNamedAndTheRestIsStillShown) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Sql("UPDATE alembic_version SET version_num = 'ffff'");
  const StatusReport status = Status();
  ASSERT_TRUE(status.unknown_rows);
  EXPECT_THAT(status.unknown_rows->message, HasSubstr("ffff"));
  EXPECT_THAT(status.rows, ElementsAre("ffff"));
  EXPECT_EQ(status.runs.size(), 1u);
}

TEST_F(StatusTest, AChangedScriptIsNamedWithItsFile) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Write("a1", "", "-- sluice:upgrade\nSELECT 1;\n-- sluice:downgrade\n");
  const StatusReport status = Status();
  ASSERT_EQ(status.modified.size(), 1u);
  EXPECT_EQ(status.modified[0].revision, "a1");
  EXPECT_THAT(status.modified[0].file, HasSubstr("a1_test.sql"));
}

TEST_F(StatusTest, TheMigratorAtWorkAndWhomItWaitsForAreNamed) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  const Bookkeeping bookkeeping(settings, "public");
  Session migrator = Connect();
  const AdvisoryLock lock = bookkeeping.migrator_lock();
  while (migrator.Value(TryLock(lock)) != "t") {  // until the session of the upgrade has ended
  }
  Session blocker = Connect();
  blocker.Run("BEGIN; LOCK TABLE a1");
  migrator.Send("ALTER TABLE a1 ADD COLUMN x int");
  while (Value("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = " + std::to_string(migrator.BackendPid())) ==
         "0") {
  }
  const StatusReport status = Status();
  EXPECT_EQ(status.migrator.pid, migrator.BackendPid());
  EXPECT_THAT(status.migrator.query, HasSubstr("ADD COLUMN x"));
  ASSERT_EQ(status.blockers.size(), 1u);
  EXPECT_EQ(status.blockers[0].pid, blocker.BackendPid());
  blocker.Run("COMMIT");
  migrator.Finish();
}

TEST_F(StatusTest, ATableOfSluicesOwnThatIsLockedIsWaitedForAndItsLockerIsNamed) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  for (const char* table : {"alembic_version", "sluice.progress", "sluice.run"}) {
    Session locker = Connect();
    locker.Run(std::string("BEGIN; LOCK TABLE ") + table);
    std::vector<int> named;
    observer.on_locked_tables = [&] {
      for (const OtherSession& session : observer.lockers) named.push_back(session.pid);
      locker.Run("ROLLBACK");
    };
    EXPECT_THAT(Status().rows, ElementsAre("a1")) << table;
    EXPECT_THAT(named, ElementsAre(locker.BackendPid())) << table;
  }
  observer.on_locked_tables = nullptr;
}

TEST_F(StatusTest, ARunWithoutAnEndIsInterruptedOnceNobodyHoldsTheLock) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Sql("UPDATE sluice.run SET outcome = NULL, finished_at = NULL");
  EXPECT_EQ(Status().runs.at(0).outcome, "interrupted");
}

TEST_F(StatusTest, ARoleThatMayOnlyReadIsEnough) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Upgrade().error);
  Remove("b2");
  const std::string role = database() + "_reader";
  Sql("CREATE ROLE " + role + " LOGIN");
  Sql("GRANT USAGE ON SCHEMA sluice TO " + role + "; GRANT SELECT ON ALL TABLES IN SCHEMA sluice TO " + role +
      "; GRANT SELECT ON alembic_version TO " + role);
  settings.connection.keywords[2].value = role;
  const StatusReport status = Status();
  EXPECT_EQ(status.user, role);
  EXPECT_THAT(Names(status.ahead), ElementsAre("b2"));
  Sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST_F(StatusTest, AStandbyCanBeLookedAt) {
  PostgresServer own;
  MoveTo(own);
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  RestartAsStandby(own);
  settings.connection.wait_for_database = std::chrono::seconds(30);  // a standby takes readers a moment later
  const StatusReport status = Status();
  EXPECT_TRUE(status.standby);
  EXPECT_THAT(status.rows, ElementsAre("a1"));
  EXPECT_EQ(status.applied, 1u);
}

TEST_F(StatusTest, EveryRevisionHasOneState) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  WriteTable("c3", "b2");
  Write("d4", "c3", "-- sluice:upgrade\n-- sluice:downgrade\n", "-- Phase: contract\n");
  WriteTable("e5", "d4");
  ASSERT_FALSE(Upgrade({"b2"}).error);
  ASSERT_FALSE(Downgrade().error);
  Write("b2", "a1",
        "-- sluice:upgrade\nSELECT 1;\n-- sluice:upgrade transaction=off\nSELECT 1/0;\n-- sluice:downgrade\n");
  ASSERT_TRUE(Upgrade({"b2"}).error);
  const Project project = Files();
  Migrator migrator(Context(), project);
  ASSERT_TRUE(migrator.Open().ok());
  EXPECT_THAT(RevisionStates(project, migrator.situation()),
              ElementsAre(RevisionState::kApplied, RevisionState::kPartial, RevisionState::kPending,
                          RevisionState::kWaiting, RevisionState::kWaiting));
}

}  // namespace
}  // namespace sluice::testing
