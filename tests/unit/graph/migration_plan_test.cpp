#include "core/graph/migration_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/graph/graph_text.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::string Upgrade(std::string_view graph, std::string_view rows, std::string_view targets) {
  return Show(PlanUpgrade(GraphOf(graph), Names(rows), Names(targets), PhaseFilter::kAll));
}

std::string UpgradeExpand(std::string_view graph, std::string_view rows, std::string_view targets) {
  return Show(PlanUpgrade(GraphOf(graph), Names(rows), Names(targets), PhaseFilter::kExpand));
}

std::string Downgrade(std::string_view graph, std::string_view rows, std::string_view target) {
  return Show(PlanDowngrade(GraphOf(graph), Names(rows), target));
}

std::string Stamp(std::string_view graph, std::string_view rows, std::string_view targets, bool purge = false) {
  return Show(PlanStamp(GraphOf(graph), Names(rows), Names(targets), purge));
}

std::string Order(std::string_view text) {
  const RevisionGraph graph = GraphOf(text);
  return Show(graph, Result<std::vector<NodeId>>(TopologicalOrder(graph)));
}

TEST(Order, ParentsAndDependenciesComeFirst) { EXPECT_EQ(Order("d < b,c; c < a needs x; b < a; a; x"), "a b x c d"); }

TEST(Order, TiesBreakByTheOrderOfLoading) {
  EXPECT_EQ(Order("a; c < a; b < a"), "a c b");
  EXPECT_EQ(Order("a; b < a; c < a"), "a b c");
  EXPECT_EQ(Order("z; a; m"), "z a m");
}

TEST(Order, ABranchThatWasBegunIsFinishedBeforeTheNextStarts) {
  EXPECT_EQ(Order("a; b1 < a; c1 < a; b2 < b1; c2 < c1; b3 < b2"), "a b1 b2 b3 c1 c2");
}

TEST(Order, ABranchThatWaitsForAnotherIsTakenUpAgain) {
  EXPECT_EQ(Order("a; b1 < a; b2 < b1 needs c1; c1 < a; c2 < c1; d1 < a"), "a b1 c1 c2 b2 d1");
}

TEST(AppliedSet, IsTheRowsAndAllTheyStandOn) {
  const RevisionGraph graph = GraphOf("a; b < a; x; y < x needs b; z < y");
  EXPECT_THAT(AppliedSet(graph, {graph.Find("y")}), ElementsAre(true, true, true, true, false));
}

const char* const kLine = "a; b < a; c < b";
const char* const kDiamond = "a; b < a; c < a; m < b,c";
const char* const kTwoBases = "a; b < a; x; y < x";

TEST(Upgrade, FromNothingGoesToTheHeads) {
  EXPECT_EQ(Upgrade(kLine, "", ""), "[] +a [a] +b [b] +c [c]");
  EXPECT_EQ(Upgrade(kLine, "", "head"), "[] +a [a] +b [b] +c [c]");
}

TEST(Upgrade, StartsWhereTheDatabaseIs) { EXPECT_EQ(Upgrade(kLine, "a", "heads"), "[a] +b [b] +c [c]"); }

TEST(Upgrade, ToAnAppliedRevisionDoesNothing) {
  EXPECT_EQ(Upgrade(kLine, "c", "a"), "[c]");
  EXPECT_EQ(Upgrade(kLine, "c", "base"), "[c]");
  EXPECT_EQ(Upgrade("", "", "heads"), "[]");
}

TEST(Upgrade, BringsDependenciesAlong) {
  EXPECT_EQ(Upgrade("a; b < a; x; y < x needs b", "", "y"), "[] +a [a] +b [b] +x [b x] +y [y]");
}

TEST(Upgrade, HasARowForEachBranchUntilTheyMerge) {
  EXPECT_EQ(Upgrade(kDiamond, "", "heads"), "[] +a [a] +b [b] +c [b c] +m [m]");
}

TEST(Upgrade, KeepsTheRowOfABranchThatWasLeftBehind) {
  EXPECT_EQ(Upgrade(kTwoBases, "b", "y"), "[b] +x [b x] +y [b y]");
}

TEST(Upgrade, MergesARevisionWithItsOwnAncestor) {
  EXPECT_EQ(Upgrade("a; b < a; m < a,b", "", "heads"), "[] +a [a] +b [b] +m [m]");
  EXPECT_EQ(Upgrade("a; b < a; z; m < a,b,z", "b z", "heads"), "[b z] +m [m]");
}

TEST(Upgrade, GoesToTheHeadsThatNoOtherHeadStandsOn) {
  EXPECT_EQ(Upgrade("a; x needs a", "", "heads"), "[] +a [a] +x [x]");
  EXPECT_EQ(Upgrade("r is billing; a < r; b < r needs a", "", "billing@heads"), "[] +r [r] +a [a] +b [b]");
}

TEST(Upgrade, GoesSeveralStepsUp) {
  EXPECT_EQ(Upgrade(kLine, "", "+2"), "[] +a [a] +b [b]");
  EXPECT_EQ(Upgrade(kLine, "a", "+1"), "[a] +b [b]");
  EXPECT_EQ(Upgrade(kTwoBases, "b", "x@+1"), "[b] +x [b x]");
  EXPECT_THAT(Upgrade(kTwoBases, "", "+1"),
              StartsWith("ambiguous_walk: \"+1\" is ambiguous: base is followed by a and x"));
}

TEST(Upgrade, RefusesToGoDown) {
  EXPECT_EQ(Upgrade(kLine, "c", "-1"),
            "not_reachable: \"-1\" is not above where the database is | "
            "an upgrade goes up, as in `+1`; `sluice downgrade` goes down");
}

TEST(Upgrade, RefusesARange) {
  EXPECT_THAT(Upgrade(kLine, "", "a:b"), StartsWith("invalid_identifier: \"a:b\" is a range"));
}

TEST(Upgrade, RefusesTargetsOneOfWhichImpliesTheOther) {
  EXPECT_EQ(Upgrade(kLine, "", "a c"),
            "overlapping_targets: the targets overlap: a is below c | name only the upper one");
}

TEST(Upgrade, RefusesRowsOneOfWhichImpliesTheOther) {
  EXPECT_THAT(Upgrade(kLine, "a b", "c"), StartsWith("overlapping_targets: the version rows overlap: a is below b"));
}

TEST(Upgrade, RefusesRowsThatNoScriptHas) { EXPECT_THAT(Upgrade(kLine, "zz", "c"), StartsWith("ahead: ")); }

TEST(UpgradeEdits, UpdateOneRowWhereOneRowMovesOn) {
  const auto plan = PlanUpgrade(GraphOf(kDiamond), {}, {}, PhaseFilter::kAll);
  ASSERT_TRUE(plan.ok());
  EXPECT_THAT(plan->steps[0].rows.remove, IsEmpty());
  EXPECT_THAT(plan->steps[1].rows.remove, ElementsAre("a"));
  EXPECT_THAT(plan->steps[2].rows.remove, IsEmpty());
  EXPECT_THAT(plan->steps[3].rows.remove, ElementsAre("b", "c"));
  for (const PlannedStep& step : plan->steps) EXPECT_THAT(step.rows.add, ElementsAre(step.revision));
}

TEST(ExpandPhase, LeavesOutContractRevisionsAndWhatStandsOnThem) {
  EXPECT_EQ(UpgradeExpand("a; b < a contract; c < b", "", "heads"), "[] +a [a] waiting b(b) c(b)");
}

TEST(ExpandPhase, GoesOnWithOtherBranches) {
  EXPECT_EQ(UpgradeExpand("a; b < a contract; c < a; m < b,c; x needs c; y < x needs b", "", "heads"),
            "[] +a [a] +c [c] +x [x] waiting b(b) m(b) y(b)");
}

TEST(ExpandPhase, NamesAContractRevisionForItself) {
  EXPECT_EQ(UpgradeExpand("a contract; b < a contract; c < b", "", "heads"), "[] waiting a(a) b(b) c(b)");
}

TEST(ExpandPhase, DoesNotMindContractRevisionsThatAreApplied) {
  EXPECT_EQ(UpgradeExpand("a; b < a contract; c < b", "b", "heads"), "[b] +c [c]");
}

TEST(ExpandPhase, CountsStepsThatMayRunWhereThereIsTheChoice) {
  EXPECT_EQ(UpgradeExpand("a; b < a contract; c < a; d < c", "a", "+2"), "[a] +c [c] +d [d]");
  EXPECT_THAT(Upgrade("a; b < a contract; c < a; d < c", "a", "+2"), StartsWith("ambiguous_walk: "));
}

TEST(ExpandPhase, CountsContractRevisionsWhereTheyStandInTheWay) {
  EXPECT_EQ(UpgradeExpand("a; b < a; c < b contract", "", "+3"), "[] +a [a] +b [b] waiting c(c)");
}

TEST(Downgrade, GoesBackToARevision) { EXPECT_EQ(Downgrade(kLine, "c", "a"), "[c] -c [b] -b [a]"); }

TEST(Downgrade, GoesBackToTheStart) {
  EXPECT_EQ(Downgrade(kLine, "c", "base"), "[c] -c [b] -b [a] -a []");
  EXPECT_EQ(Downgrade(kLine, "", "base"), "[]");
}

TEST(Downgrade, OfAMergeBringsBackTheRowsOfItsBranches) {
  EXPECT_EQ(Downgrade(kDiamond, "m", "a"), "[m] -m [b c] -c [b] -b [a]");
  EXPECT_EQ(Downgrade(kDiamond, "m", "b"), "[m] -m [b c]");
}

TEST(Downgrade, OfAMergeWithAnAncestorLeavesTheUpperRowOnly) {
  EXPECT_EQ(Downgrade("a; b < a; m < a,b; x", "m x", "b"), "[m x] -m [b x]");
}

TEST(Downgrade, IsTheReverseOfTheUpgrade) {
  const RevisionGraph graph = GraphOf("a; b1 < a; b2 < b1; c1 < a needs b1; c2 < c1; m < b2,c2");
  const auto up = PlanUpgrade(graph, {}, {}, PhaseFilter::kAll);
  const auto down = PlanDowngrade(graph, {"m"}, "base");
  ASSERT_TRUE(up.ok() && down.ok());
  auto rows = RowsAlong(*down);
  std::reverse(rows.begin(), rows.end());
  EXPECT_EQ(rows, RowsAlong(*up));
}

TEST(Downgrade, TakesWhatDependsOnADroppedRevisionAlong) {
  EXPECT_EQ(Downgrade("a; b < a; x; y < x needs b", "y", "a"), "[y] -y [b x] -b [a x]");
}

TEST(Downgrade, LeavesTheDependenciesOfADroppedRevision) {
  EXPECT_EQ(Downgrade("a; b < a; x; y < x needs b", "y", "x"), "[y] -y [b x]");
}

TEST(Downgrade, DropsARowWhoseParentsAreImpliedByOtherRows) {
  EXPECT_EQ(Downgrade("a; b < a; c < a", "b c", "b@a"), "[b c] -b [c]");
  EXPECT_EQ(Downgrade("a; b < a; c < a", "b c", "a"), "[b c] -c [b] -b [a]");
}

TEST(Downgrade, GoesSeveralStepsBack) {
  EXPECT_EQ(Downgrade(kLine, "c", "-1"), "[c] -c [b]");
  EXPECT_EQ(Downgrade(kLine, "c", "-3"), "[c] -c [b] -b [a] -a []");
  EXPECT_EQ(Downgrade(kLine, "c", "head-1"), "[c] -c [b]");
  EXPECT_EQ(Downgrade(kLine, "c", "base+1"), "[c] -c [b] -b [a]");
}

TEST(Downgrade, StepsBackTakeOnlyTheirOwnBranch) {
  EXPECT_EQ(Downgrade("a; b < a; c < a", "b", "-1"), "[b] -b [a]");
  EXPECT_EQ(Downgrade(kTwoBases, "b y", "x@-1"), "[b y] -y [b x]");
  EXPECT_EQ(Downgrade(kTwoBases, "b y", "x@base"), "[b y] -y [b x] -x [b]");
}

TEST(Downgrade, StepsBackOnABranchThatIsAppliedForAnother) {
  EXPECT_EQ(Downgrade("a; b < a; x needs b", "x", "a@-1"), "[x] -x [b] -b [a]");
}

TEST(Downgrade, RefusesStepsBackFromSeveralRows) {
  EXPECT_THAT(Downgrade(kTwoBases, "b y", "-1"), StartsWith("ambiguous_walk: "));
}

TEST(Downgrade, RefusesToGoUp) {
  EXPECT_THAT(Downgrade(kLine, "a", "+1"), StartsWith("not_reachable: \"+1\" is not below where the database is"));
  EXPECT_EQ(Downgrade(kLine, "a", "c"),
            "not_reachable: revision c is not applied, so there is no way down to it | "
            "`sluice current` shows where the database is");
}

TEST(Downgrade, ToWhereTheDatabaseIsDoesNothing) { EXPECT_EQ(Downgrade(kLine, "b", "b"), "[b]"); }

TEST(Downgrade, RefusesARevisionThatStandsOnlyForOthers) {
  EXPECT_THAT(Downgrade("a; x needs a", "x", "a"), StartsWith("not_reachable: nothing above revision a is applied"));
}

TEST(Downgrade, RefusesABranchThatHasNothingToDoWithTheTarget) {
  EXPECT_THAT(Downgrade(kTwoBases, "b y", "x@a"), StartsWith("not_in_branch: revision a is not a member of branch x"));
}

TEST(Downgrade, RefusesALabelThatDoesNotSayWhichWay) {
  EXPECT_EQ(Downgrade("a is billing; b < a; c < a", "b c", "billing@a"),
            "not_reachable: branch billing does not say which of b and c has to go back | "
            "name the branch by one of them, as in `b@a`");
}

TEST(Downgrade, TakesTheRowOfAnImpliedRevisionInItsTurn) {
  EXPECT_EQ(Downgrade(kLine, "a c", "base"), "[a c] -c [a b] -b [a] -a []");
}

TEST(Stamp, WritesTheFirstRow) { EXPECT_EQ(Stamp(kLine, "", "b"), "[] =b [b]"); }

TEST(Stamp, MovesTheRowOfTheSameLineage) {
  EXPECT_EQ(Stamp(kLine, "a", "c"), "[a] =c [c]");
  EXPECT_EQ(Stamp(kLine, "c", "a"), "[c] =a [a]");
  EXPECT_EQ(Stamp(kTwoBases, "b y", "a"), "[b y] =a [a y]");
}

TEST(Stamp, JoinsTheRowsOfBranchesAboveAndBelow) {
  EXPECT_EQ(Stamp(kDiamond, "b c", "m"), "[b c] =m [m]");
  EXPECT_EQ(Stamp(kDiamond, "b c", "a"), "[b c] =a [a]");
}

TEST(Stamp, FollowsDependenciesToo) { EXPECT_EQ(Stamp("a; b < a; x needs b", "x", "a"), "[x] =a [a]"); }

TEST(Stamp, AddsABranchThatHasNoRow) { EXPECT_EQ(Stamp(kTwoBases, "b", "x"), "[b] =x [b x]"); }

TEST(Stamp, OfARowDoesNothing) { EXPECT_EQ(Stamp(kLine, "b", "b"), "[b]"); }

TEST(Stamp, OfBaseRemovesTheRows) {
  EXPECT_EQ(Stamp(kTwoBases, "b y", "base"), "[b y] =b [y] =y []");
  EXPECT_EQ(Stamp(kTwoBases, "b y", "x@base"), "[b y] =y [b]");
}

TEST(Stamp, OfSeveralTargetsKeepsThemAll) {
  EXPECT_EQ(Stamp(kTwoBases, "a y", "b y"), "[a y] =b [b y]");
  EXPECT_EQ(Stamp(kTwoBases, "a", "heads"), "[a] =b [b] =y [b y]");
  EXPECT_EQ(Stamp(kTwoBases, "b y", "a x"), "[b y] =a [a] =x [a x]");
}

TEST(Stamp, WithPurgeForgetsTheRowsFirst) {
  EXPECT_EQ(Stamp(kTwoBases, "b y", "a", true), "[b y] =a [a]");
  EXPECT_EQ(Stamp(kTwoBases, "b y", "y", true), "[b y] =b [y]");
  EXPECT_EQ(Stamp(kTwoBases, "b y", "base", true), "[b y] =b [y] =y []");
}

TEST(Stamp, RefusesStepsAndOverlaps) {
  EXPECT_THAT(Stamp(kLine, "a", "+1"), StartsWith("invalid_identifier: \"+1\" is relative"));
  EXPECT_THAT(Stamp(kLine, "", "a c"), StartsWith("overlapping_targets: the targets overlap: a is below c"));
}

TEST(Range, PlansFromOneEndToTheOther) {
  const RevisionGraph graph = GraphOf(kLine);
  const auto plan = [&](std::string_view range, Direction direction) {
    return Show(PlanRange(graph, ParseRange(range).value(), direction, PhaseFilter::kAll));
  };
  EXPECT_EQ(plan("a:c", Direction::kUpgrade), "[a] +b [b] +c [c]");
  EXPECT_EQ(plan("a:+1", Direction::kUpgrade), "[a] +b [b]");
  EXPECT_EQ(plan(":b", Direction::kUpgrade), "[] +a [a] +b [b]");
  EXPECT_EQ(plan("b:", Direction::kUpgrade), "[b] +c [c]");
  EXPECT_EQ(plan("c:a", Direction::kDowngrade), "[c] -c [b] -b [a]");
  EXPECT_EQ(plan("b:", Direction::kDowngrade), "[b] -b [a] -a []");
}

}  // namespace
}  // namespace sluice
