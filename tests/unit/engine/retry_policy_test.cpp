// How lock trouble is tried again.
#include "core/engine/retry_policy.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

using std::chrono::milliseconds;

const RetryPolicy kPolicy(milliseconds(1'000), milliseconds(10'000));

TEST(RetryPolicyTest, LocksThatAreNotHadAndDeadlocksAreTriedAgain) {
  EXPECT_TRUE(IsLockTrouble("55P03"));
  EXPECT_TRUE(IsLockTrouble("40P01"));
  EXPECT_FALSE(IsLockTrouble("57014"));
}

TEST(RetryPolicyTest, AttemptsWaitLongerAndLongerUpToTheLockTimeout) {
  EXPECT_EQ(kPolicy.LockTimeout(0, milliseconds(0)), milliseconds(100));
  EXPECT_EQ(kPolicy.LockTimeout(1, milliseconds(0)), milliseconds(200));
  EXPECT_EQ(kPolicy.LockTimeout(20, milliseconds(0)), milliseconds(1'000));
}

TEST(RetryPolicyTest, AShortLockTimeoutIsKeptFromTheFirstAttemptOn) {
  EXPECT_EQ(RetryPolicy(milliseconds(30), milliseconds(10'000)).LockTimeout(0, milliseconds(0)), milliseconds(30));
}

TEST(RetryPolicyTest, NoAttemptWaitsLongerThanWhatIsLeftOfTheBudget) {
  EXPECT_EQ(kPolicy.LockTimeout(5, milliseconds(9'900)), milliseconds(100));
}

// lock_timeout = 0 would mean to wait for ever.
TEST(RetryPolicyTest, ASpentBudgetStillGivesALockTimeout) {
  EXPECT_EQ(kPolicy.LockTimeout(5, milliseconds(10'000)), milliseconds(1));
}

TEST(RetryPolicyTest, PausesDoubleAndVaryByHalf) {
  EXPECT_EQ(kPolicy.Pause(0, 0.5), milliseconds(50));
  EXPECT_EQ(kPolicy.Pause(3, 0.5), milliseconds(400));
  EXPECT_EQ(kPolicy.Pause(3, 0.0), milliseconds(200));
  EXPECT_LE(kPolicy.Pause(1'000, 0.99), milliseconds(7'500));
}

TEST(RetryPolicyTest, NothingBeginsAfterTheBudget) {
  EXPECT_TRUE(kPolicy.MayRetry(milliseconds(9'000), milliseconds(999)));
  EXPECT_FALSE(kPolicy.MayRetry(milliseconds(9'000), milliseconds(1'000)));
}

}  // namespace
}  // namespace sluice
