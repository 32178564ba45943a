#include "operator/migration/time_zone.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

#include <random>
#include <string>

#include "core/base/file_system.h"

namespace sluice::migration {
namespace {

using std::chrono::seconds;

std::string ZoneFile(const std::string& name) {
  Result<std::string> bytes = ReadFile("/usr/share/zoneinfo/" + name);
  EXPECT_TRUE(bytes.ok()) << name;
  return bytes.ok() ? *bytes : std::string();
}

TimeZone Zone(const std::string& name) { return TimeZone::Parse(ZoneFile(name)).value_or(TimeZone()); }

LocalSeconds Local(int year, unsigned month, unsigned day, int hour, int minute) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  return std::chrono::local_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute);
}

SysSeconds Utc(int year, unsigned month, unsigned day, int hour, int minute) {
  return SysSeconds(Local(year, month, day, hour, minute).time_since_epoch());
}

// The C library's own answer, with a zone for the whole process.
class LibraryZone {
 public:
  explicit LibraryZone(const std::string& name) {
    setenv("TZ", (":" + name).c_str(), 1);
    tzset();
  }
  ~LibraryZone() {
    unsetenv("TZ");
    tzset();
  }
  long OffsetAt(SysSeconds time) const {
    const time_t moment = time.time_since_epoch().count();
    tm broken_down = {};
    localtime_r(&moment, &broken_down);
    return broken_down.tm_gmtoff;
  }
};

TEST(TimeZoneTest, KnowsWhatTheCLibraryKnows) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> moments(-2'000'000'000, 5'000'000'000);  // 1906 to 2128
  for (const char* name : {"UTC", "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Sao_Paulo",
                           "America/Nuuk", "Asia/Kolkata", "Asia/Tehran", "Asia/Jerusalem", "Africa/Casablanca",
                           "Australia/Lord_Howe", "Pacific/Auckland", "Antarctica/Troll", "Pacific/Apia"}) {
    const TimeZone zone = Zone(name);
    const LibraryZone library(name);
    for (int i = 0; i < 2000; ++i) {
      const SysSeconds time{seconds(moments(random))};
      ASSERT_EQ(zone.OffsetAt(time).count(), library.OffsetAt(time)) << name << " " << time.time_since_epoch().count();
    }
  }
}

TEST(TimeZoneTest, ATimeThatIsLeftOutIsWhenTheClockGoesOn) {
  const TimeZone berlin = Zone("Europe/Berlin");
  EXPECT_EQ(berlin.FirstAt(Local(2026, 3, 29, 2, 30)), Utc(2026, 3, 29, 1, 30));
  EXPECT_EQ(berlin.LastAt(Local(2026, 3, 29, 2, 30)), Utc(2026, 3, 29, 1, 30));
  EXPECT_EQ(berlin.FirstAt(Local(2026, 3, 29, 3, 0)), Utc(2026, 3, 29, 1, 0));
}

TEST(TimeZoneTest, ATimeThatComesTwiceHasAFirstAndALast) {
  const TimeZone berlin = Zone("Europe/Berlin");
  EXPECT_EQ(berlin.FirstAt(Local(2026, 10, 25, 2, 30)), Utc(2026, 10, 25, 0, 30));
  EXPECT_EQ(berlin.LastAt(Local(2026, 10, 25, 2, 30)), Utc(2026, 10, 25, 1, 30));
  EXPECT_EQ(berlin.LastAt(Local(2026, 10, 25, 1, 59)), Utc(2026, 10, 24, 23, 59));
}

TEST(TimeZoneTest, WhatIsCutOrNoZoneIsRefused) {
  const std::string whole = ZoneFile("Europe/Berlin");
  ASSERT_TRUE(TimeZone::Parse(whole).has_value());
  for (std::size_t size = 0; size + 40 < whole.size(); size += 7) {
    EXPECT_FALSE(TimeZone::Parse(whole.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(TimeZone::Parse(std::string(500, '\xFF')).has_value());
  EXPECT_FALSE(TimeZone::Parse("TZif2" + std::string(200, '\x7F')).has_value());
}

}  // namespace
}  // namespace sluice::migration
