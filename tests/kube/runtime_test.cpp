#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "operator/runtime/events.h"
#include "operator/runtime/leader_election.h"
#include "operator/runtime/reflector.h"
#include "operator/runtime/store.h"
#include "tests/kube/kube_fixture.h"

namespace sluice::runtime {
namespace {

using kube::Json;
using kube::KubeTest;
using kube::TextAt;

// Ends what waits for the network.
class Stop {
 public:
  Stop() { EXPECT_EQ(pipe(ends_), 0); }
  ~Stop() {
    close(ends_[0]);
    close(ends_[1]);
  }
  void Now() {
    stopped_ = true;
    EXPECT_EQ(write(ends_[1], "x", 1), 1);
  }
  http::Interruption interruption() const { return {{}, ends_[0]}; }
  std::function<bool()> asked() {
    return [this] { return stopped_.load(); };
  }

 private:
  int ends_[2];
  std::atomic<bool> stopped_ = false;
};

class RuntimeTest : public KubeTest {
 protected:
  LeaderElection Candidate(kube::Cluster& cluster, const std::string& identity) {
    return {cluster.client(), cluster.client(), {namespace_, "operator", identity, {}}, SystemClock()};
  }
};

TEST_F(RuntimeTest, OneLeadsAndTheOtherFollowsWhenItIsReleased) {
  LeaderElection one = Candidate(*cluster_, "one");
  const auto led = one.Try();
  ASSERT_TRUE(led.ok()) << led.error().message;
  ASSERT_TRUE(*led);
  ASSERT_TRUE(*one.Try());

  const auto second = Connect();
  LeaderElection two = Candidate(*second, "two");
  EXPECT_FALSE(*two.Try());
  EXPECT_EQ(two.leader(), "one");
  std::thread follower([&] { EXPECT_TRUE(two.WaitToLead([] { return false; })); });
  one.Release();
  follower.join();
  EXPECT_TRUE(two.leads());
  EXPECT_FALSE(*one.Try());
  EXPECT_EQ(one.leader(), "two");
}

TEST_F(RuntimeTest, AStoreFollowsWhatIsInTheCluster) {
  Make("a", "1");
  Stop stop;
  const auto watching = Connect(stop.interruption());
  std::mutex mutex;
  std::condition_variable changed;
  Store<std::string> store(
      [](const Json& object) {
        return TextAt(object, {"data", "value"});
      },
      [&](const std::string&, const std::string*, const std::string*) {
        const std::lock_guard lock(mutex);
        changed.notify_all();
      });
  Reflector reflector(watching->client(),
                      {.resource = kube::kConfigMaps, .namespace_name = namespace_, .label_selector = "of=test"}, store,
                      SystemClock(), [] { return 0.0; });
  std::thread thread([&] { reflector.Run(stop.asked()); });
  const auto wait_for = [&](const std::string& name, const std::optional<std::string>& value) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(30),
                            [&] { return store.Find(namespace_ + "/" + name) == value; });
  };
  EXPECT_TRUE(wait_for("a", "1"));
  Make("b", "1");
  EXPECT_TRUE(wait_for("b", "1"));
  ASSERT_TRUE(client().MergePatch(Map("b"), Json{{"data", {{"value", "2"}}}}).ok());
  EXPECT_TRUE(wait_for("b", "2"));
  ASSERT_TRUE(client().Delete(Map("a"), Json()).ok());
  EXPECT_TRUE(wait_for("a", std::nullopt));
  stop.Now();
  thread.join();
  EXPECT_EQ(reflector.lists(), 1);
}

TEST_F(RuntimeTest, EventsAndTheirSeriesAreAcceptedByTheServer) {
  const Json map = Make("a");
  EventRecorder events(client(), "sluice.dev/operator", "operator-1", SystemClock());
  const EventNews news{
      {"v1", "ConfigMap", namespace_, "a", TextAt(map, {"metadata", "uid"})}, true, "Broken", "Look", "why"};
  events.Record(news);
  events.Record(news);
  std::vector<Json> found;
  ASSERT_TRUE(client()
                  .List({.resource = kube::kEvents, .namespace_name = namespace_},
                        [&](const Json& event) {
                          if (TextAt(event, {"reason"}) == "Broken") found.push_back(event);
                          return Status();
                        })
                  .ok());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(TextAt(found[0], {"note"}), "why");
  EXPECT_EQ(kube::NumberAt(found[0], {"series", "count"}), 2);
}

}  // namespace
}  // namespace sluice::runtime
