// Nothing that a script sets reaches the next revision or Sluice's own work.
#include <gmock/gmock.h>

#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kLook[] =
    "-- sluice:upgrade\nCREATE TABLE seen AS SELECT current_setting('search_path') AS path, "
    "current_setting('TimeZone') AS "
    "zone, current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock, current_user AS "
    "who, "
    "session_user AS session, nullif(current_setting('app.tenant', true), '') AS tenant, to_regclass('scratch') IS "
    "NULL AS clean, "
    "(SELECT count(*) FROM pg_prepared_statements WHERE name NOT LIKE 'sluice%') AS prepared, (SELECT count(*) FROM "
    "pg_cursors WHERE name = 'c') AS cursors, (SELECT count(*) FROM pg_listening_channels()) AS channels;\n"
    "-- sluice:downgrade\nDROP TABLE seen;\n";

class ExecutionSettingsTest : public MigrationTest {
 protected:
  std::string Seen() {
    return Value(
        "SELECT concat_ws(' | ', path, zone, statement, lock, who, session, tenant, clean, prepared, cursors, "
        "channels) FROM public.seen");
  }
  // What the revision after one with `body` sees, and what it sees after one that does nothing.
  void ExpectNothingLeaks(std::string_view body) {
    Write("a1", "", "-- sluice:upgrade\n-- sluice:downgrade\n");
    Write("b2", "a1", kLook);
    const RunReport calm = Upgrade();
    ASSERT_FALSE(calm.error) << Why(calm);
    const std::string expected = Seen();
    ASSERT_FALSE(Downgrade("base").error);
    Write("a1", "", body);
    const RunReport report = Upgrade();
    ASSERT_FALSE(report.error) << Why(report);
    EXPECT_EQ(Seen(), expected) << body;
    EXPECT_THAT(VersionRows(), ElementsAre("b2"));
  }
};

// A section with these options that leaves everything behind that a session can hold.
std::string LeaveEverything(std::string_view options) {
  std::string body = "-- sluice:upgrade";
  body += options;
  body +=
      "\nCREATE SCHEMA other;\nSET search_path = other;\nSET TimeZone = 'Asia/Tokyo';\nSET statement_timeout = '1h';\n"
      "SET lock_timeout = '2h';\nSET app.tenant = 'one';\nCREATE TEMPORARY TABLE scratch (id int);\nPREPARE p AS "
      "SELECT 1;\n"
      "LISTEN news;\nDECLARE c CURSOR WITH HOLD FOR SELECT 1;\n-- sluice:downgrade\n";
  return body;
}

TEST_F(ExecutionSettingsTest, ATransactionalSectionLeavesNothing) { ExpectNothingLeaks(LeaveEverything("")); }

TEST_F(ExecutionSettingsTest, ASectionOutsideATransactionLeavesNothing) {
  ExpectNothingLeaks(LeaveEverything(" transaction=off"));
}

TEST_F(ExecutionSettingsTest, SettingsOfATransactionEndWithIt) {
  ExpectNothingLeaks(
      "-- sluice:upgrade\nSET LOCAL TimeZone = 'Asia/Tokyo';\nSELECT set_config('app.tenant', 'one', false);\nLOCK "
      "TABLE "
      "pg_class IN ACCESS SHARE MODE;\n-- sluice:downgrade\n");
}

TEST_F(ExecutionSettingsTest, WhatFunctionsAndBlocksSetDoesNotLeakEither) {
  ExpectNothingLeaks(
      "-- sluice:upgrade\nDO $$ BEGIN PERFORM set_config('search_path', 'pg_catalog', false); EXECUTE 'PREPARE p AS "
      "SELECT "
      "1'; EXECUTE 'SET TimeZone = ''Asia/Tokyo'''; END $$;\n-- sluice:downgrade\n");
}

TEST_F(ExecutionSettingsTest, AnotherRoleIsLeftBehind) {
  Sql("CREATE ROLE settings_leak_a; CREATE ROLE settings_leak_b");
  ExpectNothingLeaks("-- sluice:upgrade\nSET ROLE settings_leak_a;\n-- sluice:downgrade\n");
  Sql("DROP TABLE seen");
  Sql("DELETE FROM alembic_version");
  ExpectNothingLeaks("-- sluice:upgrade\nSET SESSION AUTHORIZATION settings_leak_b;\n-- sluice:downgrade\n");
  Sql("DROP ROLE settings_leak_a, settings_leak_b");
}

TEST_F(ExecutionSettingsTest, AScriptMayResetOrDeallocateEverything) {
  settings.session_settings = {{"app.tenant", "configured"}};
  ExpectNothingLeaks(
      "-- sluice:upgrade\nRESET ALL;\nDEALLOCATE ALL;\nDISCARD TEMP;\nDISCARD PLANS;\n-- sluice:downgrade\n");
  EXPECT_THAT(Seen(), HasSubstr("| configured |"));
}

TEST_F(ExecutionSettingsTest, AScriptMayDeallocateEverythingBetweenStatementsOutsideATransaction) {
  ExpectNothingLeaks(
      "-- sluice:upgrade transaction=off\nDEALLOCATE ALL;\nCREATE TABLE t (id int);\nCREATE INDEX CONCURRENTLY ON t "
      "(id);\n"
      "-- sluice:downgrade\nDROP TABLE t;\n");
}

TEST_F(ExecutionSettingsTest, DiscardAllIsRefusedBeforeAnythingRuns) {
  Write("a1", "", "-- sluice:upgrade\nCREATE TABLE t (id int);\nDISCARD ALL;\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kScript);
  EXPECT_EQ(report.error->where.line, 8);
  EXPECT_FALSE(HasTable("t"));
}

TEST_F(ExecutionSettingsTest, TheLossOfTheAdvisoryLockUndoesTheSection) {
  Sql("CREATE FUNCTION let_go() RETURNS void LANGUAGE sql AS 'SELECT pg_advisory_unlock_all()'");
  Write("a1", "", "-- sluice:upgrade\nCREATE TABLE t (id int);\nSELECT let_go();\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kLockHeld);
  EXPECT_FALSE(HasTable("t"));
}

// They would be the better match for Sluice's arguments, or come first in search_path.
TEST_F(ExecutionSettingsTest, FunctionsAndOperatorsOfPublicAreNotSluices) {
  Sql("CREATE FUNCTION trap(varchar, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;"
      "CREATE OPERATOR = (LEFTARG = varchar, RIGHTARG = text, FUNCTION = trap);"
      "CREATE FUNCTION count(varchar) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;"
      "CREATE FUNCTION pg_backend_pid() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;"
      "CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$");
  settings.search_path = "public, pg_catalog";
  WriteTable("a1", "");
  Write("b2", "a1",
        "-- sluice:upgrade transaction=off\nCREATE INDEX CONCURRENTLY a1_id ON a1 (id);\n-- sluice:downgrade "
        "transaction=off\nDROP INDEX CONCURRENTLY a1_id;\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  const RunReport back = Downgrade("base");
  EXPECT_FALSE(back.error) << Why(back);
}

TEST_F(ExecutionSettingsTest, ConfiguredSettingsHoldInEverySection) {
  Sql("CREATE SCHEMA app");
  settings.search_path = "app, public";
  settings.session_settings = {{"app.tenant", "it's"}};
  Write("a1", "",
        "-- sluice:upgrade\nRESET search_path;\nSET app.tenant = 'other';\n-- sluice:upgrade\nCREATE TABLE t AS SELECT "
        "current_setting('app.tenant') AS tenant;\n-- sluice:downgrade\n-- sluice:downgrade\n");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(Value("SELECT tenant FROM app.t"), "it's");
}

TEST_F(ExecutionSettingsTest, TheConfiguredRoleOwnsWhatScriptsMakeAndSluicesTablesStayTheSessionUsers) {
  Sql("CREATE ROLE settings_owner; GRANT CREATE ON SCHEMA public TO settings_owner");
  settings.role = "settings_owner";
  WriteTable("a1", "");
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_EQ(Value("SELECT tableowner FROM pg_tables WHERE tablename = 'a1'"), "settings_owner");
  EXPECT_EQ(Value("SELECT tableowner FROM pg_tables WHERE tablename = 'event'"), "postgres");
  Sql("DROP TABLE a1; REVOKE CREATE ON SCHEMA public FROM settings_owner; DROP ROLE settings_owner");
}

// A rollback does not take prepared statements back, so a second attempt would find the first one's.
TEST_F(ExecutionSettingsTest, ASectionThatIsTriedAgainFindsACleanSession) {
  Sql("CREATE TABLE busy (id int)");
  settings.lock_budget = std::chrono::seconds(30);
  Write("a1", "",
        "-- sluice:upgrade\nPREPARE p AS SELECT 1;\nALTER TABLE busy ADD COLUMN v text;\nDEALLOCATE ALL;\n-- "
        "sluice:downgrade\n");
  Session holder = Connect();
  holder.Run("BEGIN; LOCK TABLE busy");
  observer.on_retry = [&holder] { holder.Run("COMMIT"); };
  const RunReport report = Upgrade();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_GE(observer.retries, 1);
}

}  // namespace
}  // namespace sluice::testing
