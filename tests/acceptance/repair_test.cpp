// How a revision that is applied in part is settled.
#include "core/engine/repair.h"

#include <gmock/gmock.h>

#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A revision of five units whose third fails: table t, then u, then a unique index over rows that are the same twice.
constexpr std::string_view kStopsAtThird =
    "-- sluice:upgrade\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (1);\n"
    "-- sluice:upgrade transaction=off\nCREATE TABLE u (id int);\nCREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\n"
    "CREATE TABLE v (id int);\nCREATE TABLE w (id int);\n"
    "-- sluice:downgrade transaction=off\nDROP TABLE w;\nDROP TABLE v;\nDROP INDEX CONCURRENTLY t_id;\nDROP TABLE u;\n"
    "-- sluice:downgrade\nDROP TABLE t;\n";

class RepairTest : public MigrationTest {
 protected:
  void StopAtThird() {
    Write("a1b2", "", std::string(kStopsAtThird));
    ASSERT_TRUE(Upgrade().error);
  }
  RunReport Repair(RepairAction action, int unit = 0, const std::string& revision = "") {
    return sluice::Repair(Context(), Files(), {revision, action, unit});
  }
  std::vector<PartialDetails> Partials() { return *ReadPartialRevisions(Context(), Files()); }
  void MakeRowsUnique() { Sql("DELETE FROM t WHERE ctid = '(0,1)'"); }
  std::string LastDecision() {
    return Value("SELECT note FROM sluice.event WHERE outcome = 'repaired' ORDER BY id DESC LIMIT 1");
  }
};

TEST_F(RepairTest, ItListsWhatIsPartialUnitByUnit) {
  StopAtThird();
  const std::vector<PartialDetails> partials = Partials();
  ASSERT_EQ(partials.size(), 1u);
  EXPECT_EQ(partials[0].units.size(), 5u);
  EXPECT_EQ(partials[0].summary.done, 2);
}

TEST_F(RepairTest, ResumingCompletesThatRevisionAndNoOther) {
  StopAtThird();
  WriteTable("b3", "a1b2");
  MakeRowsUnique();
  const RunReport report = Repair(RepairAction::kResume);
  ASSERT_FALSE(report.error) << report.error->message;
  ASSERT_EQ(report.finished.size(), 1u);
  EXPECT_THAT(VersionRows(), ElementsAre("a1b2"));
  EXPECT_TRUE(HasTable("w"));
  EXPECT_FALSE(HasTable("b3"));
  EXPECT_EQ(LastDecision(), "resume");
  EXPECT_EQ(Value("SELECT command FROM sluice.run ORDER BY id DESC LIMIT 1"), "repair --resume");
}

TEST_F(RepairTest, ResumingThatFailsAgainLeavesItPartial) {
  StopAtThird();
  const RunReport report = Repair(RepairAction::kResume);
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kStatementFailed);
  ASSERT_TRUE(report.partial);
  EXPECT_EQ(report.partial->done, 2);
}

TEST_F(RepairTest, UndoingTakesBackWhatStands) {
  StopAtThird();
  const RunReport report = Repair(RepairAction::kUndo);
  ASSERT_FALSE(report.error) << report.error->message;
  EXPECT_FALSE(HasTable("t"));
  EXPECT_FALSE(HasTable("u"));
  EXPECT_THAT(VersionRows(), IsEmpty());
  EXPECT_THAT(Partials(), IsEmpty());
  EXPECT_EQ(LastDecision(), "undo");
}

TEST_F(RepairTest, AHalfTakenBackRevisionIsResumedDownwardsAndUndoneUpwards) {
  const std::string up = "-- sluice:upgrade\nCREATE TABLE t (id int);\n-- sluice:upgrade\nCREATE TABLE u (id int);\n";
  const std::string down = "-- sluice:downgrade\nDROP TABLE u;\n-- sluice:downgrade\nDROP TABLE t;\n";
  Write("a1b2", "", up + down);
  Write("c3d4", "a1b2", "-- sluice:upgrade\n-- sluice:downgrade\n");
  ASSERT_FALSE(Upgrade({"a1b2"}).error);
  Sql("CREATE VIEW stands_on_t AS SELECT * FROM t");
  ASSERT_TRUE(Downgrade().error);
  ASSERT_EQ(Partials().size(), 1u);
  const RunReport undone = Repair(RepairAction::kUndo);
  ASSERT_FALSE(undone.error) << undone.error->message;
  EXPECT_TRUE(HasTable("u"));
  EXPECT_THAT(VersionRows(), ElementsAre("a1b2"));

  ASSERT_TRUE(Downgrade().error);
  Sql("DROP VIEW stands_on_t");
  const RunReport resumed = Repair(RepairAction::kResume);
  ASSERT_FALSE(resumed.error) << resumed.error->message;
  EXPECT_FALSE(HasTable("t"));
  EXPECT_THAT(VersionRows(), IsEmpty());
}

TEST_F(RepairTest, AUnitMarkedAsDoneIsNotRunAgain) {
  StopAtThird();
  MakeRowsUnique();
  Sql("DROP INDEX t_id; CREATE UNIQUE INDEX t_id ON t (id)");
  const RunReport report = Repair(RepairAction::kMarkDone, 3);
  ASSERT_FALSE(report.error) << report.error->message;
  ASSERT_TRUE(report.partial);
  EXPECT_EQ(report.partial->done, 3);
  EXPECT_FALSE(report.partial->in_doubt);
  EXPECT_THAT(LastDecision(), HasSubstr("mark-done 3: "));
  EXPECT_THAT(LastDecision(), HasSubstr(":11 CREATE UNIQUE INDEX"));
  ASSERT_FALSE(Upgrade().error);
  EXPECT_THAT(Events(), Contains("a1b2 upgrade 2 repaired"));
  EXPECT_TRUE(HasTable("w"));
  EXPECT_THAT(VersionRows(), ElementsAre("a1b2"));
}

TEST_F(RepairTest, SeveralUnitsAreMarkedAtOnce) {
  StopAtThird();
  Sql("CREATE TABLE v (id int); CREATE TABLE w (id int)");
  ASSERT_FALSE(Repair(RepairAction::kMarkDone, 5).error);
  ASSERT_FALSE(Upgrade().error);
  EXPECT_THAT(VersionRows(), ElementsAre("a1b2"));
}

TEST_F(RepairTest, AUnitIsRunAgainWhenItIsSaidToBeUndone) {
  StopAtThird();
  MakeRowsUnique();
  Sql("DROP TABLE u");
  ASSERT_FALSE(Repair(RepairAction::kRedo, 2).error);
  EXPECT_EQ(Partials().at(0).summary.done, 1);
  // What the statement in doubt had left is gone: it would be in the way.
  EXPECT_FALSE(HasTable("t_id"));
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_TRUE(HasTable("u"));
}

TEST_F(RepairTest, TheInvalidIndexOfAStatementThatIsToRunAgainIsDroppedFirst) {
  StopAtThird();
  MakeRowsUnique();
  EXPECT_TRUE(HasTable("t_id"));
  const RunReport report = Repair(RepairAction::kRedo, 3);
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_FALSE(HasTable("t_id"));
  EXPECT_FALSE(Partials().at(0).summary.in_doubt);
  ASSERT_FALSE(Upgrade().error);
  EXPECT_EQ(Value("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_id'::regclass"), "t");
}

TEST_F(RepairTest, AnIndexThatIsThereAfterAllNeedNotBeMadeAgain) {
  StopAtThird();
  MakeRowsUnique();
  Sql("REINDEX INDEX t_id");
  ASSERT_FALSE(Repair(RepairAction::kRedo, 3).error);
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_TRUE(HasTable("w"));
}

TEST_F(RepairTest, ADecisionIsKeptOverALostConnection) {
  StopAtThird();
  MakeRowsUnique();
  Sql("CREATE FUNCTION sluice.cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
      "pg_terminate_backend(pg_backend_pid()) WHERE nextval('sluice.cuts') = 1; RETURN NEW; END $$;"
      "CREATE SEQUENCE sluice.cuts;"
      "CREATE TRIGGER cut BEFORE INSERT ON sluice.event FOR EACH ROW WHEN (NEW.outcome = 'repaired') "
      "EXECUTE FUNCTION sluice.cut()");
  const RunReport report = Repair(RepairAction::kResume);
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(observer.reconnections, 1);
  EXPECT_THAT(VersionRows(), ElementsAre("a1b2"));
  EXPECT_EQ(Value("SELECT count(*) FROM sluice.event WHERE outcome = 'repaired'"), "1");
  EXPECT_EQ(Value("SELECT outcome FROM sluice.run ORDER BY id DESC LIMIT 1"), "done");
}

TEST_F(RepairTest, AnEditedStatementThatIsDoneIsAcceptedAsItIsNow) {
  StopAtThird();
  std::string edited(kStopsAtThird);
  edited.replace(edited.find("u (id int)"), 10, "u (id bigint)");
  Write("a1b2", "", edited);
  MakeRowsUnique();
  ASSERT_EQ(Upgrade().error->code, ErrorCode::kModified);
  ASSERT_FALSE(Repair(RepairAction::kMarkDone, 2).error);
  EXPECT_TRUE(Partials().at(0).summary.in_doubt);
  const RunReport report = Upgrade();
  EXPECT_FALSE(report.error) << report.error->message;
}

TEST_F(RepairTest, ForgettingRunsNothingAndLeavesTheRows) {
  StopAtThird();
  Remove("a1b2");
  Sql("DELETE FROM sluice.revision");
  const RunReport report = Repair(RepairAction::kForget);
  ASSERT_FALSE(report.error) << report.error->message;
  EXPECT_FALSE(report.partial);
  EXPECT_TRUE(HasTable("u"));
  EXPECT_THAT(VersionRows(), IsEmpty());
  EXPECT_EQ(Value("SELECT count(*) FROM sluice.progress"), "0");
  EXPECT_EQ(LastDecision(), "forget");
}

TEST_F(RepairTest, WithNothingPartialThereIsNothingToRepair) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  const RunReport report = Repair(RepairAction::kResume);
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kUsage);
}

TEST_F(RepairTest, ARevisionIsNamedByItsPrefix) {
  StopAtThird();
  EXPECT_EQ(Repair(RepairAction::kForget, 0, "ffff").error->code, ErrorCode::kUsage);
  EXPECT_FALSE(Repair(RepairAction::kForget, 0, "a1b2").error);
}

TEST_F(RepairTest, NumbersThatDontFitAreRefused) {
  StopAtThird();
  for (const int unit : {0, 1, 2, 6})
    EXPECT_EQ(Repair(RepairAction::kMarkDone, unit).error->code, ErrorCode::kUsage) << unit;
  for (const int unit : {0, 4}) EXPECT_EQ(Repair(RepairAction::kRedo, unit).error->code, ErrorCode::kUsage) << unit;
  EXPECT_EQ(Partials().at(0).summary.done, 2);
}

TEST_F(RepairTest, AnotherMigratorIsNotDisturbed) {
  StopAtThird();
  Session migrator = Connect();
  const AdvisoryLock lock = Bookkeeping(settings, "public").migrator_lock();
  while (migrator.Value(TryLock(lock)) != "t") {  // until the session of the run has ended
  }
  settings.migrator_wait = std::chrono::milliseconds(50);
  const RunReport report = Repair(RepairAction::kForget);
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kLockHeld);
  EXPECT_EQ(Partials().size(), 1u);
}

}  // namespace
}  // namespace sluice::testing
