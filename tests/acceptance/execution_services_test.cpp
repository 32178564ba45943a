// Several services share one database: each has a version table, all have one memory or one each.
#include <gmock/gmock.h>

#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ExecutionServicesTest : public MigrationTest {
 protected:
  std::string RowsOf(const std::string& table) {
    return Value("SELECT coalesce(string_agg(version_num, ' ' ORDER BY version_num), 'base') FROM " + table);
  }
  // Applies a1 for users and, with another script of the same id, for billing.
  void ApplyBoth() {
    settings.version_table = "users_version";
    WriteTable("a1", "");
    ASSERT_FALSE(Upgrade().error);
    settings.version_table = "billing_version";
    Write("a1", "", "-- sluice:upgrade\nCREATE TABLE invoice (id int);\n-- sluice:downgrade\nDROP TABLE invoice;\n");
    const RunReport report = Upgrade();
    ASSERT_FALSE(report.error) << Why(report);
  }
};

TEST_F(ExecutionServicesTest, TheSameRevisionIdMayMeanTwoThings) {
  ApplyBoth();
  EXPECT_EQ(RowsOf("users_version"), "a1");
  EXPECT_EQ(RowsOf("billing_version"), "a1");
  EXPECT_EQ(Value("SELECT count(DISTINCT checksum) FROM sluice.revision WHERE revision = 'a1'"), "2");
}

TEST_F(ExecutionServicesTest, ADowngradeTakesBackItsOwnScript) {
  ApplyBoth();
  Remove("a1");
  const RunReport report = Downgrade("base");
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_FALSE(HasTable("invoice"));
  EXPECT_TRUE(HasTable("a1"));
  EXPECT_EQ(RowsOf("users_version"), "a1");
  EXPECT_EQ(RowsOf("billing_version"), "base");
  EXPECT_EQ(Value("SELECT applied FROM sluice.revision WHERE version_table = 'public.users_version'"), "t");
}

TEST_F(ExecutionServicesTest, PartialWorkOfOneIsNoneOfTheOthers) {
  settings.version_table = "users_version";
  Write("a1", "", "-- sluice:upgrade transaction=off\nCREATE TABLE t (id int);\nSELECT 1/0;\n-- sluice:downgrade\n");
  ASSERT_TRUE(Upgrade().partial);
  settings.version_table = "billing_version";
  Write("a1", "", "-- sluice:upgrade\nCREATE TABLE invoice (id int);\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(Value("SELECT version_table FROM sluice.progress"), "public.users_version");
}

TEST_F(ExecutionServicesTest, OneDoesNotWaitForTheOther) {
  settings.version_table = "users_version";
  const AdvisoryLock other = Bookkeeping(settings, "public").migrator_lock();
  Session holder = Connect();
  holder.Run(TryLock(other));
  settings.version_table = "billing_version";
  settings.migrator_wait = std::chrono::milliseconds(100);
  WriteTable("a1", "");
  EXPECT_FALSE(Upgrade().error);
  settings.version_table = "users_version";
  WriteTable("b2", "a1");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kLockHeld);
  ASSERT_FALSE(observer.migrators.empty());
  EXPECT_EQ(observer.migrators[0].pid, holder.BackendPid());
}

TEST_F(ExecutionServicesTest, TheMemoryMayBeAnywhereUnderAPrefix) {
  Sql("CREATE SCHEMA ops");
  settings.bookkeeping_schema = "ops";
  settings.bookkeeping_prefix = "sluice_";
  settings.version_table_schema = "ops";
  settings.version_table = "Version \"1\"";
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(RowsOf("ops.\"Version \"\"1\"\"\""), "b2");
  EXPECT_EQ(Value("SELECT count(*) FROM ops.sluice_revision WHERE applied"), "2");
  EXPECT_EQ(Value("SELECT count(*) FROM pg_namespace WHERE nspname = 'sluice'"), "0");
  Remove("b2");
  const RunReport back = Downgrade();
  ASSERT_FALSE(back.error) << Why(back);
  EXPECT_EQ(RowsOf("ops.\"Version \"\"1\"\"\""), "a1");
}

TEST_F(ExecutionServicesTest, AVersionTableThatIsTooNarrowIsWidened) {
  Sql("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY "
      "(version_num))");
  const std::string id(67, 'x');
  Write(id, "", "-- sluice:upgrade\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_THAT(VersionRows(), ElementsAre(id));
}

}  // namespace
}  // namespace sluice::testing
