#include "operator/k8s/list_reader.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sluice::kube {
namespace {

struct Taken {
  Status status;
  std::vector<std::string> names;
  ListReader reader;
};

Taken Take(const std::string& bytes, std::size_t size = 7) {
  Taken taken;
  const ObjectSink sink = [&](const Json& object) {
    taken.names.push_back(TextAt(object, {"metadata", "name"}));
    return Status();
  };
  for (std::size_t i = 0; i < bytes.size() && taken.status.ok(); i += size) {
    taken.status = taken.reader.Feed(std::string_view(bytes).substr(i, size), sink);
  }
  if (taken.status.ok()) taken.status = taken.reader.End();
  return taken;
}

constexpr char kPodList[] =
    R"({"kind":"PodList","apiVersion":"v1",)"
    R"( "metadata" : {"resourceVersion":"4711","continue":"abc\"}","remainingItemCount":12},)"
    R"("items":[{"metadata":{"name":"a{\"}]"}, "spec":{"x":[1,{"y":"\\"}]}} , {"metadata":{"name":"é"}}],"n":12.5e3})";

TEST(ListReaderTest, PiecesOfAnySizeMakeTheSameObjects) {
  for (std::size_t size = 1; size < sizeof kPodList; ++size) {
    const Taken taken = Take(kPodList, size);
    ASSERT_TRUE(taken.status.ok()) << size << ": " << taken.status.error().message;
    EXPECT_EQ(taken.names, (std::vector<std::string>{"a{\"}]", "é"})) << size;
    EXPECT_EQ(taken.reader.resource_version(), "4711");
    EXPECT_EQ(taken.reader.continuation(), "abc\"}");
    EXPECT_EQ(taken.reader.remaining(), 12);
  }
}

TEST(ListReaderTest, MetadataMayStandBehindTheItems) {
  const Taken taken = Take(R"({"items":[{"metadata":{"name":"a"}}],"metadata":{"resourceVersion":"1"}})");
  ASSERT_TRUE(taken.status.ok());
  EXPECT_EQ(taken.reader.resource_version(), "1");
}

TEST(ListReaderTest, NoItemsAreNoTrouble) {
  EXPECT_TRUE(Take(R"({"metadata":{},"items":[]})").status.ok());
  EXPECT_TRUE(Take(R"({"metadata":{},"items":null})").status.ok());
  EXPECT_TRUE(Take("{}\n").status.ok());
}

TEST(ListReaderTest, AListThatIsCutIsAnError) {
  const std::string whole = kPodList;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Taken taken = Take(whole.substr(0, size));
    ASSERT_FALSE(taken.status.ok()) << size;
    EXPECT_EQ(taken.status.error().code, ErrorCode::kConnectionLost) << size;
  }
}

TEST(ListReaderTest, WhatIsNoListIsRefused) {
  for (const char* text : {"[]", "<html>", R"({"items":{}})", R"({"items":[1]})", R"({"items":[{]})", R"({"a" 1})",
                           R"({"items":[{"a":tru}]})", R"({"items":[{}{}]})", R"({}{})", R"({"a":1 2})"}) {
    const Taken taken = Take(text);
    ASSERT_FALSE(taken.status.ok()) << text;
  }
}

TEST(ListReaderTest, AnObjectWithoutEndIsRefused) {
  EXPECT_FALSE(Take(R"({"items":[{"a":")" + std::string(kLargestObject + 100, 'x'), 4096).status.ok());
  EXPECT_FALSE(Take(R"({"items":[{"a":)" + std::string(kLargestObject + 100, '['), 4096).status.ok());
  EXPECT_FALSE(Take(R"({"metadata":)" + std::string(kLargestObject + 100, '['), 4096).status.ok());
}

TEST(ListReaderTest, TheSinkEndsTheReading) {
  ListReader reader;
  const Status status =
      reader.Feed(kPodList, [](const Json&) { return Status(MakeError(ErrorCode::kInterrupted, "enough")); });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kInterrupted);
}

}  // namespace
}  // namespace sluice::kube
