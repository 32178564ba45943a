#include "operator/runtime/wall_clock.h"

#include <gtest/gtest.h>

namespace sluice::runtime {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class WallClockTest : public testing::Test {
 protected:
  void Pass(seconds time, seconds set = seconds(0)) {
    wall_ += time + set;
    steady_ += time;
    clock_.Now();
  }

  WallClock::Time wall_{hours(1'000)};
  WallClock::Steady steady_{hours(7)};
  WallClock clock_{[this] { return wall_; }, [this] { return steady_; }};
};

TEST_F(WallClockTest, TimeThatPassesIsNoJump) {
  Pass(seconds(0));
  Pass(hours(1'000), seconds(1));
  Pass(seconds(5), seconds(-1));
  EXPECT_EQ(clock_.times_set(), 0);
  EXPECT_EQ(clock_.ForwardSince({}), seconds(0));
  EXPECT_EQ(clock_.Now(), wall_);
}

TEST_F(WallClockTest, BeingSetIsNoticedOnce) {
  Pass(seconds(5), hours(2));
  Pass(seconds(5));
  EXPECT_EQ(clock_.times_set(), 1);
  Pass(seconds(5), hours(-3));
  Pass(seconds(5));
  EXPECT_EQ(clock_.times_set(), 2);
}

TEST_F(WallClockTest, WhatBeganBeforeGetsTheTimeThatWasNone) {
  const WallClock::Time before = wall_;
  Pass(minutes(1), hours(2));
  const WallClock::Time between = wall_;
  Pass(minutes(1), hours(1));
  EXPECT_EQ(clock_.ForwardSince(before), hours(3));
  EXPECT_EQ(clock_.ForwardSince(between), hours(1));
  EXPECT_EQ(clock_.ForwardSince(wall_), seconds(0));
}

TEST_F(WallClockTest, BeingPutBackTakesNothingAway) {
  const WallClock::Time before = wall_;
  Pass(minutes(1), hours(-1));
  EXPECT_EQ(clock_.ForwardSince(before), seconds(0));
}

}  // namespace
}  // namespace sluice::runtime
