// What a role needs that is not the owner of everything.
#include <gmock/gmock.h>

#include "core/engine/repair.h"
#include "core/engine/status.h"
#include "core/sql/identifier.h"
#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::HasSubstr;

class GrantsTest : public MigrationTest {
 protected:
  GrantsTest() : role_(database() + "_app") {
    // PostgreSQL 15 and later are made like this.
    Sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE " + QuoteIdentifier(role_) + " LOGIN");
    settings.connection.keywords[2].value = role_;
  }
  ~GrantsTest() override { Sql("DROP OWNED BY " + QuoteIdentifier(role_) + "; DROP ROLE " + QuoteIdentifier(role_)); }
  // As the database administrator.
  void Grant(const Bookkeeping::Existing& existing = {}) {
    Sql(Bookkeeping(settings, "public").Grants(role_, existing));
  }

  std::string role_;
};

TEST_F(GrantsTest, WithoutThemTheErrorSaysExactlyWhatToGrant) {
  WriteTable("a1", "");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kPermission);
  const std::string start = "a database administrator runs: ";
  ASSERT_THAT(report.error->hint, HasSubstr(start));
  EXPECT_FALSE(HasTable("a1"));
  Sql(report.error->hint.substr(start.size()));
  const RunReport again = Upgrade();
  EXPECT_FALSE(again.error) << again.error->message;
  EXPECT_TRUE(HasTable("a1"));
}

TEST_F(GrantsTest, WithThemARoleDoesEverything) {
  Grant();
  WriteTable("a1", "");
  Write(
      "b2", "a1",
      "-- sluice:upgrade\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (1);\n-- sluice:upgrade transaction=off\n"
      "CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\n-- sluice:downgrade transaction=off\n"
      "DROP INDEX CONCURRENTLY t_id;\n-- sluice:downgrade\nDROP TABLE t;\n");
  WriteTable(std::string(40, 'c'), "b2");
  ASSERT_EQ(Upgrade().error->server.sqlstate, "23505");
  EXPECT_EQ(ReadStatus(Context(), Files())->partial.size(), 1u);
  Sql("DELETE FROM t WHERE ctid = '(0,1)'");
  const RunReport repaired = Repair(Context(), Files(), {"b2", RepairAction::kResume, 0});
  ASSERT_FALSE(repaired.error) << repaired.error->message;
  ASSERT_FALSE(Upgrade().error);
  ASSERT_FALSE(Downgrade("base").error);
  ASSERT_FALSE(Stamp({"a1"}).error);
  EXPECT_EQ(Value("SELECT count(*) FROM sluice.event WHERE who <> '" + role_ + "'"), "0");
}

TEST_F(GrantsTest, ARoleTakesOverFromTheOneThatMadeTheTables) {
  WriteTable("a1", "");
  settings.connection.keywords[2].value = PostgresServer::kUser;
  ASSERT_FALSE(Upgrade().error);
  settings.connection.keywords[2].value = role_;
  const RunReport refused = Upgrade();
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->code, ErrorCode::kPermission) << refused.error->message;
  Grant({true, true});
  WriteTable("b2", "a1");
  const RunReport report = Upgrade();
  EXPECT_FALSE(report.error) << report.error->message << report.error->server.message;
  EXPECT_TRUE(HasTable("b2"));
}

TEST_F(GrantsTest, AnAwkwardRoleNameIsQuoted) {
  EXPECT_THAT(Bookkeeping(settings, "public").Grants("App User", {}), HasSubstr("TO \"App User\";"));
}

}  // namespace
}  // namespace sluice::testing
