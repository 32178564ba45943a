#include "operator/k8s/other_pods.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/operator/k8s/fake_clock.h"
#include "tests/unit/operator/k8s/fake_wire.h"

namespace sluice::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

std::string Pod(const std::string& name, const std::string& image, const std::string& more = "",
                const std::string& phase = "Running", const std::string& metadata = "") {
  return R"({"metadata":{"name":")" + name + "\"" + metadata + R"(},"spec":{"containers":[{"name":"app","image":")" +
         image + "\"}" + more + R"(]},"status":{"phase":")" + phase + "\"}}";
}

std::string List(const std::vector<std::string>& pods) {
  std::string text = R"({"metadata":{"resourceVersion":"1"},"items":[)";
  for (std::size_t i = 0; i < pods.size(); ++i) text += (i > 0 ? "," : "") + pods[i];
  return text + "]}";
}

class OtherPodsTest : public testing::Test {
 protected:
  OtherPods Find(const std::vector<std::string>& pods) {
    wire_.answers = {{200, List(pods)}};
    const auto found = FindOtherPods(client_, query_, seconds(1));
    EXPECT_TRUE(found.ok());
    return *found;
  }
  OtherPodsReport Wait() { return WaitForOtherPods(client_, query_, wait_, clock_); }

  FakeWire wire_;
  FakeLogin login_;
  Client client_{wire_, login_, "sluice/test"};
  OtherPodsQuery query_{"shop", "app=api", "shop/api:2", ""};
  OtherPodsWait wait_;
  FakeClock clock_;
};

std::vector<std::string> NamesOf(const OtherPods& pods) {
  std::vector<std::string> names;
  for (const OtherPod& pod : pods.others) names.push_back(pod.name);
  return names;
}

TEST_F(OtherPodsTest, PodsOfAnotherImageAreFound) {
  const OtherPods found =
      Find({Pod("new", "shop/api:2"), Pod("old", "shop/api:1"), Pod("older", "shop/api:0", "", "Pending")});
  EXPECT_THAT(NamesOf(found), ElementsAre("old", "older"));
  EXPECT_EQ(found.matching, 3U);
  EXPECT_THAT(found.others[0].images, ElementsAre("shop/api:1"));
}

TEST_F(OtherPodsTest, PodsThatHaveEndedRunNothing) {
  EXPECT_EQ(Find({Pod("done", "shop/api:1", "", "Succeeded"), Pod("broken", "shop/api:1", "", "Failed")}).matching, 0U);
  EXPECT_THAT(NamesOf(Find({Pod("lost", "shop/api:1", "", "Unknown")})), ElementsAre("lost"));
}

TEST_F(OtherPodsTest, PodsThatAreEndingStillRun) {
  const OtherPods found = Find({Pod("old", "shop/api:1", "", "Running",
                                    R"(,"deletionTimestamp":"2026-11-26T11:16:30Z","deletionGracePeriodSeconds":30)")});
  ASSERT_EQ(found.others.size(), 1U);
  EXPECT_EQ(found.others[0].terminating_since, "2026-11-26T11:16:00Z");
  EXPECT_EQ(DescribeOtherPods(found.others), "old (shop/api:1, terminating since 2026-11-26T11:16:00Z)");
}

TEST_F(OtherPodsTest, EveryContainerCountsUnlessOneIsNamed) {
  const std::string sidecar = R"(,{"name":"proxy","image":"mesh/proxy:7"})";
  EXPECT_THAT(Find({Pod("new", "shop/api:2", sidecar)}).others[0].images, ElementsAre("mesh/proxy:7"));
  query_.container = "app";
  EXPECT_TRUE(Find({Pod("new", "shop/api:2", sidecar)}).others.empty());
  EXPECT_THAT(NamesOf(Find({Pod("old", "shop/api:1", sidecar)})), ElementsAre("old"));
}

TEST_F(OtherPodsTest, APodWithoutTheNamedContainerIsAnotherOne) {
  query_.container = "web";
  const OtherPods found = Find({Pod("old", "shop/api:2")});
  EXPECT_EQ(DescribeOtherPods(found.others), "old (no such container)");
}

TEST_F(OtherPodsTest, ANativeSidecarMayBeNamed) {
  query_.container = "cache";
  const std::string pod = R"({"metadata":{"name":"a"},"spec":{"containers":[{"name":"app","image":"x"}],
      "initContainers":[{"name":"cache","image":"old","restartPolicy":"Always"}]},"status":{"phase":"Running"}})";
  EXPECT_THAT(Find({pod}).others.at(0).images, ElementsAre("old"));
}

TEST_F(OtherPodsTest, WaitsUntilNoneIsLeft) {
  std::vector<std::string> told;
  wait_.tell = [&](const OtherPods& left, const std::string& trouble, milliseconds) {
    told.push_back(DescribeOtherPods(left.others) + trouble);
  };
  wire_.answers = {{200, List({Pod("a", "shop/api:1"), Pod("b", "shop/api:1")})},
                   {200, List({Pod("b", "shop/api:1")})},
                   {200, List({Pod("c", "shop/api:2")})}};
  const OtherPodsReport report = Wait();
  EXPECT_FALSE(report.error.has_value());
  EXPECT_EQ(report.left.matching, 1U);
  EXPECT_THAT(told, ElementsAre("a (shop/api:1), b (shop/api:1)", "b (shop/api:1)"));
  EXPECT_EQ(report.waited, milliseconds(500 + 750));
}

TEST_F(OtherPodsTest, AtTheLimitItNamesWhatIsLeft) {
  wait_.limit = seconds(2);
  for (int i = 0; i < 10; ++i) wire_.answers.push_back({200, List({Pod("a", "shop/api:1")})});
  const OtherPodsReport report = Wait();
  ASSERT_TRUE(report.error.has_value());
  EXPECT_EQ(report.error->code, ErrorCode::kNotUpToDate);
  EXPECT_EQ(report.error->message, "pods with another image than shop/api:2 are left after 2s: a (shop/api:1)");
  EXPECT_THAT(report.error->hint, HasSubstr("--container"));
  EXPECT_EQ(report.waited, seconds(2));
}

TEST_F(OtherPodsTest, ALimitOfNothingIsOneLook) {
  wait_.limit = milliseconds(0);
  wire_.answers = {{200, List({Pod("a", "shop/api:1")})}};
  EXPECT_EQ(Wait().error->code, ErrorCode::kNotUpToDate);
  EXPECT_TRUE(clock_.pauses.empty());
}

TEST_F(OtherPodsTest, AServerThatIsAwayIsAskedAgainWithBackOff) {
  std::vector<std::string> told;
  wait_.tell = [&](const OtherPods&, const std::string& trouble, milliseconds) { told.push_back(trouble); };
  const Error away = MakeError(ErrorCode::kUnreachable, "can't connect");
  wire_.answers = {{200, "", {}, away}, {503, "{}"}, {429, "{}", {{"Retry-After", "20"}}}, {200, List({})}};
  EXPECT_FALSE(Wait().error.has_value());
  EXPECT_THAT(clock_.pauses, ElementsAre(milliseconds(800), milliseconds(1600), seconds(20)));
  EXPECT_THAT(told, ElementsAre("can't connect", HasSubstr("503"), HasSubstr("429")));
}

TEST_F(OtherPodsTest, AServerThatStaysAwayIsUnreachableAtTheLimit) {
  wait_.limit = seconds(5);
  EXPECT_EQ(Wait().error->code, ErrorCode::kUnreachable);
}

TEST_F(OtherPodsTest, APermissionThatDoesNotComeNamesTheRole) {
  for (int i = 0; i < 10; ++i) {
    wire_.answers.push_back({403, R"({"kind":"Status","message":"pods is forbidden: User \"x\" cannot list"})"});
  }
  const OtherPodsReport report = Wait();
  ASSERT_TRUE(report.error.has_value());
  EXPECT_EQ(report.error->code, ErrorCode::kPermission);
  EXPECT_THAT(report.error->message, HasSubstr("pods is forbidden"));
  EXPECT_THAT(report.error->hint, HasSubstr("a Role in namespace shop"));
  EXPECT_GE(report.waited, seconds(10));
  EXPECT_LT(report.waited, seconds(20));
}

TEST_F(OtherPodsTest, ARoleBindingThatComesLateIsNoError) {
  wire_.answers = {{403, "{}"}, {403, "{}"}, {200, List({})}};
  EXPECT_FALSE(Wait().error.has_value());
}

TEST_F(OtherPodsTest, AServerThatIsNotTrustedIsAnErrorAtOnce) {
  wire_.answers = {{200, "", {}, MakeError(ErrorCode::kConfig, "its certificate is refused")}};
  EXPECT_EQ(Wait().error->code, ErrorCode::kConfig);
  EXPECT_TRUE(clock_.pauses.empty());
}

TEST_F(OtherPodsTest, AnInterruptEndsIt) {
  int looks = 0;
  wait_.interrupted = [&] { return ++looks == 2; };
  for (int i = 0; i < 3; ++i) wire_.answers.push_back({200, List({Pod("a", "shop/api:1")})});
  EXPECT_EQ(Wait().error->code, ErrorCode::kInterrupted);
  EXPECT_EQ(clock_.pauses.size(), 1U);
}

}  // namespace
}  // namespace sluice::kube
