#include "operator/runtime/reflector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "operator/runtime/store.h"
#include "tests/unit/operator/k8s/fake_clock.h"
#include "tests/unit/operator/k8s/fake_wire.h"

namespace sluice::runtime {
namespace {

using kube::FakeClock;
using kube::FakeLogin;
using kube::FakeWire;
using kube::Json;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string Object(const std::string& name, const std::string& version, const std::string& phase = "Running") {
  return R"({"metadata":{"namespace":"shop","name":")" + name + R"(","resourceVersion":")" + version +
         R"("},"status":{"phase":")" + phase + "\"}}";
}
std::string List(const std::string& version, const std::vector<std::string>& objects) {
  std::string text = R"({"metadata":{"resourceVersion":")" + version + R"("},"items":[)";
  for (std::size_t i = 0; i < objects.size(); ++i) text += (i > 0 ? "," : "") + objects[i];
  return text + "]}";
}
std::string Event(const std::string& type, const std::string& object) {
  return R"({"type":")" + type + R"(","object":)" + object + "}\n";
}
std::string Bookmark(const std::string& version, bool initial_end = false) {
  return Event("BOOKMARK", R"({"metadata":{"resourceVersion":")" + version + "\"" +
                               (initial_end ? R"(,"annotations":{"k8s.io/initial-events-end":"true"})" : "") + "}}");
}
const FakeWire::Answer kNoWatchList{
    422, R"({"kind":"Status","reason":"Invalid","message":"sendInitialEvents is forbidden"})"};
const FakeWire::Answer kGone{410, R"({"kind":"Status","reason":"Expired"})"};
const FakeWire::Answer kAway{200, "", {}, MakeError(ErrorCode::kUnreachable, "connection refused")};

class ReflectorTest : public testing::Test {
 protected:
  // A server that knows no WatchList, after its first list.
  void ListFirst(const std::string& version, const std::vector<std::string>& objects) {
    wire_.answers = {kNoWatchList, {200, List(version, objects)}};
    EXPECT_EQ(reflector_.Step(), milliseconds(0));
    EXPECT_EQ(reflector_.Step(), milliseconds(0));
    EXPECT_TRUE(reflector_.synced());
  }
  milliseconds Answered(const FakeWire::Answer& answer) {
    wire_.answers.push_back(answer);
    return reflector_.Step();
  }
  // A watch that ends after a while, as watches do.
  milliseconds AnsweredLate(const FakeWire::Answer& answer) {
    wire_.on_request = [this](const http::Request&) { clock_.now += seconds(60); };
    const milliseconds pause = Answered(answer);
    wire_.on_request = nullptr;
    return pause;
  }
  std::string LastTarget() const { return wire_.requests.back().target; }
  std::vector<std::string> Known() const {
    std::vector<std::string> known;
    store_.ForEach([&](const std::string& key, const std::string& phase) { known.push_back(key + " " + phase); });
    return known;
  }

  FakeWire wire_;
  FakeLogin login_;
  FakeClock clock_;
  kube::Client client_{wire_, login_, "sluice/test"};
  std::vector<std::string> changed_;
  Store<std::string> store_{
      [](const Json& object) {
        return kube::TextAt(object, {"status", "phase"});
      },
      [this](const std::string& key, const std::string*, const std::string*) { changed_.push_back(key); }};
  Reflector reflector_{
      client_, {.resource = kube::kPods, .namespace_name = "shop"}, store_, clock_, [] { return 0.5; }};
};

TEST_F(ReflectorTest, WhereItIsOfferedTheListIsAWatch) {
  EXPECT_EQ(Answered({200, Event("ADDED", Object("a", "3")) + Event("ADDED", Object("b", "5")) + Bookmark("7", true) +
                               Event("MODIFIED", Object("a", "8", "Failed"))}),
            milliseconds(0));
  EXPECT_TRUE(reflector_.synced());
  EXPECT_THAT(Known(), ElementsAre("shop/a Failed", "shop/b Running"));
  EXPECT_THAT(LastTarget(), HasSubstr("sendInitialEvents=true"));
  AnsweredLate({200, ""});
  EXPECT_THAT(LastTarget(), HasSubstr("resourceVersion=8"));
  EXPECT_EQ(reflector_.lists(), 1);
}

TEST_F(ReflectorTest, AWatchListThatIsCutBeforeItsEndIsBegunAnew) {
  EXPECT_GT(Answered({200, Event("ADDED", Object("a", "3"))}), milliseconds(0));
  EXPECT_FALSE(reflector_.synced());
  Answered({200, Event("ADDED", Object("b", "4")) + Bookmark("5", true)});
  EXPECT_THAT(Known(), ElementsAre("shop/b Running"));
}

TEST_F(ReflectorTest, WhereItIsNotOfferedThereIsAListAndThenAWatchFromThere) {
  ListFirst("7", {Object("a", "3")});
  EXPECT_THAT(LastTarget(), HasSubstr("limit=500"));
  EXPECT_THAT(LastTarget(), Not(HasSubstr("resourceVersion")));
  AnsweredLate({200, Event("ADDED", Object("b", "8"))});
  EXPECT_THAT(LastTarget(), HasSubstr("resourceVersion=7"));
  EXPECT_THAT(Known(), ElementsAre("shop/a Running", "shop/b Running"));
}

TEST_F(ReflectorTest, AWatchThatEndsIsFollowedByOneFromThere) {
  ListFirst("7", {});
  EXPECT_EQ(AnsweredLate({200, Event("ADDED", Object("a", "9")) + Bookmark("12")}), milliseconds(0));
  EXPECT_EQ(AnsweredLate({200, ""}), milliseconds(0));
  EXPECT_THAT(LastTarget(), HasSubstr("resourceVersion=12"));
  EXPECT_EQ(reflector_.lists(), 2);  // the one that was not offered, and the list
}

TEST_F(ReflectorTest, WatchesLastFiveToTenMinutes) {
  ListFirst("7", {});
  AnsweredLate({200, ""});
  EXPECT_THAT(LastTarget(), HasSubstr("timeoutSeconds=450"));
}

TEST_F(ReflectorTest, AForgottenVersionIsListedAnewAtOnce) {
  ListFirst("7", {Object("a", "3"), Object("b", "4")});
  EXPECT_EQ(Answered(kGone), milliseconds(0));
  EXPECT_EQ(Answered({200, List("20", {Object("b", "4")})}), milliseconds(0));
  EXPECT_THAT(Known(), ElementsAre("shop/b Running"));
  EXPECT_THAT(changed_, ElementsAre("shop/a", "shop/b", "shop/a"));
}

TEST_F(ReflectorTest, AnErrorEventSaysThatTheVersionIsForgotten) {
  ListFirst("7", {});
  EXPECT_EQ(AnsweredLate({200, Event("ADDED", Object("a", "9")) +
                                   Event("ERROR", R"({"kind":"Status","code":410,"reason":"Expired"})")}),
            milliseconds(0));
  Answered({200, List("20", {})});
  EXPECT_THAT(LastTarget(), HasSubstr("limit=500"));
}

TEST_F(ReflectorTest, AnOverloadedServerIsAskedLaterFromTheSamePlace) {
  ListFirst("7", {});
  EXPECT_EQ(Answered({429, "{}", {{"Retry-After", "40"}}}), seconds(40));
  AnsweredLate({200, ""});
  EXPECT_THAT(LastTarget(), HasSubstr("resourceVersion=7"));
}

TEST_F(ReflectorTest, AServerThatIsAwayIsAskedAgainFromTheSamePlaceWithBackOff) {
  ListFirst("7", {});
  std::vector<milliseconds> pauses;
  for (int i = 0; i < 8; ++i) pauses.push_back(Answered(kAway));
  EXPECT_THAT(pauses, ElementsAre(milliseconds(1200), milliseconds(2400), milliseconds(4800), milliseconds(9600),
                                  milliseconds(19'200), milliseconds(38'400), seconds(45), seconds(45)));
  EXPECT_TRUE(reflector_.trouble().has_value());
  EXPECT_EQ(AnsweredLate({200, Bookmark("8")}), milliseconds(0));
  EXPECT_THAT(LastTarget(), HasSubstr("resourceVersion=7"));
  EXPECT_FALSE(reflector_.trouble().has_value());
}

TEST_F(ReflectorTest, AWatchThatEndsAtOnceWithoutNewsIsTrouble) {
  ListFirst("7", {});
  EXPECT_GT(Answered({200, ""}), milliseconds(0));
  EXPECT_GT(Answered({200, ""}), milliseconds(1200));
}

TEST_F(ReflectorTest, AListThatFailsIsBegunAgain) {
  wire_.answers = {kNoWatchList};
  reflector_.Step();
  EXPECT_EQ(Answered({200, R"({"metadata":{},"items":[)" + Object("x", "1") + ","}), milliseconds(1200));
  EXPECT_EQ(Answered({403, "{}"}), milliseconds(2400));
  EXPECT_FALSE(reflector_.synced());
  EXPECT_EQ(Answered({200, List("7", {Object("a", "3")})}), milliseconds(0));
  EXPECT_THAT(Known(), ElementsAre("shop/a Running"));
}

TEST_F(ReflectorTest, HalfALineAtTheEndComesAgain) {
  ListFirst("7", {});
  AnsweredLate({200, Event("ADDED", Object("a", "8")) + R"({"type":"DELETED","object":{"meta)"});
  EXPECT_THAT(Known(), ElementsAre("shop/a Running"));
  AnsweredLate({200, Event("DELETED", Object("a", "9"))});
  EXPECT_THAT(LastTarget(), HasSubstr("resourceVersion=8"));
  EXPECT_TRUE(Known().empty());
}

TEST_F(ReflectorTest, AChangeThatTheProjectionDoesNotShowIsNone) {
  ListFirst("7", {Object("a", "3")});
  AnsweredLate({200, Event("MODIFIED", Object("a", "8")) + Event("MODIFIED", Object("a", "9", "Failed"))});
  EXPECT_THAT(changed_, ElementsAre("shop/a", "shop/a"));
}

TEST_F(ReflectorTest, RunStopsWhenItIsTold) {
  int asked = 0;
  reflector_.Run([&] { return ++asked > 4; });
  EXPECT_FALSE(clock_.pauses.empty());
}

}  // namespace
}  // namespace sluice::runtime
