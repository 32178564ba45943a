// What a rehearsal measures of a statement, and what it refuses, on the database itself.
#include "core/engine/rehearsal.h"

#include <gmock/gmock.h>

#include <functional>
#include <iterator>
#include <utility>

#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

class RehearsalTest : public MigrationTest {
 protected:
  RehearsalTest() {
    Sql("CREATE TABLE tenant (id int PRIMARY KEY, name varchar(20), n int);"
        "INSERT INTO tenant SELECT i, 'tenant ' || i, i FROM generate_series(1, 100) i;"
        "CREATE INDEX tenant_n_idx ON tenant (n);"
        "CREATE TABLE other (id int PRIMARY KEY, tenant_id int); INSERT INTO other VALUES (1, 1)");
  }

  RehearsalReport Rehearse(RehearsalRequest request) {
    request.copy = CopyKind::kNone;
    return sluice::Rehearse(Context(), Files(), request);
  }
};

std::string Why(const RehearsalReport& report) {
  return report.error ? report.error->message + " [" + report.error->server.message + "]" : "";
}

// One statement, and what PostgreSQL does for it: `relation MODE` of the tables that were there before.
struct StatementCase {
  const char* name;
  const char* statement;
  std::vector<std::string> locks;
  std::vector<std::string> rewrites;
  std::vector<std::string> scans;
  std::uint64_t rows = 0;
};

class StatementTest : public RehearsalTest, public ::testing::WithParamInterface<StatementCase> {};

TEST_P(StatementTest, IsMeasuredAsTheServerCarriesItOut) {
  const StatementCase& test = GetParam();
  Write("a1", "", std::string("-- sluice:upgrade\n") + test.statement + ";\n");
  const RehearsalReport report = Rehearse({.goes_back = false, .allow_data_loss = true});
  ASSERT_TRUE(report.passed()) << Why(report);
  ASSERT_EQ(report.runs.size(), 1U);
  ASSERT_EQ(report.runs[0].statements.size(), 1U);
  const MeasuredStatement& measured = report.runs[0].statements[0];
  std::vector<std::string> locks;
  for (const MeasuredLock& lock : measured.locks) {
    if (!lock.is_new && !lock.is_index) locks.push_back(lock.relation + " " + std::string(LockModeName(lock.mode)));
  }
  EXPECT_THAT(locks, UnorderedElementsAreArray(test.locks));
  EXPECT_THAT(measured.rewrites, UnorderedElementsAreArray(test.rewrites));
  EXPECT_THAT(measured.scans, UnorderedElementsAreArray(test.scans));
  EXPECT_EQ(measured.rows, test.rows);
}

INSTANTIATE_TEST_SUITE_P(
    All, StatementTest,
    ::testing::Values(
        StatementCase{"AddColumn", "ALTER TABLE tenant ADD COLUMN x int", {"tenant ACCESS EXCLUSIVE"}, {}, {}},
        StatementCase{"AddColumnWithConstant",
                      "ALTER TABLE tenant ADD COLUMN x int NOT NULL DEFAULT 1",
                      {"tenant ACCESS EXCLUSIVE"},
                      {},
                      {}},
        StatementCase{"AddColumnWithVolatileDefault",
                      "ALTER TABLE tenant ADD COLUMN x timestamptz DEFAULT clock_timestamp()",
                      {"tenant ACCESS EXCLUSIVE"},
                      {"tenant"},
                      {"tenant"}},
        StatementCase{"DropColumn", "ALTER TABLE tenant DROP COLUMN name", {"tenant ACCESS EXCLUSIVE"}, {}, {}},
        StatementCase{"WidenVarchar",
                      "ALTER TABLE tenant ALTER COLUMN name TYPE varchar(40)",
                      {"tenant ACCESS EXCLUSIVE"},
                      {},
                      {}},
        StatementCase{"ChangeType",
                      "ALTER TABLE tenant ALTER COLUMN n TYPE bigint",
                      {"tenant ACCESS EXCLUSIVE"},
                      {"tenant"},
                      {"tenant"}},
        StatementCase{"SetNotNull",
                      "ALTER TABLE tenant ALTER COLUMN n SET NOT NULL",
                      {"tenant ACCESS EXCLUSIVE"},
                      {},
                      {"tenant"}},
        StatementCase{"AddCheck",
                      "ALTER TABLE tenant ADD CONSTRAINT positive CHECK (n > 0)",
                      {"tenant ACCESS EXCLUSIVE"},
                      {},
                      {"tenant"}},
        StatementCase{"AddCheckNotValid",
                      "ALTER TABLE tenant ADD CONSTRAINT positive CHECK (n > 0) NOT VALID",
                      {"tenant ACCESS EXCLUSIVE"},
                      {},
                      {}},
        StatementCase{"AddForeignKeyNotValid",
                      "ALTER TABLE other ADD FOREIGN KEY (tenant_id) REFERENCES tenant NOT VALID",
                      {"other SHARE ROW EXCLUSIVE", "tenant SHARE ROW EXCLUSIVE"},
                      {},
                      {}},
        StatementCase{"CreateIndex", "CREATE INDEX tenant_name_idx ON tenant (name)", {"tenant SHARE"}, {}, {"tenant"}},
        StatementCase{"DropIndex", "DROP INDEX tenant_n_idx", {"tenant ACCESS EXCLUSIVE"}, {}, {}},
        StatementCase{"ReindexIndex", "REINDEX INDEX tenant_n_idx", {"tenant SHARE"}, {"tenant_n_idx"}, {"tenant"}},
        StatementCase{"Rename", "ALTER TABLE tenant RENAME TO customer", {"tenant ACCESS EXCLUSIVE"}, {}, {}},
        StatementCase{"Comment", "COMMENT ON TABLE tenant IS 'x'", {"tenant SHARE UPDATE EXCLUSIVE"}, {}, {}},
        StatementCase{"Update", "UPDATE tenant SET n = n + 1", {"tenant ROW EXCLUSIVE"}, {}, {"tenant"}, 100},
        StatementCase{"Truncate", "TRUNCATE other", {"other ACCESS EXCLUSIVE"}, {"other"}, {}},
        StatementCase{"DropTable", "DROP TABLE other", {"other ACCESS EXCLUSIVE"}, {}, {}}),
    [](const ::testing::TestParamInfo<StatementCase>& info) { return std::string(info.param.name); });

TEST_F(RehearsalTest, ALockIsToldOnceAndIsHeldToTheEndOfTheTransaction) {
  Write("a1", "",
        "-- sluice:upgrade\nALTER TABLE tenant ADD COLUMN x int;\nUPDATE tenant SET x = 1;\n"
        "-- sluice:upgrade\nALTER TABLE tenant ALTER COLUMN x SET NOT NULL;\n"
        "-- sluice:downgrade\nSELECT 1;\n-- sluice:downgrade\nALTER TABLE tenant DROP COLUMN x;\n");
  const RehearsalReport report = Rehearse({});
  ASSERT_TRUE(report.passed()) << Why(report);
  const std::vector<MeasuredStatement>& statements = report.runs[0].statements;
  ASSERT_EQ(statements.size(), 3U);
  ASSERT_FALSE(statements[0].locks.empty());
  EXPECT_EQ(statements[0].locks[0].held, statements[0].elapsed + statements[1].elapsed);
  EXPECT_EQ(statements[2].locks[0].held, statements[2].elapsed);
}

TEST_F(RehearsalTest, OutsideATransactionTheLocksAreSeenWhileItRuns) {
  const std::pair<std::string, std::string> statements[] = {
      {"CREATE INDEX CONCURRENTLY tenant_name_idx ON tenant (name)", "tenant SHARE UPDATE EXCLUSIVE"},
      {"REINDEX INDEX CONCURRENTLY tenant_name_idx", "tenant SHARE UPDATE EXCLUSIVE"},
      {"VACUUM (ANALYZE) public.tenant (name)", "tenant SHARE UPDATE EXCLUSIVE"},
      {"VACUUM FULL tenant", "tenant ACCESS EXCLUSIVE"},
      {"DROP INDEX CONCURRENTLY tenant_name_idx", "tenant SHARE UPDATE EXCLUSIVE"}};
  std::string sections;
  for (const auto& [statement, lock] : statements)
    sections += "-- sluice:upgrade transaction=off\n" + statement + ";\n";
  Write("a1", "", sections);
  const RehearsalReport report = Rehearse({.goes_back = false});
  ASSERT_TRUE(report.passed()) << Why(report);
  ASSERT_EQ(report.runs[0].statements.size(), std::size(statements));
  for (std::size_t i = 0; i < std::size(statements); ++i) {
    const MeasuredStatement& statement = report.runs[0].statements[i];
    EXPECT_FALSE(statement.transaction);
    std::vector<std::string> locks;
    for (const MeasuredLock& lock : statement.locks) {
      locks.push_back(lock.relation + " " + std::string(LockModeName(lock.mode)));
    }
    EXPECT_THAT(locks, Contains(statements[i].second)) << statement.text;
  }
  EXPECT_THAT(report.runs[0].statements[0].scans, Contains("tenant"));
}

// Does something from another session after each step of a run.
class MeddlingObserver : public RecordingObserver {
 public:
  explicit MeddlingObserver(std::function<void()> meddle) : meddle_(std::move(meddle)) {}
  void StepFinished(const StepPosition&, std::chrono::milliseconds) override { meddle_(); }

 private:
  std::function<void()> meddle_;
};

TEST_F(RehearsalTest, ATableThatNoStepTouchesHasToStayAsItIs) {
  Write("a1", "",
        "-- sluice:upgrade\nALTER TABLE tenant ADD COLUMN x int;\n-- sluice:downgrade\n"
        "ALTER TABLE tenant DROP COLUMN x;\n");
  MeddlingObserver observer([this] { Sql("UPDATE other SET tenant_id = 2"); });
  RunContext context = Context();
  const RehearsalReport report = sluice::Rehearse({context.settings, observer, context.clock, context.interrupt},
                                                  Files(), {.copy = CopyKind::kNone});
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kRehearsal);
  EXPECT_THAT(report.error->message, HasSubstr("table other, which no step touches, is not what it was"));
}

TEST_F(RehearsalTest, WhatATriggerWritesIsTouched) {
  Sql("CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
      "'BEGIN INSERT INTO other SELECT max(id) + 1 FROM other; RETURN NULL; END'; "
      "CREATE TRIGGER note AFTER UPDATE ON tenant EXECUTE FUNCTION note()");
  Write("a1", "",
        "-- sluice:upgrade\nUPDATE tenant SET n = n + 1;\n-- sluice:downgrade\nUPDATE tenant SET n = n - 1;\n");
  const RehearsalReport report = Rehearse({.allow_data_loss = true});
  ASSERT_TRUE(report.passed()) << Why(report);
  ASSERT_EQ(report.tables.size(), 2U);
  EXPECT_EQ(report.tables[0].name, "other");
  EXPECT_TRUE(report.tables[0].touched);
  EXPECT_FALSE(report.tables[0].same_after_way_back);
  EXPECT_TRUE(report.tables[1].same_after_way_back);
  EXPECT_THAT(report.data_losses, ElementsAre(HasSubstr("table other")));
}

TEST_F(RehearsalTest, ALockThatCanNotBeHadIsTriedAgainAndMeasuredOnce) {
  Write("a1", "", "-- sluice:upgrade\nUPDATE other SET tenant_id = 1;\nALTER TABLE tenant ADD COLUMN x int;\n");
  settings.lock_timeout = std::chrono::milliseconds(50);
  Session holder = Connect();
  holder.Run("BEGIN; LOCK TABLE tenant IN ACCESS SHARE MODE");
  observer.on_retry = [&] { holder.Run("ROLLBACK"); };
  const RehearsalReport report = Rehearse({.goes_back = false});
  ASSERT_TRUE(report.passed()) << Why(report);
  EXPECT_GE(observer.retries, 1);
  EXPECT_EQ(report.runs[0].statements.size(), 2U);
}

TEST_F(RehearsalTest, TheScriptsStatementsRunAsWithoutAProbe) {
  Write("a1", "",
        "-- sluice:check\nSELECT true;\n"
        "-- sluice:upgrade\nSAVEPOINT a;\nCREATE TABLE gone (id int);\nROLLBACK TO SAVEPOINT a;\n"
        "SET LOCAL search_path = pg_catalog;\nCREATE TABLE public.kept AS SELECT current_schema() AS at;\n"
        "-- sluice:verify\nSELECT count(*) = 1 FROM public.kept;\n"
        "-- sluice:downgrade\nDROP TABLE kept;\n");
  const RehearsalReport report = Rehearse({});
  ASSERT_TRUE(report.passed()) << Why(report);
  EXPECT_EQ(Value("SELECT at FROM kept"), "pg_catalog");
  EXPECT_FALSE(HasTable("gone"));
  EXPECT_EQ(report.runs[0].statements.size(), 7U);
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
}

}  // namespace
}  // namespace sluice::testing
