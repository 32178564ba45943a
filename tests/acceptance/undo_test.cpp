// `downgrade --undo HASH`: what the runs of one plan have applied is taken back, and nothing else.
#include <gmock/gmock.h>

#include "core/engine/database_plan.h"
#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class UndoTest : public MigrationTest {
 protected:
  UndoTest() { Sql("CREATE TABLE gate (id int)"); }

  // Fails, up and down, as long as the gate is closed.
  void WriteGated(const std::string& id, const std::string& down_revisions) {
    Write(id, down_revisions,
          "-- sluice:upgrade\nSELECT 1 / (SELECT count(*) FROM gate);\nCREATE TABLE " + id +
              " (id int);\n-- sluice:downgrade\nSELECT 1 / (SELECT count(*) FROM gate);\nDROP TABLE " + id + ";\n");
  }
  void OpenGate() { Sql("INSERT INTO gate VALUES (1)"); }
  void CloseGate() { Sql("DELETE FROM gate"); }

  std::string HashOf(const PlanRequest& request) {
    const Project files = Files();
    const Result<DatabasePlan> made = PlanForDatabase(Context(), files, request);
    EXPECT_TRUE(made.ok());
    return PlanHash(IdentifyPlan(made->plan, made->steps, made->situation.database));
  }

  // Upgrades, and returns the plan's hash, whatever came of it.
  std::string Run(const std::vector<std::string>& targets = {}) {
    UpgradeRequest request;
    request.targets = targets;
    request.required = DemandedValidation{HashOf({StepKind::kUpgrade, targets}), {}};
    last_ = Upgrade(request);
    return request.required->hash;
  }
  void GoOn(const std::string& hash) {
    UpgradeRequest request;
    request.required = DemandedValidation{hash, {}};
    last_ = Upgrade(request);
  }

  RunReport Undo(const std::string& hash) {
    DowngradeRequest request;
    request.undo = hash;
    const Project files = Files();
    return Migrator(Context(), files).Downgrade(request);
  }

  RunReport last_;
};

TEST_F(UndoTest, WhatAFailedRunHasAppliedGoesAndNothingElse) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  WriteTable("b2", "a1");
  WriteTable("c3", "b2");
  WriteGated("d4", "c3");
  const std::string hash = Run();
  ASSERT_TRUE(last_.error);
  EXPECT_THAT(VersionRows(), ElementsAre("c3"));
  // An older image, which has none of these files.
  for (const char* id : {"b2", "c3", "d4"}) Remove(id);
  const RunReport undone = Undo(hash);
  EXPECT_FALSE(undone.error) << Why(undone);
  EXPECT_EQ(undone.finished.size(), 2U);
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
  EXPECT_FALSE(HasTable("b2"));
  EXPECT_TRUE(HasTable("a1"));
  const RunReport again = Undo(hash);
  EXPECT_FALSE(again.error) << Why(again);
  EXPECT_EQ(again.planned, 0U);
}

TEST_F(UndoTest, WithNothingAppliedThereIsNothingToDo) {
  WriteTable("a1", "");
  const std::string unknown(64, '0');
  EXPECT_FALSE(Undo(unknown).error);
  EXPECT_FALSE(HasTable("alembic_version"));
  ASSERT_FALSE(Upgrade().error);
  EXPECT_FALSE(Undo(unknown).error);
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
}

TEST_F(UndoTest, SeveralRunsOfOnePlanGoTogether) {
  WriteTable("a1", "");
  WriteGated("b2", "a1");
  const std::string hash = Run();
  ASSERT_TRUE(last_.error);
  OpenGate();
  GoOn(hash);
  EXPECT_FALSE(last_.error) << Why(last_);
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
  // A run that nobody held to a plan counts by its own.
  WriteTable("c3", "b2");
  const std::string own = HashOf({});
  ASSERT_FALSE(Upgrade().error);
  EXPECT_FALSE(Undo(own).error);
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
  const RunReport undone = Undo(hash);
  EXPECT_FALSE(undone.error) << Why(undone);
  EXPECT_THAT(VersionRows(), IsEmpty());
}

TEST_F(UndoTest, AnUndoThatWasCutOffGoesOn) {
  OpenGate();
  WriteGated("a1", "");
  WriteTable("b2", "a1");
  const std::string hash = Run();
  CloseGate();
  EXPECT_EQ(Undo(hash).error->code, ErrorCode::kStatementFailed);
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
  OpenGate();
  const RunReport undone = Undo(hash);
  EXPECT_FALSE(undone.error) << Why(undone);
  EXPECT_THAT(VersionRows(), IsEmpty());
  EXPECT_FALSE(HasTable("a1"));
}

TEST_F(UndoTest, APartIsTakenBackAndSoIsAHalfWayDown) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE a1 (id int);\n-- sluice:upgrade\nSELECT 1 / (SELECT count(*) FROM gate);\n"
        "CREATE TABLE a2 (id int);\n-- sluice:downgrade\nDROP TABLE a2;\n-- sluice:downgrade\n"
        "SELECT 1 / (SELECT count(*) FROM gate);\nDROP TABLE a1;\n");
  const std::string hash = Run();
  ASSERT_TRUE(last_.partial);
  OpenGate();
  const RunReport part = Undo(hash);
  EXPECT_FALSE(part.error) << Why(part);
  EXPECT_FALSE(HasTable("a1"));

  ASSERT_EQ(Run(), hash);
  ASSERT_FALSE(last_.error) << Why(last_);
  CloseGate();
  const RunReport half = Undo(hash);
  EXPECT_TRUE(half.partial);
  EXPECT_FALSE(HasTable("a2"));
  OpenGate();
  const RunReport rest = Undo(hash);
  EXPECT_FALSE(rest.error) << Why(rest);
  EXPECT_THAT(VersionRows(), IsEmpty());
  EXPECT_FALSE(HasTable("a1"));
}

TEST_F(UndoTest, WhatAnotherPlanHasPutOnTopIsNamed) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  const std::string first = Run();
  WriteTable("c3", "b2");
  WriteTable("d4", "c3");
  const std::string second = Run();
  const RunReport refused = Undo(first);
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->code, ErrorCode::kNotReachable);
  EXPECT_THAT(refused.error->message, AllOf(HasSubstr("revision b2 can't be taken back"), HasSubstr("revision c3"),
                                            HasSubstr("plan " + second)));
  EXPECT_THAT(refused.error->hint, HasSubstr("sluice downgrade --undo " + second));
  EXPECT_THAT(VersionRows(), ElementsAre("d4"));
  EXPECT_FALSE(Undo(second).error);
  EXPECT_FALSE(Undo(first).error);
  EXPECT_THAT(VersionRows(), IsEmpty());
}

TEST_F(UndoTest, ABranchBesideItStays) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  WriteTable("b2", "a1");
  const std::string hash = Run({"b2"});
  WriteTable("c3", "a1");
  ASSERT_FALSE(Upgrade({"c3"}).error);
  const RunReport undone = Undo(hash);
  EXPECT_FALSE(undone.error) << Why(undone);
  EXPECT_THAT(VersionRows(), ElementsAre("c3"));
}

TEST_F(UndoTest, WhatWasTakenBackAndAppliedByAnotherPlanIsNotItsOwnAnyMore) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  const std::string first = Run();
  ASSERT_FALSE(Downgrade().error);
  const std::string second = Run();
  ASSERT_NE(first, second);
  const RunReport refused = Undo(first);
  ASSERT_TRUE(refused.error);
  EXPECT_THAT(refused.error->message, HasSubstr("plan " + second));
  EXPECT_FALSE(Undo(second).error);
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
}

TEST_F(UndoTest, ItIsPlannedFirst) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  const std::string hash = Run();
  const Project files = Files();
  const Result<DatabasePlan> made = PlanForDatabase(Context(), files, {.kind = StepKind::kDowngrade, .undo = hash});
  ASSERT_TRUE(made.ok()) << made.error().message;
  ASSERT_EQ(made->plan.steps.size(), 2U);
  EXPECT_EQ(made->plan.steps[0].revision, "b2");
  EXPECT_THAT(made->plan.rows_at_end, IsEmpty());
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
}

TEST_F(UndoTest, TablesOfAnEarlierLayout) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Sql("ALTER TABLE sluice.run DROP COLUMN plan_hash, DROP COLUMN required_plan; UPDATE sluice.layout SET minor = 0");
  const std::string hash(64, '0');
  EXPECT_FALSE(Undo(hash).error);
  const std::string role = database() + "_migrator";
  Sql("CREATE ROLE " + role + " LOGIN; GRANT USAGE ON SCHEMA sluice TO " + role +
      "; GRANT ALL ON ALL TABLES IN SCHEMA sluice, public TO " + role);
  settings.connection.keywords[2].value = role;
  const RunReport refused = Undo(hash);
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->code, ErrorCode::kBookkeeping);
  EXPECT_THAT(refused.error->hint, HasSubstr("ADD COLUMN IF NOT EXISTS plan_hash"));
}

}  // namespace
}  // namespace sluice::testing
