#include "operator/k8s/backoff.h"

#include <gtest/gtest.h>

namespace sluice::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using TimePoint = std::chrono::steady_clock::time_point;

TEST(BackoffTest, DoublesUpToTheLongest) {
  Backoff backoff;
  TimePoint now;
  std::vector<int> pauses;
  for (int i = 0; i < 8; ++i) pauses.push_back(static_cast<int>(backoff.Next(now += seconds(30), 0).count()));
  EXPECT_EQ(pauses, (std::vector<int>{800, 1600, 3200, 6400, 12800, 25600, 30000, 30000}));
}

TEST(BackoffTest, ChanceAddsUpToTheJitter) {
  Backoff whole;
  EXPECT_EQ(whole.Next({}, 0.5), milliseconds(1200));
  EXPECT_LT(whole.Next({}, 0.999999), milliseconds(3200));
  Backoff none({.jitter = 0});
  EXPECT_EQ(none.Next({}, 0.9), milliseconds(800));
}

TEST(BackoffTest, ForgetsAfterAWhileWithoutFailures) {
  Backoff backoff;
  TimePoint now;
  backoff.Next(now, 0);
  backoff.Next(now, 0);
  EXPECT_EQ(backoff.Next(now + seconds(119), 0), milliseconds(3200));
  EXPECT_EQ(backoff.Next(now + seconds(119 + 120), 0), milliseconds(800));
}

TEST(BackoffTest, BeginsAnewAfterSuccess) {
  Backoff backoff;
  backoff.Next({}, 0);
  backoff.Next({}, 0);
  backoff.Reset();
  EXPECT_EQ(backoff.Next({}, 0), milliseconds(800));
}

}  // namespace
}  // namespace sluice::kube
