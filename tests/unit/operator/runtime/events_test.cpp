#include "operator/runtime/events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/operator/k8s/fake_clock.h"
#include "tests/unit/operator/k8s/fake_wire.h"

namespace sluice::runtime {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;

class EventsTest : public testing::Test {
 protected:
  // What the API server was told: 1 for a new Event, else the count of the series.
  std::vector<int> Told() const {
    std::vector<int> told;
    for (const http::Request& request : wire_.requests) {
      const auto body = kube::ParseJson(request.body);
      told.push_back(request.method == "POST" ? 1 : static_cast<int>(kube::NumberAt(*body, {"series", "count"})));
    }
    return told;
  }

  kube::FakeWire wire_;
  kube::FakeLogin login_;
  kube::FakeClock clock_;
  kube::WallTime wall_ = *kube::ParseTime("2026-11-26T11:16:08Z");
  kube::Client client_{wire_, login_, "sluice/test"};
  EventRecorder events_{client_, "sluice.dev/operator", "operator-1", clock_, [this] { return wall_; }};
  EventNews news_{
      {"sluice.dev/v1alpha1", "SchemaMigration", "shop", "api", "u-1"}, true, "MigrationFailed", "Migrate", "why"};
};

TEST_F(EventsTest, AnEventSaysWhatHappenedToWhat) {
  events_.Record(news_);
  ASSERT_EQ(wire_.requests.size(), 1U);
  EXPECT_EQ(wire_.requests[0].target, "/apis/events.k8s.io/v1/namespaces/shop/events");
  const auto event = *kube::ParseJson(wire_.requests[0].body);
  EXPECT_EQ(kube::TextAt(event, {"type"}), "Warning");
  EXPECT_EQ(kube::TextAt(event, {"reason"}), "MigrationFailed");
  EXPECT_EQ(kube::TextAt(event, {"eventTime"}), "2026-11-26T11:16:08.000000Z");
  EXPECT_EQ(kube::TextAt(event, {"regarding", "uid"}), "u-1");
  EXPECT_TRUE(kube::TextAt(event, {"metadata", "name"}).starts_with("api."));
}

TEST_F(EventsTest, LikeEventsAreASeriesOfFewWrites) {
  for (int i = 0; i < 1000; ++i) {
    news_.note = "attempt " + std::to_string(i);
    events_.Record(news_);
    clock_.now += seconds(1);
  }
  EXPECT_THAT(Told(), ElementsAre(1, 2));
  events_.Sweep();
  EXPECT_THAT(Told(), ElementsAre(1, 2));
  clock_.now += minutes(6);
  events_.Sweep();
  events_.Sweep();
  EXPECT_THAT(Told(), ElementsAre(1, 2, 1000));
}

TEST_F(EventsTest, WhatIsAboutSomethingElseIsNoSeries) {
  for (const char* generation : {"1", "2", "3"}) {
    news_.topic = generation;
    events_.Record(news_);
  }
  EXPECT_THAT(Told(), ElementsAre(1, 1, 1));
}

TEST_F(EventsTest, ASeriesThatGoesOnIsToldEachHalfHour) {
  for (int i = 0; i < 61; ++i) {
    events_.Record(news_);
    clock_.now += minutes(1);
  }
  EXPECT_THAT(Told(), ElementsAre(1, 2, 32));
}

TEST_F(EventsTest, AfterSixMinutesItIsAnotherEvent) {
  events_.Record(news_);
  clock_.now += minutes(6);
  wall_ += minutes(6);
  events_.Record(news_);
  EXPECT_THAT(Told(), ElementsAre(1, 1));
  EXPECT_NE(wire_.requests[0].body, wire_.requests[1].body);
}

TEST_F(EventsTest, EventsOfOtherObjectsOrReasonsAreNoSeries) {
  events_.Record(news_);
  news_.regarding.name = "web";
  events_.Record(news_);
  news_.reason = "Migrated";
  events_.Record(news_);
  EXPECT_THAT(Told(), ElementsAre(1, 1, 1));
}

TEST_F(EventsTest, LongNotesAreCutBetweenCharacters) {
  news_.note.clear();
  for (int i = 0; i < 1000; ++i) news_.note += "漢";
  events_.Record(news_);
  const auto event = kube::ParseJson(wire_.requests[0].body);
  ASSERT_TRUE(event.has_value());
  EXPECT_LE(kube::TextAt(*event, {"note"}).size(), 1024U);
}

TEST_F(EventsTest, WhatHasEndedIsForgotten) {
  EventSeries series;
  series.Record(news_, clock_.now, wall_);
  EXPECT_EQ(series.size(), 1U);
  EXPECT_TRUE(series.Due(clock_.now + minutes(7)).empty());
  EXPECT_EQ(series.size(), 0U);
}

}  // namespace
}  // namespace sluice::runtime
