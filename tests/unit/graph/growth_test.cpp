// Graphs far larger than any project: what is not linear does not come to an end here, what recurses overflows the
// stack.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/graph/migration_plan.h"
#include "tests/unit/graph/graph_text.h"

namespace sluice {
namespace {

constexpr int kLength = 200'000;

std::string Id(int number) { return "r" + std::to_string(number); }

Revision MakeRevision(int number, std::vector<std::string> parents) {
  Revision revision;
  revision.id = Id(number);
  revision.down_revisions = std::move(parents);
  return revision;
}

RevisionGraph Build(std::vector<Revision> revisions) {
  auto graph = RevisionGraph::Build(std::move(revisions));
  EXPECT_TRUE(graph.ok());
  return std::move(graph).value();
}

RevisionGraph LongLine() {
  std::vector<Revision> revisions{MakeRevision(0, {})};
  for (int i = 1; i < kLength; ++i) revisions.push_back(MakeRevision(i, {Id(i - 1)}));
  return Build(std::move(revisions));
}

// 0 is followed by 1 and 2, which 3 merges and which is followed by 4 and 5, …
RevisionGraph ChainOfDiamonds(int diamonds) {
  std::vector<Revision> revisions{MakeRevision(0, {})};
  for (int i = 0; i < diamonds; ++i) {
    const int top = 3 * i;
    revisions.push_back(MakeRevision(top + 1, {Id(top)}));
    revisions.push_back(MakeRevision(top + 2, {Id(top)}));
    revisions.push_back(MakeRevision(top + 3, {Id(top + 1), Id(top + 2)}));
  }
  return Build(std::move(revisions));
}

// Every revision is a branch of its own, and one of them depends on all others.
RevisionGraph ManyBranches() {
  std::vector<Revision> revisions{MakeRevision(0, {})};
  Revision last = MakeRevision(kLength, {});
  for (int i = 1; i < kLength; ++i) {
    revisions.push_back(MakeRevision(i, {Id(0)}));
    last.depends_on.push_back(Id(i));
  }
  revisions.push_back(std::move(last));
  return Build(std::move(revisions));
}

std::size_t CountEdits(const MigrationPlan& plan) {
  std::size_t edits = 0;
  for (const PlannedStep& step : plan.steps) edits += step.rows.remove.size() + step.rows.add.size();
  return edits;
}

TEST(Growth, ALongLineGoesUpAndDown) {
  const RevisionGraph graph = LongLine();
  const auto up = PlanUpgrade(graph, {}, {"head"}, PhaseFilter::kAll);
  ASSERT_TRUE(up.ok());
  EXPECT_EQ(up->steps.size(), std::size_t{kLength});
  EXPECT_EQ(CountEdits(*up), 2u * kLength - 1);
  const auto down = PlanDowngrade(graph, {Id(kLength - 1)}, "-" + std::to_string(kLength));
  ASSERT_TRUE(down.ok());
  EXPECT_EQ(down->steps.size(), std::size_t{kLength});
  EXPECT_EQ(CountEdits(*down), 2u * kLength - 1);
}

TEST(Growth, DiamondsDoNotDoubleTheWork) {
  constexpr int kDiamonds = kLength / 3;
  const RevisionGraph graph = ChainOfDiamonds(kDiamonds);
  const auto up = PlanUpgrade(graph, {}, {"head"}, PhaseFilter::kAll);
  ASSERT_TRUE(up.ok());
  EXPECT_EQ(up->steps.size(), 3u * kDiamonds + 1);
  EXPECT_EQ(CountEdits(*up), 1u + 6u * kDiamonds);
  const auto down = PlanDowngrade(graph, up->rows_at_end, "base");
  ASSERT_TRUE(down.ok());
  EXPECT_EQ(down->steps.size(), up->steps.size());
  EXPECT_EQ(CountEdits(*down), CountEdits(*up));
}

TEST(Growth, ManyHeadsAndManyDependenciesAreOnlyMany) {
  const RevisionGraph graph = ManyBranches();
  EXPECT_EQ(graph.heads().size(), std::size_t{kLength});
  const auto up = PlanUpgrade(graph, {}, {"heads"}, PhaseFilter::kAll);
  ASSERT_TRUE(up.ok());
  EXPECT_THAT(up->rows_at_end, testing::ElementsAre(Id(kLength)));
  const auto stamp = PlanStamp(graph, {Id(1), Id(2)}, {"r0@heads"}, false);
  ASSERT_TRUE(stamp.ok());
  EXPECT_EQ(stamp->rows_at_end.size(), std::size_t{kLength - 1});
  const auto down = PlanDowngrade(graph, up->rows_at_end, "base");
  ASSERT_TRUE(down.ok());
  EXPECT_EQ(down->steps.size(), graph.size());
}

TEST(Growth, ALongCircleIsFound) {
  std::vector<Revision> revisions;
  for (int i = 0; i < kLength; ++i) revisions.push_back(MakeRevision(i, {Id((i + 1) % kLength)}));
  const auto graph = RevisionGraph::Build(std::move(revisions));
  ASSERT_FALSE(graph.ok());
  EXPECT_EQ(graph.error().code, ErrorCode::kCycle);
}

}  // namespace
}  // namespace sluice
