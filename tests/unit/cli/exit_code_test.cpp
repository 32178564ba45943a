#include "cmd/sluice/exit_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file_system.h"

namespace sluice::cli {
namespace {

using ::testing::HasSubstr;

TEST(ExitCodeTest, ACommitBeforeTheFailureMakesADifference) {
  EXPECT_EQ(ExitCodeFor(ErrorCode::kStatementFailed, /*committed=*/false), ExitCode::kFailed);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kStatementFailed, /*committed=*/true), ExitCode::kFailedPartly);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kLockBudget, /*committed=*/false), ExitCode::kLockBudget);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kLockBudget, /*committed=*/true), ExitCode::kLockBudgetPartly);
}

TEST(ExitCodeTest, MistakesOfTheUserAreToldFromFailures) {
  EXPECT_EQ(ExitCodeFor(ErrorCode::kUsage), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kConfig), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kUnreachable), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kBehindContract), ExitCode::kNotUpToDate);
}

// kInternal is the last of the list.
TEST(ExitCodeTest, TheDocumentationHasEveryErrorCodeWithItsExitCode) {
  const Result<std::string> page = ReadFile(SLUICE_SOURCE_DIRECTORY "/docs/exit-codes.md");
  ASSERT_TRUE(page.ok());
  for (int number = 0; number <= static_cast<int>(ErrorCode::kInternal); ++number) {
    const auto code = static_cast<ErrorCode>(number);
    const std::size_t row = page->find("\n| `" + std::string(ErrorCodeName(code)) + "` | ");
    ASSERT_NE(row, std::string::npos) << ErrorCodeName(code);
    const std::string line = page->substr(row + 1, page->find('\n', row + 1) - row - 1);
    EXPECT_THAT(line, HasSubstr(std::to_string(static_cast<int>(ExitCodeFor(code))))) << line;
  }
}

}  // namespace
}  // namespace sluice::cli
