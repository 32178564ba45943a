// Upgrades, downgrades and stamps as a team makes them every day.
#include <gmock/gmock.h>

#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(MigrationTest, AnUpgradeAppliesEveryPendingRevisionAndRemembersIt) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(report.finished.size(), 2u);
  EXPECT_TRUE(HasTable("a1"));
  EXPECT_TRUE(HasTable("b2"));
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
  EXPECT_THAT(Events(), ElementsAre("a1 upgrade 1 done", "b2 upgrade 1 done"));
  EXPECT_EQ(Value("SELECT outcome FROM sluice.run"), "done");
  EXPECT_EQ(
      Value(
          "SELECT count(*) FROM sluice.revision WHERE applied AND convert_from(script, 'UTF8') LIKE '%CREATE TABLE%'"),
      "2");
}

TEST_F(MigrationTest, ASecondUpgradeFindsNothingToDo) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(report.planned, 0u);
  EXPECT_EQ(Value("SELECT count(*) FROM sluice.run"), "1");
}

TEST_F(MigrationTest, ADowngradeTakesOneRevisionBack) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Upgrade().error);
  const RunReport report = Downgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_FALSE(HasTable("b2"));
  EXPECT_TRUE(HasTable("a1"));
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
}

TEST_F(MigrationTest, ADowngradeToBaseLeavesNoVersionRow) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Upgrade().error);
  const RunReport report = Downgrade("base");
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_FALSE(HasTable("a1"));
  EXPECT_THAT(VersionRows(), IsEmpty());
}

TEST_F(MigrationTest, AFailedSectionLeavesNothingBehindButItsEvent) {
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade\nCREATE TABLE half (id int);\nSELECT 1/0;\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kStatementFailed);
  EXPECT_EQ(report.error->where.line, 8);
  EXPECT_EQ(report.error->server.sqlstate, "22012");
  EXPECT_FALSE(HasTable("half"));
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
  EXPECT_THAT(Events(), ElementsAre("a1 upgrade 1 done", "b2 upgrade 1 failed"));
  EXPECT_EQ(Value("SELECT outcome FROM sluice.run"), "failed");
}

TEST_F(MigrationTest, ASyntaxErrorIsShownWhereItIs) {
  Write("a1", "", "-- sluice:upgrade\nCREATE TABLE ü (id int);\nCREATE TABL x (id int);\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->where.line, 8);
  EXPECT_EQ(report.error->where.column, 8);
  EXPECT_THAT(report.error->where.excerpt, HasSubstr("CREATE TABL x (id int);\n       ^"));
}

TEST_F(MigrationTest, AnIndexThatIsBuiltConcurrentlyCommitsWithItsRecord) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int);\n-- sluice:upgrade transaction=off\nCREATE INDEX CONCURRENTLY "
        "t_id ON t "
        "(id);\n-- sluice:downgrade transaction=off\nDROP INDEX CONCURRENTLY t_id;\n-- sluice:downgrade\nDROP TABLE "
        "t;\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_TRUE(HasTable("t_id"));
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
  EXPECT_EQ(Value("SELECT count(*) FROM sluice.progress"), "0");
  const RunReport back = Downgrade();
  ASSERT_FALSE(back.error) << Why(back);
  EXPECT_FALSE(HasTable("t"));
  EXPECT_THAT(VersionRows(), IsEmpty());
}

TEST_F(MigrationTest, PartialWorkIsKeptOnRecordAndResumedWhereItStopped) {
  Write(
      "a1", "",
      "-- sluice:upgrade\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (1);\n-- sluice:upgrade transaction=off\n"
      "CREATE TABLE u (id int);\nCREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\nCREATE TABLE v (id int);\n"
      "-- sluice:downgrade transaction=off\nDROP TABLE v;\nDROP INDEX CONCURRENTLY t_id;\nDROP TABLE u;\n"
      "-- sluice:downgrade\nDROP TABLE t;\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->server.sqlstate, "23505");
  ASSERT_TRUE(report.partial);
  EXPECT_EQ(report.partial->done, 2);
  EXPECT_EQ(report.partial->total, 4);
  EXPECT_TRUE(HasTable("u"));
  EXPECT_THAT(VersionRows(), IsEmpty());
  Sql("DELETE FROM t WHERE ctid = '(0,1)'");
  const RunReport again = Upgrade();
  ASSERT_FALSE(again.error) << Why(again);
  EXPECT_TRUE(HasTable("v"));
  EXPECT_EQ(Value("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_id'::regclass"), "t");
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
}

TEST_F(MigrationTest, ADowngradeUndoesExactlyWhatCameToPass) {
  Write(
      "a1", "",
      "-- sluice:upgrade\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (1);\n-- sluice:upgrade transaction=off\n"
      "CREATE TABLE u (id int);\nCREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\nCREATE TABLE v (id int);\n"
      "-- sluice:downgrade transaction=off\nDROP TABLE v;\nDROP INDEX CONCURRENTLY t_id;\nDROP TABLE u;\n"
      "-- sluice:downgrade\nDROP TABLE t;\n");
  ASSERT_TRUE(Upgrade().error);
  const RunReport back = Downgrade();
  ASSERT_FALSE(back.error) << Why(back);
  EXPECT_FALSE(HasTable("t"));
  EXPECT_FALSE(HasTable("u"));
  EXPECT_EQ(Value("SELECT count(*) FROM sluice.progress"), "0");
}

TEST_F(MigrationTest, ADatabaseAheadOfTheFilesIsTakenBackFromTheStoredText) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  WriteTable("c3", "b2");
  ASSERT_FALSE(Upgrade().error);
  Remove("c3");
  Remove("b2");
  const RunReport up = Upgrade();
  ASSERT_FALSE(up.error) << Why(up);
  EXPECT_THAT(up.ahead, ElementsAre("b2", "c3"));
  const RunReport back = Downgrade("-2");
  ASSERT_FALSE(back.error) << Why(back);
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
  EXPECT_FALSE(HasTable("b2"));
}

TEST_F(MigrationTest, AChangedScriptIsRefusedOnceItIsApplied) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Write("a1", "", "-- sluice:upgrade\nSELECT 1;\n-- sluice:downgrade\n");
  WriteTable("b2", "a1");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kModified);
  EXPECT_FALSE(HasTable("b2"));
}

TEST_F(MigrationTest, AStampMovesTheRowsAndStoresTheScripts) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  const RunReport report = Stamp({"b2"});
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
  EXPECT_FALSE(HasTable("a1"));
  EXPECT_EQ(Value("SELECT count(*) FROM sluice.revision WHERE applied"), "2");
}

TEST_F(MigrationTest, APurgingStampForgetsARowThatNobodyKnows) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Sql("INSERT INTO alembic_version VALUES ('gone')");
  const RunReport refused = Stamp({"a1"});
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->code, ErrorCode::kAhead);
  EXPECT_THAT(refused.error->message, HasSubstr("gone"));
  const RunReport report = Stamp({"a1"}, true);
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
}

TEST_F(MigrationTest, ADryRunShowsEverythingAndKeepsNothing) {
  WriteTable("a1", "");
  UpgradeRequest request;
  request.mode = TransactionMode::kRollBack;
  const RunReport report = Upgrade(request);
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(report.finished.size(), 1u);
  EXPECT_FALSE(HasTable("a1"));
  EXPECT_FALSE(HasTable("alembic_version"));
}

TEST_F(MigrationTest, ASingleTransactionAppliesAllOrNothing) {
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade\nSELECT 1/0;\n-- sluice:downgrade\n");
  UpgradeRequest request;
  request.mode = TransactionMode::kOne;
  const RunReport report = Upgrade(request);
  ASSERT_TRUE(report.error);
  EXPECT_FALSE(HasTable("a1"));
  Write("b2", "a1", "-- sluice:upgrade\nSELECT 1;\n-- sluice:downgrade\n");
  const RunReport again = Upgrade(request);
  ASSERT_FALSE(again.error) << Why(again);
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
}

}  // namespace
}  // namespace sluice::testing
