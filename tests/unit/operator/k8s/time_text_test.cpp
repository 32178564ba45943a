#include "operator/k8s/time_text.h"

#include <gtest/gtest.h>

namespace sluice::kube {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

TEST(TimeTextTest, WhatIsWrittenIsRead) {
  const WallTime time{seconds(1'795'691'768) + microseconds(12'345)};
  EXPECT_EQ(TimeText(time), "2026-11-26T11:16:08Z");
  EXPECT_EQ(MicroTimeText(time), "2026-11-26T11:16:08.012345Z");
  EXPECT_EQ(ParseTime(MicroTimeText(time)), time);
}

TEST(TimeTextTest, ZonesAndDecimals) {
  const WallTime time{seconds(1'795'691'768)};
  EXPECT_EQ(ParseTime("2026-11-26T13:16:08+02:00"), time);
  EXPECT_EQ(ParseTime("2026-11-26T05:46:08-05:30"), time);
  EXPECT_EQ(ParseTime("2026-11-26T11:16:08.5Z"), time + microseconds(500'000));
  EXPECT_EQ(ParseTime("2026-11-26T11:16:08.123456789Z"), time + microseconds(123'456));
}

TEST(TimeTextTest, AFarTimeIsTheFarthestOne) {
  EXPECT_EQ(TimeText(*ParseTime("4826-01-01T00:00:00Z")), "2200-01-01T00:00:00Z");
  EXPECT_EQ(TimeText(*ParseTime("9999-12-31T23:59:59.999999-23:59")), "2200-01-01T00:00:00Z");
  EXPECT_EQ(TimeText(*ParseTime("0000-01-01T00:00:00+23:59")), "1700-01-01T00:00:00Z");
}

TEST(TimeTextTest, WhatIsNoTimeIsRefused) {
  for (const char* text : {"", "null", "2026-11-26", "2026-11-26T11:16Z", "2026-02-30T00:00:00Z",
                           "2026-13-01T00:00:00Z", "2026-11-26T24:00:00Z", "2026-11-26T11:16:08",
                           "2026-11-26T11:16:08.Z", "2026-11-26T11:16:08Zx", "2026-11-26 11:16:08Z"}) {
    EXPECT_FALSE(ParseTime(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace sluice::kube
