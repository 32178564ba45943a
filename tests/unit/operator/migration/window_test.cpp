#include "operator/migration/window.h"

#include <gtest/gtest.h>

#include <string>

#include "core/base/file_system.h"
#include "operator/k8s/time_text.h"

namespace sluice::migration {
namespace {

// When the window opens, as a time of RFC 3339; `now` when it is open.
std::string Opens(const std::string& text, const std::string& now) {
  const std::optional<Window> window = ParseWindow(text);
  if (!window) return "no window";
  TimeZone zone;
  if (!window->zone.empty()) zone = *TimeZone::Parse(*ReadFile("/usr/share/zoneinfo/" + window->zone));
  const api::Time time = *kube::ParseTime(now);
  const api::Time opens = WindowOpens(*window, zone, time);
  return opens == time ? "now" : kube::TimeText(opens);
}

// 2026-11-28 is a Saturday.
TEST(WindowTest, OpensOnItsDayAtItsTime) {
  const std::string window = "Sat 02:00-05:00 Europe/Berlin";
  EXPECT_EQ(Opens(window, "2026-11-26T11:00:00Z"), "2026-11-28T01:00:00Z");
  EXPECT_EQ(Opens(window, "2026-11-28T00:59:59Z"), "2026-11-28T01:00:00Z");
  EXPECT_EQ(Opens(window, "2026-11-28T01:00:00Z"), "now");
  EXPECT_EQ(Opens(window, "2026-11-28T03:59:59Z"), "now");
  EXPECT_EQ(Opens(window, "2026-11-28T04:00:00Z"), "2026-12-05T01:00:00Z");
}

TEST(WindowTest, FollowsTheClockOnTheWall) {
  const std::string window = "Sat,Sun 02:00-05:00 Europe/Berlin";
  EXPECT_EQ(Opens(window, "2026-07-03T12:00:00Z"), "2026-07-04T00:00:00Z");
  // In spring 02:00 isn't there: it opens when the clock shows 03:00. In autumn 02:00 comes twice: at the first.
  EXPECT_EQ(Opens(window, "2026-03-28T12:00:00Z"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(Opens(window, "2026-03-29T02:59:59Z"), "now");
  EXPECT_EQ(Opens(window, "2026-03-29T03:00:00Z"), "2026-04-04T00:00:00Z");
  EXPECT_EQ(Opens(window, "2026-10-24T12:00:00Z"), "2026-10-25T00:00:00Z");
  EXPECT_EQ(Opens(window, "2026-10-25T03:59:59Z"), "now");
  EXPECT_EQ(Opens("Sun 01:00-02:30 Europe/Berlin", "2026-10-25T01:29:59Z"), "now");
}

TEST(WindowTest, MayGoOnIntoTheNextDay) {
  const std::string window = "Fri 22:00-04:00";
  EXPECT_EQ(Opens(window, "2026-11-27T21:59:00Z"), "2026-11-27T22:00:00Z");
  EXPECT_EQ(Opens(window, "2026-11-28T03:59:00Z"), "now");
  EXPECT_EQ(Opens(window, "2026-11-28T04:00:00Z"), "2026-12-04T22:00:00Z");
}

TEST(WindowTest, EveryDayAndWeeksThatWrap) {
  EXPECT_EQ(Opens("02:00-05:00", "2026-11-26T11:00:00Z"), "2026-11-27T02:00:00Z");
  EXPECT_EQ(Opens("Sat-Mon 02:00-05:00", "2026-11-26T11:00:00Z"), "2026-11-28T02:00:00Z");
  EXPECT_EQ(Opens("Sat-Mon 02:00-05:00", "2026-11-30T03:00:00Z"), "now");
  EXPECT_EQ(Opens("Mon-Wed,Fri 02:00-05:00", "2026-11-26T11:00:00Z"), "2026-11-27T02:00:00Z");
  EXPECT_EQ(Opens("Thu 10:00-10:00", "2026-11-27T09:59:00Z"), "now");
}

TEST(WindowTest, WhatIsNoWindow) {
  for (const char* text : {"", " ", "Sat", "Sat 02:00", "Sat 02:00-05", "Sat 2:00-5:00", "Saturday 02:00-05:00",
                           "Sat 24:00-05:00", "Sat 02:60-05:00", "Sat 02:00-05:00 ", "Sat 02:00-05:00 ../etc/passwd",
                           "Sat 02:00-05:00 /etc", "Sat 02:00-05:00 Europe/Berlin x", "Sat- 02:00-05:00",
                           "Sat-Sun-Mon 02:00-05:00", "Sat, 02:00-05:00", "Sat 0a:00-05:00"}) {
    EXPECT_FALSE(ParseWindow(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace sluice::migration
