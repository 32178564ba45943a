#include "core/base/duration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

milliseconds Parsed(std::string_view text) {
  const auto duration = ParseDuration(text);
  EXPECT_TRUE(duration.ok()) << text;
  return duration.ok() ? *duration : milliseconds{-1};
}

std::string Refused(std::string_view text) {
  const auto duration = ParseDuration(text);
  return duration.ok() ? "accepted as " + FormatDuration(*duration) : duration.error().message;
}

TEST(DurationTest, ReadsEachUnit) {
  EXPECT_EQ(Parsed("250ms"), milliseconds{250});
  EXPECT_EQ(Parsed("1s"), milliseconds{1'000});
  EXPECT_EQ(Parsed("5m"), milliseconds{300'000});
  EXPECT_EQ(Parsed("2h"), milliseconds{7'200'000});
  EXPECT_EQ(Parsed("1d"), milliseconds{86'400'000});
}

TEST(DurationTest, AddsSeveralUnitsAndFractions) {
  EXPECT_EQ(Parsed("1h30m"), milliseconds{5'400'000});
  EXPECT_EQ(Parsed("1m2s3ms"), milliseconds{62'003});
  EXPECT_EQ(Parsed("1.5s"), milliseconds{1'500});
  EXPECT_EQ(Parsed("0.25m"), milliseconds{15'000});
}

TEST(DurationTest, ZeroNeedsNoUnit) {
  EXPECT_EQ(Parsed("0"), milliseconds{0});
  EXPECT_EQ(Parsed("0s"), milliseconds{0});
}

TEST(DurationTest, ANumberWithoutAUnitIsRefused) {
  EXPECT_EQ(Refused("30"), "`30` is not a duration: the unit is missing");
  EXPECT_THAT(ParseDuration("30").error().hint, HasSubstr("30s"));
}

TEST(DurationTest, RefusesWhatIsNoDuration) {
  EXPECT_THAT(Refused(""), HasSubstr("empty"));
  EXPECT_THAT(Refused("s"), HasSubstr("a number is missing"));
  EXPECT_THAT(Refused("-1s"), HasSubstr("a number is missing"));
  EXPECT_THAT(Refused("1 s"), HasSubstr("the unit is missing"));
  EXPECT_THAT(Refused("1min"), HasSubstr("its units are"));
  EXPECT_THAT(Refused("1s1s"), HasSubstr("its units are"));
  EXPECT_THAT(Refused("1s1h"), HasSubstr("the largest first"));
  EXPECT_THAT(Refused("1.s"), HasSubstr("fraction"));
  EXPECT_THAT(Refused("1.5h1s"), HasSubstr("only its last number"));
  EXPECT_THAT(Refused("0.5ms"), HasSubstr("finer than a millisecond"));
}

TEST(DurationTest, RefusesWhatPostgresTimeoutsCanNotHold) {
  EXPECT_EQ(Parsed("2147483647ms"), milliseconds{2'147'483'647});
  EXPECT_THAT(Refused("2147483648ms"), HasSubstr("longer than 24 days"));
  EXPECT_THAT(Refused("24d24h"), HasSubstr("longer than 24 days"));
  EXPECT_THAT(Refused("99999999999999999999s"), HasSubstr("longer than 24 days"));
}

TEST(DurationTest, WritesTheShortestText) {
  EXPECT_EQ(FormatDuration(milliseconds{0}), "0");
  EXPECT_EQ(FormatDuration(milliseconds{250}), "250ms");
  EXPECT_EQ(FormatDuration(milliseconds{1'500}), "1s500ms");
  EXPECT_EQ(FormatDuration(milliseconds{300'000}), "5m");
  EXPECT_EQ(FormatDuration(milliseconds{5'400'000}), "1h30m");
}

}  // namespace
}  // namespace sluice
