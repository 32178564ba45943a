#include "operator/k8s/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/operator/k8s/fake_wire.h"

namespace sluice::kube {
namespace {

using testing::HasSubstr;

class ClientTest : public testing::Test {
 protected:
  std::string Header(std::size_t request, std::string_view name) const {
    for (const http::Header& header : wire_.requests.at(request).headers) {
      if (header.name == name) return header.value;
    }
    return {};
  }

  // Names of what a list or a watch told.
  ObjectSink Names() {
    return [this](const Json& object) {
      names_.push_back(TextAt(object, {"metadata", "name"}));
      return Status();
    };
  }
  WatchSink WatchNames() {
    return [this](const WatchEvent& event) {
      names_.push_back(TextAt(event.object, {"metadata", "name"}));
      return Status();
    };
  }

  FakeWire wire_;
  FakeLogin login_;
  Client client_{wire_, login_, "sluice/test"};
  std::vector<std::string> names_;
};

constexpr char kStatus403[] =
    R"({"kind":"Status","status":"Failure","reason":"Forbidden","code":403,"message":"pods is forbidden: User \"x\" cannot list"})";

TEST(ObjectPathTest, CoreAndGroups) {
  EXPECT_EQ(ObjectPath({kPods, "shop", "api-1"}), "/api/v1/namespaces/shop/pods/api-1");
  EXPECT_EQ(ObjectPath({kPods, "", ""}), "/api/v1/pods");
  EXPECT_EQ(ObjectPath({kLeases, "a/b", "", "status"}), "/apis/coordination.k8s.io/v1/namespaces/a%2Fb/leases/status");
}

TEST_F(ClientTest, AListIsReadPageByPage) {
  wire_.answers = {
      {200, R"({"metadata":{"resourceVersion":"7","continue":"next/+"},"items":[{"metadata":{"name":"a"}}]})"},
      {200, R"({"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"b"}}]})"}};
  const auto end = client_.List({.resource = kPods, .namespace_name = "shop", .label_selector = "app in (a)"}, Names());
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(end->resource_version, "7");
  EXPECT_EQ(names_, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(wire_.requests[0].target, "/api/v1/namespaces/shop/pods?labelSelector=app%20in%20%28a%29&limit=500");
  EXPECT_EQ(wire_.requests[1].target,
            "/api/v1/namespaces/shop/pods?labelSelector=app%20in%20%28a%29&limit=500&continue=next%2F%2B");
  EXPECT_EQ(Header(0, "Authorization"), "Bearer token-0");
  EXPECT_EQ(Header(0, "User-Agent"), "sluice/test");
}

TEST_F(ClientTest, AListThatTookTooLongIsGone) {
  wire_.answers = {{200, R"({"metadata":{"continue":"x"},"items":[]})"},
                   {410, R"({"kind":"Status","code":410,"reason":"Expired","message":"too old"})"}};
  EXPECT_EQ(client_.List({.resource = kPods}, Names()).error().failure, ApiFailure::kGone);
}

TEST_F(ClientTest, AListThatIsCutIsNotWhole) {
  wire_.answers = {{200, R"({"metadata":{},"items":[{"metadata":{"name":"a"}},)"}};
  const auto end = client_.List({.resource = kPods}, Names());
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::kConnectionLost);
  EXPECT_TRUE(end.error().may_pass());
}

TEST_F(ClientTest, ARefusalHasTheServersWords) {
  wire_.answers = {{403, kStatus403}};
  const auto end = client_.List({.resource = kPods}, Names());
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().failure, ApiFailure::kForbidden);
  EXPECT_EQ(end.error().code, ErrorCode::kPermission);
  EXPECT_THAT(end.error().message, HasSubstr("pods is forbidden"));
  EXPECT_FALSE(end.error().may_pass());
}

TEST_F(ClientTest, ALoginThatIsRefusedIsRenewedOnce) {
  wire_.answers = {{401, "{}"}, {200, "{}"}};
  EXPECT_TRUE(client_.Get({kPods, "shop", "a"}).ok());
  EXPECT_EQ(Header(1, "Authorization"), "Bearer token-1");
  wire_.answers = {{401, "{}"}, {401, "{}"}, {200, "{}"}};
  EXPECT_EQ(client_.Get({kPods, "shop", "a"}).error().failure, ApiFailure::kDenied);
}

TEST_F(ClientTest, WhoeverObservesIsToldOfEachAnswer) {
  std::vector<std::pair<std::string, int>> answers;
  client_.Observe([&](const std::string& method, int status) { answers.emplace_back(method, status); });
  wire_.answers = {{401, "{}"}, {200, "{}"}};
  EXPECT_TRUE(client_.Get({kPods, "shop", "api"}).ok());
  EXPECT_FALSE(client_.MergePatch({kPods, "shop", "api"}, Json::object()).ok());  // no answer comes
  EXPECT_EQ(answers, (std::vector<std::pair<std::string, int>>{{"GET", 401}, {"GET", 200}, {"PATCH", 0}}));
}

TEST_F(ClientTest, FailuresAreToldApart) {
  const std::vector<std::pair<FakeWire::Answer, ApiFailure>> cases = {
      {{404, "{}"}, ApiFailure::kNotFound},
      {{409, R"({"kind":"Status","reason":"AlreadyExists"})"}, ApiFailure::kExists},
      {{409, R"({"kind":"Status","reason":"Conflict"})"}, ApiFailure::kConflict},
      {{422, "{}"}, ApiFailure::kInvalid},
      {{500, "<html>"}, ApiFailure::kServer},
      {{504, ""}, ApiFailure::kServer},
      {{418, ""}, ApiFailure::kOther},
  };
  for (const auto& [answer, failure] : cases) {
    wire_.answers = {answer};
    EXPECT_EQ(client_.Get({kPods, "shop", "a"}).error().failure, failure) << answer.status;
  }
  EXPECT_EQ(client_.Get({kPods, "shop", "a"}).error().failure, ApiFailure::kConnection);
}

TEST_F(ClientTest, RetryAfterIsRead) {
  wire_.answers = {{429, "{}", {{"Retry-After", "7"}}}};
  const auto got = client_.Get({kPods, "shop", "a"});
  EXPECT_EQ(got.error().retry_after, std::chrono::seconds(7));
  EXPECT_TRUE(got.error().may_pass());
  EXPECT_GT(client_.asked_to_wait(), std::chrono::seconds(6));
  EXPECT_LE(client_.asked_to_wait(), std::chrono::seconds(7));
  wire_.answers = {{429, "{}", {{"Retry-After", "99999999999999999999"}}}};
  EXPECT_EQ(client_.Get({kPods, "shop", "a"}).error().retry_after.count(), 0);
}

TEST_F(ClientTest, AWatchGoesOnWhereItStopped) {
  wire_.answers = {{200, R"({"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"8"}}})"
                         "\n"
                         R"({"type":"ADDED","object":{"metadata":{"na)"}};
  const auto end = client_.Watch({.resource = kPods, .resource_version = "7"}, WatchNames());
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(end->resource_version, "8");
  EXPECT_EQ(names_, std::vector<std::string>{"a"});
  EXPECT_EQ(wire_.requests[0].target,
            "/api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion=7&timeoutSeconds=300");
}

TEST_F(ClientTest, AWatchThatIsCutAfterEventsHasEnded) {
  wire_.answers = {{200,
                    R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"8"}}})"
                    "\n",
                    {},
                    MakeError(ErrorCode::kConnectionLost, "cut")}};
  EXPECT_EQ(client_.Watch({.resource = kPods}, WatchNames())->resource_version, "8");
}

TEST_F(ClientTest, AWatchThatNobodyAnswersIsAnError) {
  wire_.answers = {{200, "", {}, MakeError(ErrorCode::kConnectionLost, "cut")}};
  EXPECT_EQ(client_.Watch({.resource = kPods}, WatchNames()).error().failure, ApiFailure::kConnection);
  wire_.answers = {{410, "{}"}};
  EXPECT_EQ(client_.Watch({.resource = kPods}, WatchNames()).error().failure, ApiFailure::kGone);
}

TEST_F(ClientTest, AnErrorEventOfAWatchIsAnError) {
  wire_.answers = {{200, R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}})"
                         "\n"
                         R"({"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"8"}}})"
                         "\n"}};
  EXPECT_EQ(client_.Watch({.resource = kPods}, WatchNames()).error().failure, ApiFailure::kGone);
  EXPECT_TRUE(names_.empty());
}

TEST_F(ClientTest, InitialEventsAreAskedForByWatchList) {
  wire_.answers = {{200, ""}};
  ASSERT_TRUE(client_.Watch({.resource = kPods, .initial_events = true}, WatchNames()).ok());
  EXPECT_THAT(wire_.requests[0].target, HasSubstr("&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"));
}

TEST_F(ClientTest, Writes) {
  for (int i = 0; i < 5; ++i) wire_.answers.push_back({200, R"({"metadata":{"name":"a"}})"});
  const Json object{{"metadata", {{"name", "a"}}}};
  ASSERT_TRUE(client_.Create({kPods, "shop", ""}, object).ok());
  ASSERT_TRUE(client_.Replace({kLeases, "shop", "a"}, object).ok());
  ASSERT_TRUE(client_.MergePatch({kPods, "shop", "a", "status"}, object).ok());
  ASSERT_TRUE(client_.Apply({kPods, "shop", "a"}, object, "sluice operator", true).ok());
  ASSERT_TRUE(client_.Delete({kPods, "shop", "a"}, Json{{"uid", "1"}}).ok());
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < 5; ++i) {
    lines.push_back(wire_.requests[i].method + " " + wire_.requests[i].target + " " + Header(i, "Content-Type"));
  }
  EXPECT_EQ(lines,
            (std::vector<std::string>{"POST /api/v1/namespaces/shop/pods application/json",
                                      "PUT /apis/coordination.k8s.io/v1/namespaces/shop/leases/a application/json",
                                      "PATCH /api/v1/namespaces/shop/pods/a/status application/merge-patch+json",
                                      "PATCH /api/v1/namespaces/shop/pods/a?fieldManager=sluice%20operator&force=true "
                                      "application/apply-patch+yaml",
                                      "DELETE /api/v1/namespaces/shop/pods/a application/json"}));
  EXPECT_EQ(wire_.requests[0].body, R"({"metadata":{"name":"a"}})");
  EXPECT_THAT(wire_.requests[4].body, HasSubstr(R"("preconditions":{"uid":"1"})"));
}

}  // namespace
}  // namespace sluice::kube
