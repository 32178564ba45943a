// Where partial work stands in the plan of a run.
#include "core/engine/run_planner.h"

#include <gmock/gmock.h>

#include "tests/unit/graph/graph_text.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class RunPlannerTest : public ::testing::Test {
 protected:
  void Files(std::string_view text) { project_.graph = GraphOf(text); }
  void Applied(std::string_view rows) { situation_.database.rows = Names(rows); }
  void Partial(const std::string& revision, Direction direction = Direction::kUpgrade) {
    situation_.database.progress.push_back({revision, direction, {"hash"}, {}});
  }
  std::string Upgrade(std::string_view targets = "", PhaseFilter phase = PhaseFilter::kAll) {
    return Show(PlanUpgradeRun(project_, situation_, Names(targets), phase));
  }
  std::string Downgrade(std::string_view target) { return Show(PlanDowngradeRun(project_, situation_, target)); }
  std::string Sync(std::string_view targets) {
    return Show(PlanSyncRun(project_, situation_, Names(targets), PhaseFilter::kAll));
  }
  std::string Partially(const std::string& revision, Direction direction) {
    return Show(PlanPartialRun(project_, situation_, revision, direction));
  }

  Project project_;
  Situation situation_;
};

TEST_F(RunPlannerTest, WithoutPartialWorkThePlanIsTheGraphs) {
  Files("a; b < a; c < b");
  Applied("a");
  EXPECT_EQ(Upgrade(), "[a] +b [b] +c [c]");
  EXPECT_EQ(Upgrade("b"), "[a] +b [b]");
  EXPECT_EQ(Downgrade("base"), "[a] -a []");
}

TEST_F(RunPlannerTest, SeveralHeadsOfOneHistoryNeedADecision) {
  Files("a; b < a; c < a");
  EXPECT_THAT(Upgrade(), StartsWith("multiple_heads: "));
  EXPECT_THAT(Upgrade(), HasSubstr("b c"));
  EXPECT_EQ(Upgrade("heads"), "[] +a [a] +b [b] +c [b c]");
}

TEST_F(RunPlannerTest, APartialUpgradeIsCompletedInItsTurn) {
  Files("a; b < a; c < b");
  Applied("a");
  Partial("b");
  EXPECT_EQ(Upgrade(), "[a] +b [b] +c [c]");
}

TEST_F(RunPlannerTest, ARevisionThatADowngradeLeftHalfWayIsCompletedFirst) {
  Files("a; b < a; c < b");
  Applied("b");
  Partial("b", Direction::kDowngrade);
  EXPECT_EQ(Upgrade(), "[b] +b [b] +c [c]");
}

TEST_F(RunPlannerTest, AnUpgradeDoesNotPassByWhatIsPartial) {
  Files("a; b < a is billing; c");
  Partial("b");
  Applied("a");
  EXPECT_THAT(Upgrade("c"), StartsWith("partial: revision b is applied in part"));
}

TEST_F(RunPlannerTest, APartialUpgradeIsUndoneFirstAndCountsAsOneStep) {
  Files("a; b < a; c < b");
  Applied("b");
  Partial("c");
  EXPECT_EQ(Downgrade("-1"), "[b] -c [b]");
  EXPECT_EQ(Downgrade("-2"), "[b] -c [b] -b [a]");
  EXPECT_EQ(Downgrade("base"), "[b] -c [b] -b [a] -a []");
}

TEST_F(RunPlannerTest, ADowngradeDoesNotPassByWhatIsHalfTakenBack) {
  Files("a; b < a; c < a");
  Applied("b, c");
  Partial("b", Direction::kDowngrade);
  EXPECT_THAT(Downgrade("c@-1"), StartsWith("partial: revision b is applied in part"));
}

TEST_F(RunPlannerTest, OnePartialRevisionIsCompletedOrUndoneAlone) {
  Files("a; b < a; c < b");
  Applied("a");
  Partial("b");
  EXPECT_EQ(Partially("b", Direction::kUpgrade), "[a] +b [b]");
  EXPECT_EQ(Partially("b", Direction::kDowngrade), "[a] -b [a]");
  EXPECT_THAT(Partially("c", Direction::kUpgrade), StartsWith("usage: revision c is not applied in part"));
}

TEST_F(RunPlannerTest, OnePartialRevisionThatNeedsAnotherOneIsNotCompletedAlone) {
  Files("a; b < a; c < b");
  Applied("a");
  Partial("c");
  EXPECT_THAT(Partially("c", Direction::kUpgrade), StartsWith("partial: revision c can't be completed alone: b"));
}

TEST_F(RunPlannerTest, AHeadThatOnlyTheDatabaseHasIsOneOfSeveral) {
  Files("a; b < a");
  situation_.merged = GraphOf("a; b < a; c < a");
  situation_.ahead = {"c"};
  Applied("c");
  EXPECT_THAT(Upgrade(),
              StartsWith("multiple_heads: the database has revision c, which the files don't have, beside b"));
  EXPECT_EQ(Upgrade("heads"), "[c] +b [b c]");
  Applied("b c");
  EXPECT_EQ(Upgrade(), "[b c]");
}

TEST_F(RunPlannerTest, HeadsAreThoseOfTheFilesWhereTheDatabaseKnowsLaterOnes) {
  Files("a; b < a");
  situation_.merged = GraphOf("a; b < a; c < b");
  Applied("c");
  EXPECT_THAT(Upgrade(), StartsWith("[c]"));
  EXPECT_EQ(Downgrade("-1"), "[c] -c [b]");
}

TEST_F(RunPlannerTest, ATargetIsReachedWhicheverWayItLies) {
  Files("a; b < a; c < b; d < c");
  Applied("b");
  EXPECT_EQ(Sync("d"), "[b] +c [c] +d [d]");
  EXPECT_EQ(Sync(""), "[b] +c [c] +d [d]");
  EXPECT_EQ(Sync("b"), "[b]");
  EXPECT_EQ(Sync("a"), "[b] -b [a]");
  EXPECT_EQ(Sync("base"), "[b] -b [a] -a []");
  Applied("");
  EXPECT_EQ(Sync("base"), "[]");
  EXPECT_EQ(Sync("a"), "[] +a [a]");
}

TEST_F(RunPlannerTest, ATargetOfSeveralBranches) {
  Files("a; b < a; c < b; x; y < x");
  Applied("c y");
  EXPECT_EQ(Sync("b x"), "[c y] -y [c x] -c [b x]");
  EXPECT_EQ(Sync("heads"), "[c y]");
  // Other branches stay where they are.
  EXPECT_EQ(Sync("b"), "[c y] -c [b y]");
  EXPECT_EQ(Sync("x@base"), "[c y] -y [c x] -x [c]");
  Applied("b");
  EXPECT_EQ(Sync("b x"), "[b] +x [b x]");
}

TEST_F(RunPlannerTest, AMergeIsTakenApartAndABranchAboveATargetGoes) {
  Files("a; b < a; c < a; m < b,c; n < m");
  Applied("n");
  EXPECT_EQ(Sync("m"), "[n] -n [m]");
  EXPECT_EQ(Sync("b"), "[n] -n [m] -m [b c]");
  EXPECT_EQ(Sync("b c"), "[n] -n [m] -m [b c]");
}

TEST_F(RunPlannerTest, ATargetThatCountsFromWhereTheDatabaseIsIsNone) {
  Files("a; b < a");
  Applied("a");
  EXPECT_THAT(Sync("+1"), StartsWith("usage: "));
  EXPECT_THAT(Sync("-1"), StartsWith("usage: "));
  EXPECT_THAT(Sync("current"), StartsWith("usage: "));
  EXPECT_THAT(Sync("base b"), StartsWith("usage: "));
  EXPECT_THAT(Sync("nothing"), StartsWith("unknown_revision: "));
}

TEST_F(RunPlannerTest, PartsOnTheWayToATarget) {
  Files("a; b < a; c < b");
  Applied("a");
  Partial("b");
  EXPECT_EQ(Sync("c"), "[a] +b [b] +c [c]");
  EXPECT_EQ(Sync("b"), "[a] +b [b]");
  EXPECT_EQ(Sync("a"), "[a] -b [a]");
  situation_.database.progress.clear();
  Applied("b");
  Partial("b", Direction::kDowngrade);
  EXPECT_EQ(Sync("b"), "[b] +b [b]");
  EXPECT_EQ(Sync("a"), "[b] -b [a]");
}

}  // namespace
}  // namespace sluice
