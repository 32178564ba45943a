#include "core/graph/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/graph/graph_text.h"

namespace sluice {
namespace {

using testing::StartsWith;

TEST(ValidIdentifier, IsLettersDigitsUnderscoreAndDot) {
  EXPECT_TRUE(IsValidIdentifier("6ee06edc35dd"));
  EXPECT_TRUE(IsValidIdentifier("2024_01.Tenant"));
  EXPECT_TRUE(IsValidIdentifier(std::string(255, 'a')));
  EXPECT_FALSE(IsValidIdentifier(std::string(256, 'a')));
  for (const char* text :
       {"", "a b", "a-b", "a@b", "a+b", "a:b", "a,b", "\xc3\xa9", "head", "heads", "base", "current"}) {
    EXPECT_FALSE(IsValidIdentifier(text)) << text;
  }
}

TEST(Range, HasTwoEndsThatMayBeLeftOut) {
  EXPECT_FALSE(ParseRange("6ee0").has_value());
  EXPECT_EQ(ParseRange("a:b")->from, "a");
  EXPECT_EQ(ParseRange("a:b")->to, "b");
  EXPECT_EQ(ParseRange("a:")->to, "");
  EXPECT_EQ(ParseRange(":b")->from, "");
}

// Two branches, of which billing has two heads:
//
//   1f2e3d4c5b6a ── 6ee06edc35dd (billing) ── 6ee0aaaa1111 ── 7777bbbb2222
//         └── 5555cccc3333          └── 8888dddd4444
class ResolveTest : public testing::Test {
 protected:
  std::string Resolve(std::string_view identifier, std::string_view rows = "") const {
    return Show(graph_, ResolveRevisions(graph_, identifier, Names(rows)));
  }

  RevisionGraph graph_ = GraphOf(
      "1f2e3d4c5b6a; 6ee06edc35dd < 1f2e3d4c5b6a is billing; 6ee0aaaa1111 < 6ee06edc35dd; 7777bbbb2222 < 6ee0aaaa1111;"
      "8888dddd4444 < 6ee06edc35dd; 5555cccc3333 < 1f2e3d4c5b6a");
};

TEST_F(ResolveTest, AnIdOrALabelIsThatRevision) {
  EXPECT_EQ(Resolve("7777bbbb2222"), "7777bbbb2222");
  EXPECT_EQ(Resolve("billing"), "6ee06edc35dd");
}

TEST_F(ResolveTest, AUniqueBeginningOfFourCharactersIsThatRevision) {
  EXPECT_EQ(Resolve("7777"), "7777bbbb2222");
  EXPECT_EQ(Resolve("bill"), "6ee06edc35dd");
  EXPECT_EQ(
      Resolve("777"),
      "unknown_revision: there is no revision or branch \"777\" | the beginning of an id needs at least 4 characters");
}

TEST_F(ResolveTest, AnAmbiguousBeginningNamesAllCandidates) {
  EXPECT_EQ(Resolve("6ee0"),
            "ambiguous_prefix: \"6ee0\" is the beginning of 6ee06edc35dd and 6ee0aaaa1111 | write more of the id");
}

TEST_F(ResolveTest, AnExactIdWinsOverLongerOnes) {
  const RevisionGraph graph = GraphOf("6ee0; 6ee0ffff");
  EXPECT_EQ(Show(graph, ResolveRevisions(graph, "6ee0", {})), "6ee0");
}

TEST_F(ResolveTest, AnUnknownNameGetsTheNearestMatches) {
  EXPECT_EQ(Resolve("7777bbbb2232"),
            "unknown_revision: there is no revision or branch \"7777bbbb2232\" | did you mean \"7777bbbb2222\"?");
  EXPECT_EQ(Resolve("biling@head"), "unknown_revision: there is no branch \"biling\" | did you mean \"billing\"?");
  EXPECT_EQ(Resolve("zzzzzzzz"),
            "unknown_revision: there is no revision or branch \"zzzzzzzz\" | "
            "`sluice history` lists the revisions, `sluice branches` the labels");
}

TEST_F(ResolveTest, HeadIsTheOnlyHead) {
  const RevisionGraph line = GraphOf("a; b < a");
  EXPECT_EQ(Show(line, ResolveRevisions(line, "head", {})), "b");
  EXPECT_EQ(Resolve("head"),
            "multiple_heads: there are several heads: 7777bbbb2222, 8888dddd4444 and 5555cccc3333 | "
            "name one of them, say `heads` for all, or join them with `sluice merge`");
}

TEST_F(ResolveTest, HeadsAreAllHeadsAndBaseIsNone) {
  EXPECT_EQ(Resolve("heads"), "7777bbbb2222 8888dddd4444 5555cccc3333");
  EXPECT_EQ(Resolve("base"), "");
}

TEST_F(ResolveTest, CurrentIsWhereTheDatabaseIs) {
  EXPECT_EQ(Resolve("current", "5555cccc3333 6ee0aaaa1111"), "5555cccc3333 6ee0aaaa1111");
  EXPECT_EQ(Resolve("billing@current", "5555cccc3333 6ee0aaaa1111"), "6ee0aaaa1111");
}

TEST_F(ResolveTest, ABranchNarrowsToItsLineage) {
  EXPECT_EQ(Resolve("billing@heads"), "7777bbbb2222 8888dddd4444");
  EXPECT_EQ(Resolve("6ee0aaaa@head"), "7777bbbb2222");
  EXPECT_EQ(Resolve("billing@base"), "");
  EXPECT_EQ(Resolve("billing@1f2e"), "1f2e3d4c5b6a");
  EXPECT_EQ(Resolve("8888@6ee0"), "6ee06edc35dd");
  EXPECT_THAT(Resolve("billing@head"),
              StartsWith("multiple_heads: branch billing has several heads: 7777bbbb2222 and 8888dddd4444"));
}

TEST_F(ResolveTest, ARevisionOfAnotherBranchIsRefused) {
  EXPECT_EQ(Resolve("billing@5555"),
            "not_in_branch: revision 5555cccc3333 is not a member of branch billing | "
            "leave out `billing@`, or name a revision above or below 6ee06edc35dd");
}

TEST_F(ResolveTest, StepsCountFromARevision) {
  EXPECT_EQ(Resolve("7777-2"), "6ee06edc35dd");
  EXPECT_EQ(Resolve("6ee0aaaa+1"), "7777bbbb2222");
  EXPECT_EQ(Resolve("7777-0"), "7777bbbb2222");
  EXPECT_EQ(Resolve("7777-4"), "");
}

TEST_F(ResolveTest, StepsCountFromWhereTheDatabaseIs) {
  EXPECT_EQ(Resolve("-1", "7777bbbb2222"), "6ee0aaaa1111");
  EXPECT_EQ(Resolve("+1", "6ee0aaaa1111"), "7777bbbb2222");
  EXPECT_EQ(Resolve("+1"), "1f2e3d4c5b6a");
}

TEST_F(ResolveTest, StepsUpGoAlongTheBranch) {
  EXPECT_EQ(Resolve("billing@base+2"), "6ee06edc35dd");
  EXPECT_EQ(Resolve("billing@+1", "5555cccc3333"), "6ee06edc35dd");
  EXPECT_EQ(Resolve("7777@head-1"), "6ee0aaaa1111");
  EXPECT_EQ(Resolve("7777@billing+1"), "6ee0aaaa1111");
}

TEST_F(ResolveTest, StepsThatCouldGoSeveralWaysAreRefused) {
  EXPECT_EQ(Resolve("billing+1"),
            "ambiguous_walk: \"billing+1\" is ambiguous: 6ee06edc35dd is followed by 6ee0aaaa1111 and 8888dddd4444 | "
            "name the revision to go to, or a branch as in `6ee0aaaa1111@+1`");
  EXPECT_EQ(Resolve("-1", "7777bbbb2222 5555cccc3333"),
            "ambiguous_walk: \"-1\" is ambiguous: the database is at 7777bbbb2222 and 5555cccc3333 | "
            "name the revision to start from, as in `7777bbbb2222-1`, or a branch as in `LABEL@-1`");
  const RevisionGraph merge = GraphOf("a; b; m < a,b");
  EXPECT_EQ(Show(merge, ResolveRevisions(merge, "m-1", {})),
            "ambiguous_walk: \"m-1\" is ambiguous: m merges a and b | name the revision to go to");
}

TEST_F(ResolveTest, WalkingPastTheEdgeSaysHowFarItGot) {
  EXPECT_EQ(Resolve("6ee0aaaa+5"),
            "edge: \"6ee0aaaa+5\" walks past the last revision: it got 1 of 5 steps, to 7777bbbb2222 | "
            "`heads` goes as far as there are revisions");
  EXPECT_EQ(Resolve("-9", "7777bbbb2222"),
            "edge: \"-9\" walks past the first revision: it got 4 of 9 steps, to base | "
            "`base` goes back to before the first revision");
  EXPECT_EQ(Resolve("base-1"),
            "edge: \"base-1\" walks past the first revision: it got 0 of 1 steps, to base | "
            "`base` goes back to before the first revision");
  EXPECT_THAT(Resolve("7777+99999999999999999999"), StartsWith("edge: "));
}

TEST_F(ResolveTest, NothingToGoBackFromIsTheEdgeToo) {
  EXPECT_THAT(Resolve("-1"), StartsWith("edge: \"-1\" walks past the first revision: nothing is applied"));
  EXPECT_THAT(Resolve("billing@-1", "5555cccc3333"), StartsWith("edge: "));
}

TEST_F(ResolveTest, WhatHasNoFormOfAnIdentifierIsRefused) {
  for (const char* text : {"", "@", "@head", "billing@", "a@b@c", "+", "-", "6ee0+", "a b", "a:b", "1+2+3", "+1x"}) {
    EXPECT_THAT(Resolve(text), StartsWith("invalid_identifier: ")) << text;
  }
}

TEST_F(ResolveTest, OneRevisionIsWantedWhereOneIsMeant) {
  EXPECT_EQ(Show(graph_, ResolveRevision(graph_, "7777", {})), "7777bbbb2222");
  EXPECT_THAT(Show(graph_, ResolveRevision(graph_, "base", {})), StartsWith("unknown_revision: "));
  EXPECT_THAT(Show(graph_, ResolveRevision(graph_, "heads", {})), StartsWith("multiple_heads: "));
}

TEST_F(ResolveTest, RowsOfTheVersionTableAreFullIds) {
  EXPECT_EQ(Show(graph_, ResolveRows(graph_, Names("7777bbbb2222 7777bbbb2222"), false)), "7777bbbb2222");
  EXPECT_EQ(Show(graph_, ResolveRows(graph_, Names("7777bbbb2222 7777 aaaa"), false)),
            "ahead: the database is at 7777, aaaa, which no script has | "
            "add the missing scripts, or use the image that applied them");
}

TEST_F(ResolveTest, RowsThatAPersonTypesMayBeShort) {
  EXPECT_EQ(Show(graph_, ResolveRows(graph_, Names("7777 5555"), true)), "7777bbbb2222 5555cccc3333");
  EXPECT_THAT(Show(graph_, ResolveRows(graph_, Names("6ee0"), true)), StartsWith("ambiguous_prefix: "));
  EXPECT_THAT(Show(graph_, ResolveRows(graph_, Names("7778"), true)), StartsWith("unknown_revision: "));
}

class HistoryTest : public testing::Test {
 protected:
  std::string History(std::string_view range, std::string_view rows = "") const {
    return Show(graph_, ResolveHistory(graph_, ParseRange(range).value(), Names(rows)));
  }

  RevisionGraph graph_ = GraphOf("a; b < a; c < b; d < c; x; y < x needs b");
};

TEST_F(HistoryTest, OfEverythingIsNewestFirst) { EXPECT_EQ(History(":"), "y x d c b a"); }

TEST_F(HistoryTest, OfARangeIsWhatLiesBetweenItsEnds) {
  EXPECT_EQ(History("b:c"), "c b");
  EXPECT_EQ(History("b:"), "d c b");
  EXPECT_EQ(History(":b"), "b a");
}

TEST_F(HistoryTest, GoesDownOverDependenciesAndUpOverRevises) {
  EXPECT_EQ(History(":y"), "y x b a");
  EXPECT_EQ(History("b:y"), "b");
}

TEST_F(HistoryTest, CountsFromTheOtherEnd) {
  EXPECT_EQ(History("-2:current", "c"), "c b a");
  EXPECT_EQ(History("b:+1"), "c b");
}

TEST_F(HistoryTest, RefusesARangeThatGoesDown) {
  EXPECT_EQ(History("c:a"),
            "not_reachable: revision c is not below a | a range goes from the older revision to the newer one");
}

}  // namespace
}  // namespace sluice
