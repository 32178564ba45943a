#include "cmd/sluice/run_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace sluice::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr RunKind kUpgrade{StepKind::kUpgrade, TransactionMode::kEachSection};
constexpr RunKind kDryRun{StepKind::kUpgrade, TransactionMode::kRollBack};

RunReport OneOfTwo() {
  RunReport report;
  report.planned = 2;
  report.finished.push_back({StepKind::kUpgrade, "6ee0", "add tenant webhook", std::chrono::milliseconds(12)});
  report.rows_after = {"6ee0"};
  return report;
}

RunReport Failed(ErrorCode code) {
  RunReport report = OneOfTwo();
  report.error = MakeError(code, "no");
  return report;
}

TEST(RunExitCodeTest, TellsWhetherSomethingWasCommitted) {
  EXPECT_EQ(RunExitCode(OneOfTwo(), kUpgrade, 0), ExitCode::kDone);
  EXPECT_EQ(RunExitCode(Failed(ErrorCode::kStatementFailed), kUpgrade, 0), ExitCode::kFailedPartly);
  EXPECT_EQ(RunExitCode(Failed(ErrorCode::kLockBudget), kUpgrade, 0), ExitCode::kLockBudgetPartly);
}

TEST(RunExitCodeTest, ADryRunCommitsNothing) {
  EXPECT_EQ(RunExitCode(Failed(ErrorCode::kStatementFailed), kDryRun, 0), ExitCode::kFailed);
}

TEST(RunExitCodeTest, KnowsTheSignal) {
  EXPECT_EQ(RunExitCode(Failed(ErrorCode::kInterrupted), kUpgrade, SIGINT), ExitCode::kInterrupted);
  EXPECT_EQ(RunExitCode(Failed(ErrorCode::kInterrupted), kUpgrade, SIGTERM), ExitCode::kTerminated);
}

TEST(RenderRunTest, AFailureTellsHowFarItCame) {
  EXPECT_EQ(RenderRun(Failed(ErrorCode::kStatementFailed), kUpgrade, Palette(false)),
            "Applied 1 of 2 revisions in 12 ms; the database is at 6ee0\n");
}

TEST(RenderRunTest, AFailureBeforeThePlanHasNothingToTell) {
  RunReport report;
  report.error = MakeError(ErrorCode::kUnknownRevision, "no");
  EXPECT_THAT(RenderRun(report, kUpgrade, Palette(false)), IsEmpty());
}

TEST(RenderRunTest, PartialWorkIsNeverHidden) {
  RunReport report = Failed(ErrorCode::kStatementFailed);
  report.partial = PartialRevision{"9a8b", Direction::kUpgrade, 2, 3, false};
  EXPECT_THAT(RenderRun(report, kUpgrade, Palette(false)),
              HasSubstr("Revision 9a8b is applied in part: 2 of 3 parts of its upgrade are done.\n"));
}

}  // namespace
}  // namespace sluice::cli
