#include "core/graph/revision_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/graph/graph_text.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::string Ids(const RevisionGraph& graph, const std::vector<NodeId>& nodes) {
  return Show(graph, Result<std::vector<NodeId>>(nodes));
}

std::string BuildError(std::string_view revisions) {
  const auto graph = RevisionGraph::Build(RevisionsOf(revisions));
  return graph.ok() ? "built" : Show(graph.error());
}

TEST(RevisionGraph, KeepsBothKindsOfEdgesInBothDirections) {
  const RevisionGraph graph = GraphOf("a; b < a; c < a; m < c,b; x needs b");
  EXPECT_EQ(Ids(graph, graph.parents(graph.Find("m"))), "c b");
  EXPECT_EQ(Ids(graph, graph.children(graph.Find("a"))), "b c");
  EXPECT_EQ(Ids(graph, graph.dependencies(graph.Find("x"))), "b");
  EXPECT_EQ(Ids(graph, graph.dependents(graph.Find("b"))), "x");
}

TEST(RevisionGraph, ResolvesDependenciesByIdAndByLabel) {
  const RevisionGraph graph = GraphOf("a is billing; x needs billing; y needs a");
  EXPECT_EQ(Ids(graph, graph.dependents(graph.Find("a"))), "x y");
}

TEST(RevisionGraph, TakesAnEdgeThatIsWrittenTwiceOnce) {
  const RevisionGraph graph = GraphOf("a is billing; b < a,a needs a,billing");
  EXPECT_EQ(Ids(graph, graph.parents(graph.Find("b"))), "a");
  EXPECT_EQ(Ids(graph, graph.dependencies(graph.Find("b"))), "a");
}

TEST(RevisionGraph, HasHeadsAndBasesOverRevisesOnly) {
  const RevisionGraph graph = GraphOf("a; b < a; x needs b; y < x");
  EXPECT_EQ(Ids(graph, graph.heads()), "b y");
  EXPECT_EQ(Ids(graph, graph.bases()), "a x");
}

TEST(RevisionGraph, MayBeEmpty) {
  const RevisionGraph graph = GraphOf("");
  EXPECT_EQ(graph.size(), 0u);
  EXPECT_THAT(graph.heads(), IsEmpty());
}

TEST(RevisionGraph, FindsIdsLabelsAndBeginnings) {
  const RevisionGraph graph = GraphOf("6ee06edc35dd is billing; 6ee0ffff0000; 7777aaaa8888");
  EXPECT_EQ(graph.Find("6ee0ffff0000"), 1u);
  EXPECT_EQ(graph.Find("6ee0"), RevisionGraph::kNoNode);
  EXPECT_EQ(graph.FindLabel("billing"), 0u);
  EXPECT_EQ(graph.FindLabel("7777aaaa8888"), RevisionGraph::kNoNode);
  EXPECT_EQ(Ids(graph, graph.FindPrefix("6ee0")), "6ee06edc35dd 6ee0ffff0000");
}

TEST(RevisionGraph, OffersIdsAndLabelsThatLookLikeATypo) {
  const RevisionGraph graph = GraphOf("6ee06edc35dd is billing; 77770000ffff");
  EXPECT_THAT(graph.NearMatches("6ee06dec35dd"), ElementsAre("6ee06edc35dd"));
  EXPECT_THAT(graph.NearMatches("6ee6"), ElementsAre("6ee06edc35dd"));
  EXPECT_THAT(graph.NearMatches("biling"), ElementsAre("billing"));
  EXPECT_THAT(graph.NearMatches("frobnicate"), IsEmpty());
}

TEST(BranchLabels, ReachAllThatFollows) {
  const RevisionGraph graph = GraphOf("a; b < a is billing; c < a; d < b; m < d,c; x needs d");
  EXPECT_THAT(graph.LabelsOf(graph.Find("a")), IsEmpty());
  EXPECT_THAT(graph.LabelsOf(graph.Find("b")), ElementsAre("billing"));
  EXPECT_THAT(graph.LabelsOf(graph.Find("m")), ElementsAre("billing"));
  EXPECT_THAT(graph.LabelsOf(graph.Find("c")), IsEmpty());
  EXPECT_THAT(graph.LabelsOf(graph.Find("x")), IsEmpty());
}

TEST(BranchLabels, OfAnUnbranchedLineReachBackToWhereItBegins) {
  const RevisionGraph graph = GraphOf("a; b < a; c < b; d < c is billing; e < d; z < a");
  EXPECT_THAT(graph.LabelsOf(graph.Find("b")), ElementsAre("billing"));
  EXPECT_THAT(graph.LabelsOf(graph.Find("a")), IsEmpty());
}

TEST(BranchLabels, MeetInAMerge) {
  const RevisionGraph graph = GraphOf("a is sales; b is billing; m < a,b");
  EXPECT_THAT(graph.LabelsOf(graph.Find("m")), ElementsAre("billing", "sales"));
}

TEST(BrokenGraph, NamesAParentThatNoScriptHasAndWhatIsLikeIt) {
  EXPECT_EQ(BuildError("6ee06edc35dd; b < 6ee06dec35dd"),
            "missing_revision: revision b revises 6ee06dec35dd, which no script has | did you mean \"6ee06edc35dd\"?");
  EXPECT_EQ(BuildError("a; b < 6ee0"),
            "missing_revision: revision b revises 6ee0, which no script has | add the script of 6ee0, or mend "
            "`Revises:` of b");
}

TEST(BrokenGraph, NamesADependencyThatIsNeitherRevisionNorLabel) {
  EXPECT_THAT(
      BuildError("a; b needs 6ee0"),
      StartsWith("missing_revision: revision b depends on 6ee0, which is neither a revision nor a branch label"));
}

TEST(BrokenGraph, NamesAnIdThatTwoScriptsHave) {
  EXPECT_EQ(BuildError("a; a"), "duplicate_revision: two scripts have the revision id a | give one of them another id");
}

TEST(BrokenGraph, NamesALabelThatTwoRevisionsHave) {
  EXPECT_THAT(BuildError("a is x; b is x"),
              StartsWith("duplicate_label: revisions a and b both have the branch label x"));
  EXPECT_THAT(BuildError("a is x,x"), StartsWith("duplicate_label: revision a has the branch label x twice"));
  EXPECT_THAT(BuildError("a; b is a"),
              StartsWith("duplicate_label: branch label a of revision b is the id of a revision"));
}

TEST(BrokenGraph, PrintsTheLoop) {
  EXPECT_EQ(BuildError("a < c; b < a; c < b"),
            "cycle: revisions follow each other in a circle: a revises c, c revises b, b revises a | "
            "change `Revises:` or `Depends-On:` of one of them");
  EXPECT_THAT(BuildError("a; b < a needs c; c < b; d < c"),
              StartsWith("cycle: revisions follow each other in a circle: b depends on c, c revises b"));
}

TEST(BrokenGraph, FindsALoopBetweenABaseAndAHead) {
  EXPECT_THAT(BuildError("base0; a < base0,b; b < a; head0 < b"), StartsWith("cycle: "));
}

TEST(BrokenGraph, NamesARevisionThatFollowsItself) {
  EXPECT_THAT(BuildError("a < a"), StartsWith("cycle: revision a revises itself"));
  EXPECT_THAT(BuildError("a needs a"), StartsWith("cycle: revision a depends on itself"));
  EXPECT_THAT(BuildError("a is billing needs billing"), StartsWith("cycle: revision a depends on itself"));
}

TEST(BrokenGraph, RefusesNamesThatMeanSomethingElse) {
  for (const char* id : {"head", "heads", "base", "current", "a@b", "a+1", "a-1", "a:b"}) {
    EXPECT_THAT(BuildError(id), StartsWith("invalid_identifier: ")) << id;
  }
  EXPECT_EQ(BuildError("r\xc3\xa9vision"), "built");
}

TEST(BrokenGraph, ReportsEverythingThatIsWrongAtOnce) {
  const auto graph = RevisionGraph::Build(RevisionsOf("a < x; a; b is head; c < d; d < c; e < f; f < e"));
  ASSERT_FALSE(graph.ok());
  std::vector<ErrorCode> codes{graph.error().code};
  for (const Error& error : graph.error().also) codes.push_back(error.code);
  EXPECT_THAT(codes, ElementsAre(ErrorCode::kDuplicateRevision, ErrorCode::kInvalidIdentifier,
                                 ErrorCode::kMissingRevision, ErrorCode::kCycle, ErrorCode::kCycle));
}

}  // namespace
}  // namespace sluice
