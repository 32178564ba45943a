#include "operator/k8s/watch_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "operator/k8s/list_reader.h"

namespace sluice::kube {
namespace {

struct Taken {
  Status status;
  std::vector<std::string> told;
  WatchReader reader;
};

Taken Take(const std::string& bytes, std::size_t size = 5) {
  Taken taken;
  const WatchSink sink = [&](const WatchEvent& event) {
    constexpr const char* kKinds[] = {"added", "modified", "deleted", "bookmark"};
    taken.told.push_back(std::string(kKinds[static_cast<int>(event.kind)]) + " " +
                         TextAt(event.object, {"metadata", "name"}) + "@" + event.resource_version +
                         (event.initial_end ? " all" : ""));
    return Status();
  };
  for (std::size_t i = 0; i < bytes.size() && taken.status.ok(); i += size) {
    taken.status = taken.reader.Feed(std::string_view(bytes).substr(i, size), sink);
  }
  return taken;
}

constexpr char kStream[] =
    R"({"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"}}})"
    "\n"
    R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"2","annotations":{"k8s.io/initial-events-end":"true"}}}})"
    "\n\n"
    R"({"type":"MODIFIED","object":{"metadata":{"name":"a","resourceVersion":"3"}}})"
    "\r\n"
    R"({"type":"DELETED","object":{"metadata":{"name":"a","resourceVersion":"4"}}})"
    "\n"
    R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}})"
    "\n";

TEST(WatchReaderTest, PiecesOfAnySizeMakeTheSameEvents) {
  for (std::size_t size = 1; size < sizeof kStream; ++size) {
    const Taken taken = Take(kStream, size);
    ASSERT_TRUE(taken.status.ok()) << size;
    EXPECT_EQ(taken.told,
              (std::vector<std::string>{"added a@1", "bookmark @2 all", "modified a@3", "deleted a@4", "bookmark @9"}))
        << size;
    EXPECT_EQ(taken.reader.resource_version(), "9");
  }
}

TEST(WatchReaderTest, HalfALineAtTheEndIsNothing) {
  const Taken taken = Take(std::string(kStream).append(R"({"type":"ADDED","object":{"metad)"));
  EXPECT_TRUE(taken.status.ok());
  EXPECT_EQ(taken.told.size(), 5U);
  EXPECT_EQ(taken.reader.resource_version(), "9");
}

TEST(WatchReaderTest, AnErrorEventEndsIt) {
  const Taken taken = Take(
      R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"}})"
      "\n" +
          std::string(kStream),
      1000);
  ASSERT_TRUE(taken.status.ok());
  ASSERT_TRUE(taken.reader.error().has_value());
  EXPECT_EQ(taken.reader.error()->failure, ApiFailure::kGone);
  EXPECT_TRUE(taken.told.empty());
}

TEST(WatchReaderTest, AnErrorEventMayAskToComeBackLater) {
  const Taken taken = Take(R"({"type":"ERROR","object":{"kind":"Status","code":429,"details":{"retryAfterSeconds":3}}})"
                           "\n");
  ASSERT_TRUE(taken.reader.error().has_value());
  EXPECT_EQ(taken.reader.error()->failure, ApiFailure::kTooManyRequests);
  EXPECT_EQ(taken.reader.error()->retry_after, std::chrono::seconds(3));
}

TEST(WatchReaderTest, WhatIsNoEventIsRefused) {
  for (const char* line : {"<html>", "{}", R"({"type":"ADDED"})", R"({"type":"ADDED","object":{}})",
                           R"({"type":"MOVED","object":{"metadata":{"resourceVersion":"1"}}})",
                           R"({"type":1,"object":{"metadata":{"resourceVersion":"1"}}})", "[1]"}) {
    EXPECT_FALSE(Take(std::string(line) + "\n").status.ok()) << line;
  }
  EXPECT_FALSE(Take(std::string(kLargestObject + 100, 'x'), 65536).status.ok());
}

}  // namespace
}  // namespace sluice::kube
