// Expand and contract: what `upgrade --phase expand` applies and what waits.
#include <gmock/gmock.h>

#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ExecutionPhasesTest : public MigrationTest {
 protected:
  void WriteContract(const std::string& id, const std::string& down_revisions) {
    Write(id, down_revisions,
          "-- sluice:upgrade\nCREATE TABLE " + id + " (id int);\n-- sluice:downgrade\nDROP TABLE " + id + ";\n",
          "-- Phase: contract\n");
  }
  RunReport Expand(const std::vector<std::string>& targets = {"heads"}) {
    UpgradeRequest request;
    request.targets = targets;
    request.phase = PhaseFilter::kExpand;
    return Upgrade(request);
  }
  // `revision<contract` of everything that waits.
  static std::vector<std::string> Waiting(const RunReport& report) {
    std::vector<std::string> waiting;
    for (const WaitingRevision& one : report.waiting) waiting.push_back(one.revision + "<" + one.contract);
    return waiting;
  }
};

TEST_F(ExecutionPhasesTest, AContractRevisionAtTheEndOfAChainWaits) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  WriteContract("c3", "b2");
  const RunReport report = Expand();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
  EXPECT_THAT(Waiting(report), ElementsAre("c3<c3"));
  const RunReport rest = Upgrade();
  ASSERT_FALSE(rest.error) << Why(rest);
  EXPECT_THAT(VersionRows(), ElementsAre("c3"));
  EXPECT_THAT(Expand().waiting, IsEmpty());
}

TEST_F(ExecutionPhasesTest, WhatDescendsFromAContractRevisionWaitsToo) {
  WriteTable("a1", "");
  WriteContract("b2", "a1");
  WriteTable("c3", "b2");
  const RunReport report = Expand();
  EXPECT_THAT(VersionRows(), ElementsAre("a1"));
  EXPECT_THAT(Waiting(report), ElementsAre("b2<b2", "c3<b2"));
}

TEST_F(ExecutionPhasesTest, AnotherBranchGoesOn) {
  WriteTable("a1", "");
  WriteContract("b2", "a1");
  WriteTable("c3", "a1");
  WriteTable("d4", "c3");
  const RunReport report = Expand();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_THAT(VersionRows(), ElementsAre("d4"));
  EXPECT_THAT(Waiting(report), ElementsAre("b2<b2"));
  ASSERT_FALSE(Upgrade({"heads"}).error);
  EXPECT_THAT(VersionRows(), UnorderedElementsAre("b2", "d4"));
}

TEST_F(ExecutionPhasesTest, AMergeWaitsForTheContractBranch) {
  WriteTable("a1", "");
  WriteContract("b2", "a1");
  WriteTable("c3", "a1");
  WriteTable("d4", "b2, c3");
  const RunReport report = Expand();
  EXPECT_THAT(VersionRows(), ElementsAre("c3"));
  EXPECT_THAT(Waiting(report), ElementsAre("b2<b2", "d4<b2"));
  ASSERT_FALSE(Upgrade().error);
  EXPECT_THAT(VersionRows(), ElementsAre("d4"));
}

TEST_F(ExecutionPhasesTest, ADependencyOnAContractRevisionWaits) {
  WriteContract("a1", "");
  WriteTable("b2", "");
  Write("c3", "b2", "-- sluice:upgrade\nCREATE TABLE c3 (id int);\n-- sluice:downgrade\nDROP TABLE c3;\n",
        "-- Depends-On: a1\n");
  const RunReport report = Expand();
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));
  EXPECT_THAT(Waiting(report), UnorderedElementsAre("a1<a1", "c3<a1"));
}

TEST_F(ExecutionPhasesTest, TheContractRevisionOfAnEarlierReleaseIsAppliedByNameFirst) {
  WriteTable("a1", "");
  WriteContract("b2", "a1");
  WriteTable("c3", "b2");
  WriteContract("d4", "c3");
  ASSERT_FALSE(Upgrade({"b2"}).error);
  const RunReport report = Expand();
  ASSERT_FALSE(report.error) << Why(report);
  EXPECT_THAT(VersionRows(), ElementsAre("c3"));
  EXPECT_THAT(Waiting(report), ElementsAre("d4<d4"));
}

TEST_F(ExecutionPhasesTest, ADowngradeTakesBothPhasesBack) {
  WriteTable("a1", "");
  WriteContract("b2", "a1");
  ASSERT_FALSE(Upgrade().error);
  ASSERT_FALSE(Downgrade("base").error);
  EXPECT_THAT(VersionRows(), IsEmpty());
}

}  // namespace
}  // namespace sluice::testing
