// `--require-validated HASH`: a run of that plan that was cut off goes on by the hash alone, and so do its phases.
#include <gmock/gmock.h>

#include "core/engine/database_plan.h"
#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RequiredPlanTest : public MigrationTest {
 protected:
  RequiredPlanTest() { Sql("CREATE TABLE gate (id int)"); }

  // A revision that fails as long as the gate is closed.
  void WriteGated(const std::string& id, const std::string& down_revisions, const std::string& more_header = "") {
    Write(id, down_revisions,
          "-- sluice:upgrade\nSELECT 1 / (SELECT count(*) FROM gate);\nCREATE TABLE " + id +
              " (id int);\n-- sluice:downgrade\nSELECT 1 / (SELECT count(*) FROM gate);\nDROP TABLE " + id + ";\n",
          more_header);
  }
  void OpenGate() { Sql("INSERT INTO gate VALUES (1)"); }
  void CloseGate() { Sql("DELETE FROM gate"); }

  std::string HashOf(const PlanRequest& request) {
    const Project files = Files();
    const Result<DatabasePlan> made = PlanForDatabase(Context(), files, request);
    EXPECT_TRUE(made.ok());
    return PlanHash(IdentifyPlan(made->plan, made->steps, made->situation.database));
  }
  std::string UpgradeHash() { return HashOf({}); }

  RunReport Require(const std::string& hash, PhaseFilter phase = PhaseFilter::kAll,
                    const std::vector<std::string>& targets = {}) {
    UpgradeRequest request;
    request.targets = targets;
    request.phase = phase;
    request.required = DemandedValidation{hash, {}};
    return Upgrade(request);
  }
  RunReport RequireBack(const std::string& hash, const std::string& target) {
    DowngradeRequest request{target, TransactionMode::kEachSection};
    request.required = DemandedValidation{hash, {}};
    const Project files = Files();
    return Migrator(Context(), files).Downgrade(request);
  }

  void ExpectRefused(const RunReport& report) {
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code, ErrorCode::kNotValidated) << Why(report);
    EXPECT_EQ(report.finished.size(), 0U);
  }
};

TEST_F(RequiredPlanTest, ARunThatWasCutOffGoesOnByTheHashAlone) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  WriteGated("c3", "b2");
  const std::string hash = UpgradeHash();
  EXPECT_EQ(Require(hash).error->code, ErrorCode::kStatementFailed);
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
  EXPECT_NE(UpgradeHash(), hash);
  OpenGate();
  const RunReport done = Require(hash);
  EXPECT_FALSE(done.error) << Why(done);
  EXPECT_THAT(VersionRows(), ElementsAre("c3"));
  EXPECT_FALSE(Require(hash).error);
  EXPECT_EQ(Value("SELECT string_agg(DISTINCT required_plan, ',') FROM sluice.run"), hash);
  EXPECT_EQ(Value("SELECT plan_hash FROM sluice.run ORDER BY id LIMIT 1"), hash);
}

TEST_F(RequiredPlanTest, APartThatStandsDoesNotStopIt) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE a1 (id int);\n-- sluice:upgrade\nSELECT 1 / (SELECT count(*) FROM gate);\n"
        "-- sluice:downgrade\nSELECT 1;\n-- sluice:downgrade\nDROP TABLE a1;\n");
  WriteGated("b2", "a1");
  const std::string hash = UpgradeHash();
  const RunReport failed = Require(hash);
  ASSERT_TRUE(failed.partial) << Why(failed);
  const std::string with_part = UpgradeHash();
  EXPECT_NE(with_part, hash);
  EXPECT_EQ(Require(hash).error->code, ErrorCode::kStatementFailed);
  // A plan that begins with a part may be demanded, too, and be cut off behind it.
  OpenGate();
  Sql("CREATE TABLE b2 (id int)");
  EXPECT_EQ(Require(with_part).error->code, ErrorCode::kStatementFailed);
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
  Sql("DROP TABLE b2");
  const RunReport done = Require(with_part);
  EXPECT_FALSE(done.error) << Why(done);
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
}

TEST_F(RequiredPlanTest, TheHashOfTheWholePlanHoldsForItsPhases) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  WriteGated("c3", "b2");
  WriteGated("d4", "c3", "-- Phase: contract\n");
  WriteGated("e5", "d4", "-- Phase: contract\n");
  const std::string whole = UpgradeHash();
  EXPECT_NE(HashOf({StepKind::kUpgrade, {}, PhaseFilter::kExpand}), whole);
  EXPECT_EQ(Require(whole, PhaseFilter::kExpand).error->code, ErrorCode::kStatementFailed);
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
  OpenGate();
  const RunReport expanded = Require(whole, PhaseFilter::kExpand);
  EXPECT_FALSE(expanded.error) << Why(expanded);
  EXPECT_THAT(VersionRows(), ElementsAre("c3"));
  EXPECT_EQ(expanded.waiting.size(), 2U);

  CloseGate();
  EXPECT_EQ(Require(whole).error->code, ErrorCode::kStatementFailed);
  OpenGate();
  Sql("CREATE TABLE e5 (id int)");
  EXPECT_EQ(Require(whole).error->code, ErrorCode::kStatementFailed);
  EXPECT_THAT(VersionRows(), ElementsAre("d4"));
  Sql("DROP TABLE e5");
  const RunReport contracted = Require(whole);
  EXPECT_FALSE(contracted.error) << Why(contracted);
  EXPECT_THAT(VersionRows(), ElementsAre("e5"));
}

TEST_F(RequiredPlanTest, BranchesWithAContractRevisionInTheMiddleOfThePlan) {
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade\nCREATE TABLE b2 (id int);\n-- sluice:downgrade\nDROP TABLE b2;\n",
        "-- Phase: contract\n");
  WriteTable("c3", "a1");
  const std::string whole = HashOf({StepKind::kUpgrade, {"heads"}});
  const RunReport expanded = Require(whole, PhaseFilter::kExpand, {"heads"});
  EXPECT_FALSE(expanded.error) << Why(expanded);
  EXPECT_THAT(VersionRows(), ElementsAre("c3"));
  const RunReport contracted = Require(whole, PhaseFilter::kAll, {"heads"});
  EXPECT_FALSE(contracted.error) << Why(contracted);
  EXPECT_THAT(VersionRows(), ElementsAre("b2", "c3"));
}

TEST_F(RequiredPlanTest, TheHashOfTheExpandPartHoldsForThatPartOnly) {
  WriteTable("a1", "");
  WriteGated("b2", "a1");
  Write("c3", "b2", "-- sluice:upgrade\n-- sluice:downgrade\n", "-- Phase: contract\n");
  const std::string part = HashOf({StepKind::kUpgrade, {}, PhaseFilter::kExpand});
  ExpectRefused(Require(part));
  EXPECT_EQ(Require(part, PhaseFilter::kExpand).error->code, ErrorCode::kStatementFailed);
  OpenGate();
  ExpectRefused(Require(part));
  EXPECT_FALSE(Require(part, PhaseFilter::kExpand).error);
  ExpectRefused(Require(part));
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
}

TEST_F(RequiredPlanTest, EverythingElseIsRefused) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  WriteGated("c3", "b2");
  const std::string hash = UpgradeHash();
  EXPECT_EQ(Require(hash).error->code, ErrorCode::kStatementFailed);
  OpenGate();
  // Another script of what is left.
  Write("c3", "b2", "-- sluice:upgrade\nSELECT 2;\n-- sluice:downgrade\n");
  ExpectRefused(Require(hash));
  WriteGated("c3", "b2");
  // A revision more, and with another target: that very plan again.
  WriteTable("d4", "c3");
  ExpectRefused(Require(hash));
  // Something else was applied beside it.
  WriteTable("e5", "");
  ASSERT_FALSE(Upgrade({"e5"}).error);
  ExpectRefused(Require(hash, PhaseFilter::kAll, {"c3"}));
  Downgrade("e5@base");
  Remove("e5");
  const RunReport done = Require(hash, PhaseFilter::kAll, {"c3"});
  EXPECT_FALSE(done.error) << Why(done);
  const RunReport unknown = Require(std::string(64, '0'));
  ExpectRefused(unknown);
  EXPECT_THAT(unknown.error->message, HasSubstr("its hash is " + UpgradeHash()));
}

TEST_F(RequiredPlanTest, ADowngradeThatWasCutOffGoesOnToo) {
  OpenGate();
  WriteTable("a1", "");
  WriteGated("b2", "a1");
  WriteTable("c3", "b2");
  ASSERT_FALSE(Upgrade().error);
  Remove("b2");
  Remove("c3");
  const std::string hash = HashOf({StepKind::kDowngrade, {"a1"}});
  ExpectRefused(RequireBack(hash, "b2"));
  ExpectRefused(RequireBack(hash, "base"));
  CloseGate();
  EXPECT_EQ(RequireBack(hash, "a1").error->code, ErrorCode::kStatementFailed);
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
  OpenGate();
  ExpectRefused(RequireBack(hash, "base"));
  const RunReport done = RequireBack(hash, "a1");
  EXPECT_FALSE(done.error) << Why(done);
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
  EXPECT_FALSE(RequireBack(hash, "a1").error);
}

// The tables of a program that is older than the columns of a run's plan.
TEST_F(RequiredPlanTest, TablesOfAnEarlierLayoutGrowAndLoseNothing) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Sql("ALTER TABLE sluice.run DROP COLUMN plan_hash, DROP COLUMN required_plan; UPDATE sluice.layout SET minor = 0");
  EXPECT_FALSE(Upgrade().error);
  EXPECT_EQ(Value("SELECT minor FROM sluice.layout"), "0");  // nothing to do: nothing is written
  WriteTable("b2", "a1");
  WriteGated("c3", "b2");
  const std::string hash = UpgradeHash();
  EXPECT_EQ(Require(hash).error->code, ErrorCode::kStatementFailed);
  EXPECT_EQ(Value("SELECT minor FROM sluice.layout"), "1");
  EXPECT_EQ(Value("SELECT required_plan FROM sluice.run ORDER BY id DESC LIMIT 1"), hash);
  EXPECT_EQ(Value("SELECT count(*) FROM sluice.run"), "2");
  OpenGate();
  EXPECT_FALSE(Require(hash).error);
}

TEST_F(RequiredPlanTest, TablesOfAnotherRoleAreUsedAsTheyAre) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  const std::string role = database() + "_migrator";
  Sql("ALTER TABLE sluice.run DROP COLUMN plan_hash, DROP COLUMN required_plan; UPDATE sluice.layout SET minor = 0;"
      "CREATE ROLE " +
      role + " LOGIN; GRANT USAGE ON SCHEMA sluice TO " + role +
      ";"
      "GRANT CREATE ON SCHEMA public TO " +
      role + "; GRANT ALL ON ALL TABLES IN SCHEMA sluice, public TO " + role);
  settings.connection.keywords[2].value = role;
  WriteTable("b2", "a1");
  WriteGated("c3", "b2");
  const std::string hash = UpgradeHash();
  EXPECT_EQ(Require(hash).error->code, ErrorCode::kStatementFailed);
  OpenGate();
  const RunReport done = Require(hash);
  EXPECT_FALSE(done.error) << Why(done);
  EXPECT_EQ(Value("SELECT minor FROM sluice.layout"), "0");
}

}  // namespace
}  // namespace sluice::testing
