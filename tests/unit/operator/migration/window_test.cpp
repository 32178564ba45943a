#include "operator/migration/window.h"

#include <gtest/gtest.h>

#include "operator/k8s/time_text.h"

namespace sluice::migration {
namespace {

std::string Opens(std::string_view window, const std::string& now) {
  const Result<api::Time> opens = WindowOpens(window, *kube::ParseTime(now));
  return opens.ok() ? kube::TimeText(*opens) : opens.error().message;
}

TEST(WindowTest, WithoutOneItIsOpen) { EXPECT_EQ(Opens("", "2026-11-26T12:00:00Z"), "2026-11-26T12:00:00Z"); }

TEST(WindowTest, OpensOnItsDayInItsZone) {
  // 2026-11-26 is a Thursday; Berlin is an hour ahead in winter.
  EXPECT_EQ(Opens("Sat 02:00-05:00 Europe/Berlin", "2026-11-26T12:00:00Z"), "2026-11-28T01:00:00Z");
  EXPECT_EQ(Opens("Sat 02:00-05:00 Europe/Berlin", "2026-11-28T03:59:59Z"), "2026-11-28T03:59:59Z");
  EXPECT_EQ(Opens("Sat 02:00-05:00 Europe/Berlin", "2026-11-28T04:00:00Z"), "2026-12-05T01:00:00Z");
  EXPECT_EQ(Opens("Sat 02:00-05:00 Europe/Berlin", "2026-07-02T00:00:00Z"), "2026-07-04T00:00:00Z");
  EXPECT_EQ(Opens("02:00-05:00", "2026-11-26T12:00:00Z"), "2026-11-27T02:00:00Z");
  EXPECT_EQ(Opens("Mon-Wed,Fri 02:00-05:00", "2026-11-26T01:00:00Z"), "2026-11-27T02:00:00Z");
  EXPECT_EQ(Opens("Sat-Mon 02:00-05:00", "2026-11-29T06:00:00Z"), "2026-11-30T02:00:00Z");
}

TEST(WindowTest, ANightBelongsToTheDayOnWhichItBegins) {
  EXPECT_EQ(Opens("Fri 22:00-04:00", "2026-11-28T03:00:00Z"), "2026-11-28T03:00:00Z");
  EXPECT_EQ(Opens("Fri 22:00-04:00", "2026-11-27T03:00:00Z"), "2026-11-27T22:00:00Z");
  EXPECT_EQ(Opens("00:00-00:00", "2026-11-27T03:00:00Z"), "2026-11-27T03:00:00Z");
}

TEST(WindowTest, ClocksArePutForward) {
  // On 2026-03-29 Berlin goes from 02:00 to 03:00, which is 01:00 UTC.
  EXPECT_EQ(Opens("Sun 02:30-05:00 Europe/Berlin", "2026-03-29T00:00:00Z"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(Opens("Sun 01:00-02:30 Europe/Berlin", "2026-03-29T00:59:59Z"), "2026-03-29T00:59:59Z");
  EXPECT_EQ(Opens("Sun 01:00-02:30 Europe/Berlin", "2026-03-29T01:00:00Z"), "2026-04-04T23:00:00Z");
}

TEST(WindowTest, ClocksArePutBack) {
  // On 2026-10-25 Berlin has the hour from 02:00 twice: from 00:00 and from 01:00 UTC.
  EXPECT_EQ(Opens("Sun 02:30-05:00 Europe/Berlin", "2026-10-24T23:00:00Z"), "2026-10-25T00:30:00Z");
  EXPECT_EQ(Opens("Sun 01:00-02:30 Europe/Berlin", "2026-10-25T01:29:59Z"), "2026-10-25T01:29:59Z");
}

TEST(WindowTest, WhatIsNoWindowIsSaid) {
  for (const char* window :
       {"Caturday 02:00-05:00", "02:00", "2:00-5:00", "02:00-05:61", "24:00-05:00", "Sat", "Sat-02:00-05:00",
        "Sat 02:00-05:00-06:00", "Sat 02:00-05:00 Europe/Berlin now", "Mon-Caturday 02:00-05:00", " "}) {
    EXPECT_NE(Opens(window, "2026-11-26T12:00:00Z").find("this is no window in time"), std::string::npos) << window;
  }
  EXPECT_NE(Opens("Sat 02:00-05:00 Europe/Atlantis", "2026-11-26T12:00:00Z").find("Europe/Atlantis is not known"),
            std::string::npos);
}

}  // namespace
}  // namespace sluice::migration
