// What `sluice plan` says a run would do.
#include "core/engine/database_plan.h"

#include <gmock/gmock.h>

#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DatabasePlanTest : public MigrationTest {
 protected:
  Result<DatabasePlan> Plan(StepKind kind = StepKind::kUpgrade, std::vector<std::string> targets = {},
                            PhaseFilter phase = PhaseFilter::kAll) {
    return PlanForDatabase(Context(), Files(), {kind, std::move(targets), phase});
  }
};

std::vector<std::string> Revisions(const Result<DatabasePlan>& made) {
  std::vector<std::string> revisions;
  for (const PlannedStep& step : made->plan.steps) revisions.push_back(step.revision);
  return revisions;
}

TEST_F(DatabasePlanTest, AnUpgradeIsPlannedFromWhereTheDatabaseIs) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Upgrade({"a1"}).error);
  const Result<DatabasePlan> made = Plan();
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_THAT(Revisions(made), ElementsAre("b2"));
  EXPECT_THAT(made->plan.rows_at_start, ElementsAre("a1"));
  EXPECT_THAT(made->plan.rows_at_end, ElementsAre("b2"));
  ASSERT_EQ(made->steps.size(), 1u);
  EXPECT_THAT(made->steps[0].text, HasSubstr("CREATE TABLE b2"));
  EXPECT_FALSE(HasTable("b2"));
}

TEST_F(DatabasePlanTest, AnEmptyDatabaseIsLeftEmpty) {
  WriteTable("a1", "");
  EXPECT_THAT(Revisions(Plan()), ElementsAre("a1"));
  EXPECT_FALSE(HasTable("alembic_version"));
}

TEST_F(DatabasePlanTest, ADowngradeShowsTheStoredText) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Upgrade().error);
  Remove("b2");
  const Result<DatabasePlan> made = Plan(StepKind::kDowngrade);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_THAT(Revisions(made), ElementsAre("b2"));
  EXPECT_TRUE(made->steps.at(0).from_database);
  EXPECT_THAT(made->steps[0].text, HasSubstr("DROP TABLE b2"));
  EXPECT_TRUE(HasTable("b2"));
}

TEST_F(DatabasePlanTest, ContractRevisionsAreNamedAsWaiting) {
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade\n-- sluice:downgrade\n", "-- Phase: contract\n");
  const Result<DatabasePlan> made = Plan(StepKind::kUpgrade, {}, PhaseFilter::kExpand);
  ASSERT_TRUE(made.ok());
  EXPECT_THAT(Revisions(made), ElementsAre("a1"));
  ASSERT_EQ(made->plan.waiting.size(), 1u);
  EXPECT_EQ(made->plan.waiting[0].revision, "b2");
}

TEST_F(DatabasePlanTest, AStampHasRowsAndNoScripts) {
  WriteTable("a1", "");
  const Result<DatabasePlan> made = Plan(StepKind::kStamp, {"a1"});
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_THAT(made->plan.rows_at_end, ElementsAre("a1"));
  EXPECT_THAT(made->steps, IsEmpty());
}

TEST_F(DatabasePlanTest, WhatARunWouldRefuseIsRefused) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Write("a1", "", "-- sluice:upgrade\nSELECT 1;\n-- sluice:downgrade\n");
  EXPECT_EQ(Plan().error().code, ErrorCode::kModified);
}

}  // namespace
}  // namespace sluice::testing
