// Check and verify sections: what they refuse, what they show, in which transaction they run.
#include <gmock/gmock.h>

#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ExecutionChecksTest : public MigrationTest {};

TEST_F(ExecutionChecksTest, NoRowOrOneTrueBooleanPasses) {
  Write("a1", "",
        "-- sluice:check\nSELECT 1 WHERE false;\nSELECT 2 > 1;\nVALUES (true);\n-- sluice:upgrade\nCREATE TABLE t (id "
        "int);\n"
        "-- sluice:verify\nTABLE t;\n-- sluice:downgrade\nDROP TABLE t;\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_TRUE(HasTable("t"));
}

TEST_F(ExecutionChecksTest, ACheckThatFindsRowsRefusesTheUpgradeAndShowsThem) {
  WriteTable("a1", "");
  Write("b2", "a1",
        "-- sluice:check message=\"tenants without a name\"\nSELECT id, NULL::text AS name FROM generate_series(1, 30) "
        "id;\n"
        "-- sluice:upgrade\nCREATE TABLE t (id int);\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kCheckFailed);
  EXPECT_EQ(report.error->message, "tenants without a name");
  EXPECT_EQ(report.error->where.line, 7);
  EXPECT_THAT(report.error->server.detail, HasSubstr("30 rows, the first:\nid = 1, name = NULL\nid = 2"));
  EXPECT_FALSE(HasTable("t"));
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
  EXPECT_THAT(Events(), ElementsAre("a1 upgrade 1 done", "b2 upgrade 1 failed"));
}

TEST_F(ExecutionChecksTest, ACheckMayNotChangeAnything) {
  Sql("CREATE SEQUENCE s");
  Write("a1", "", "-- sluice:check\nSELECT nextval('s') > 0;\n-- sluice:upgrade\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->server.sqlstate, "25006");
}

TEST_F(ExecutionChecksTest, TheScriptAfterACheckMayWriteAgain) {
  Write("a1", "",
        "-- sluice:check\nSELECT true;\n-- sluice:upgrade\nCREATE TABLE t AS SELECT "
        "current_setting('transaction_read_only') AS "
        "read_only;\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(Value("SELECT read_only FROM t"), "off");
}

TEST_F(ExecutionChecksTest, AVerificationThatFailsRollsItsSectionBack) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int);\n-- sluice:verify\nSELECT count(*) = 1 FROM t;\n-- "
        "sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kCheckFailed);
  EXPECT_FALSE(HasTable("t"));
  EXPECT_FALSE(report.partial);
}

TEST_F(ExecutionChecksTest, VerificationsRunInTheLastTransactionalSection) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int);\n-- sluice:upgrade\nCREATE TABLE u (id int);\n"
        "-- sluice:verify\nSELECT count(*) = 1 FROM u;\n"
        "-- sluice:downgrade\nDROP TABLE u;\n-- sluice:downgrade\nDROP TABLE t;\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_TRUE(HasTable("t"));
  EXPECT_FALSE(HasTable("u"));
  ASSERT_TRUE(report.partial);
  EXPECT_EQ(report.partial->done, 1);
  const RunReport back = Downgrade();
  ASSERT_FALSE(back.error) << Why(back);
  EXPECT_FALSE(HasTable("t"));
}

TEST_F(ExecutionChecksTest, ChecksRunAgainWhenARevisionIsResumed) {
  Sql("CREATE TABLE allowed (yes boolean); INSERT INTO allowed VALUES (true); CREATE TABLE d (id int); INSERT INTO d "
      "VALUES "
      "(1), (1)");
  Write("a1", "",
        "-- sluice:check\nSELECT yes FROM allowed;\n-- sluice:upgrade\nCREATE TABLE t (id int);\n"
        "-- sluice:upgrade\nCREATE UNIQUE INDEX ON d (id);\n-- sluice:downgrade\n-- sluice:downgrade\nDROP TABLE t;\n");
  ASSERT_TRUE(Upgrade().partial);
  Sql("DELETE FROM d; UPDATE allowed SET yes = false");
  const RunReport refused = Upgrade();
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->code, ErrorCode::kCheckFailed);
  Sql("UPDATE allowed SET yes = true");
  const RunReport resumed = Upgrade();
  EXPECT_FALSE(resumed.error) << Why(resumed);
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
}

TEST_F(ExecutionChecksTest, WithoutATransactionalSectionTheyHaveTransactionsOfTheirOwn) {
  Sql("CREATE TABLE t (id int)");
  const std::string body =
      "-- sluice:upgrade transaction=off\nCREATE INDEX CONCURRENTLY t_id ON t (id);\n-- sluice:verify\nSELECT count(*) "
      "= 1 "
      "FROM t;\n-- sluice:downgrade transaction=off\nDROP INDEX CONCURRENTLY t_id;\n";
  Write("a1", "", "-- sluice:check message=\"not yet\"\nSELECT false;\n" + body);
  const RunReport refused = Upgrade();
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->message, "not yet");
  EXPECT_FALSE(HasTable("t_id"));
  EXPECT_FALSE(refused.partial);

  Write("a1", "", "-- sluice:check\nSELECT true;\n" + body);
  const RunReport unverified = Upgrade();
  ASSERT_TRUE(unverified.error);
  EXPECT_TRUE(HasTable("t_id"));
  EXPECT_THAT(VersionRows(), IsEmpty());
  ASSERT_TRUE(unverified.partial);

  Sql("INSERT INTO t VALUES (1)");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
}

TEST_F(ExecutionChecksTest, ADowngradeRunsNone) {
  Write("a1", "",
        "-- sluice:check\nSELECT to_regclass('t') IS NULL;\n-- sluice:upgrade\nCREATE TABLE t (id int);\n-- "
        "sluice:verify\nSELECT "
        "to_regclass('t') IS NOT NULL;\n-- sluice:downgrade\nDROP TABLE t;\n");
  ASSERT_FALSE(Upgrade().error);
  const RunReport back = Downgrade();
  EXPECT_FALSE(back.error) << Why(back);
}

TEST_F(ExecutionChecksTest, AMarkerRevisionMayHaveChecksAlone) {
  Write("a1", "", "-- sluice:check message=\"never\"\nSELECT false;\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->message, "never");
  EXPECT_THAT(VersionRows(), IsEmpty());
}

}  // namespace
}  // namespace sluice::testing
