#include "operator/manager/controller.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "operator/manager/stop.h"
#include "tests/unit/operator/k8s/fake_wire.h"
#include "tests/unit/operator/migration/fake_server.h"

namespace sluice::manager {
namespace {

using migration::FakeServer;

constexpr const char* kPlace = "/apis/sluice.dev/v1alpha1/namespaces/shop/schemamigrations/";

// Lists what there is, without WatchList; a watch lasts, without news, until the test is over.
class WatchedServer final : public http::Client {
 public:
  Result<http::Response> Send(const http::Request& request, const http::BodySink& sink) override {
    std::unique_lock lock(mutex_);
    if (request.target.find("sendInitialEvents=") != std::string::npos) {
      const http::Response invalid{422, {}};
      sink(invalid, R"({"kind": "Status", "reason": "Invalid", "message": "no WatchList"})");
      return invalid;
    }
    if (request.target.find("watch=") != std::string::npos) {
      changed_.wait(lock, [this] { return is_over_; });
      return MakeError(ErrorCode::kUnreachable, "the test is over");
    }
    if (is_away_) return MakeError(ErrorCode::kUnreachable, "no server");
    return server_.Send(request, sink);
  }

  void Put(const std::string& path, kube::Json object) { server_.Put(path, std::move(object)); }
  void SetAway() { is_away_ = true; }  // before anybody asks
  void End() {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  FakeServer server_;
  bool is_over_ = false;
  bool is_away_ = false;
};

class ControllerTest : public testing::Test {
 protected:
  ControllerTest() {
    for (const char* name : {"api", "worker"}) {
      kube::Json resource = kube::Json::parse(R"({
        "apiVersion": "sluice.dev/v1alpha1", "kind": "SchemaMigration",
        "metadata": {"namespace": "shop", "generation": 1},
        "spec": {"image": "v1", "database": {"urlFrom": {"secretKeyRef": {"key": "url"}}}},
        "status": {"observedGeneration": -1}})");
      resource["metadata"]["name"] = name;
      resource["metadata"]["uid"] = name;
      resource["spec"]["database"]["urlFrom"]["secretKeyRef"]["name"] = name;
      server_.Put(std::string(kPlace) + name, resource);
    }
  }
  ~ControllerTest() override { End(); }

  void End() {
    is_over_ = true;
    server_.End();
    controller_.reset();
  }

  void Looked(const LookReport& report) {
    const std::lock_guard lock(mutex_);
    EXPECT_FALSE(report.error) << report.error->message;
    looked_.push_back(report.key);
    changed_.notify_all();
  }
  // Once there were so many looks at it.
  bool AwaitLooks(const std::string& key, int times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes(1),
                             [&] { return std::count(looked_.begin(), looked_.end(), key) >= times; });
  }

  WatchedServer server_;
  kube::FakeLogin login_;
  kube::Client watching_{server_, login_, "test"};
  kube::Client working_{server_, login_, "test"};
  runtime::WallClock clock_;
  std::atomic<bool> is_over_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> looked_;  // guarded by mutex_
  std::unique_ptr<Controller> controller_ = std::make_unique<Controller>(
      watching_, working_, migration::ReconcilerSettings{}, std::vector<std::string>{"shop"},
      ControllerListeners{.tell = [](const runtime::EventNews&) {},
                          .looked = [this](const LookReport& report) { Looked(report); },
                          .added = [] {}},
      clock_);
};

TEST_F(ControllerTest, LooksAtAllThereIsAndAgainWhenItIsTold) {
  EXPECT_FALSE(controller_->synced());
  controller_->Work(2);
  controller_->Watch([this] { return is_over_.load(); });
  EXPECT_TRUE(AwaitLooks("shop/api", 1));
  EXPECT_TRUE(AwaitLooks("shop/worker", 1));
  EXPECT_TRUE(controller_->synced());
  EXPECT_FALSE(controller_->trouble());
  EXPECT_EQ(controller_->cache().resources.size(), 2u);
  controller_->LookAtAll();
  EXPECT_TRUE(AwaitLooks("shop/api", 2));
  EXPECT_TRUE(AwaitLooks("shop/worker", 2));
  controller_->Drain();
  const std::size_t before = looked_.size();
  controller_->LookAtAll();
  End();
  EXPECT_EQ(looked_.size(), before);
}

TEST_F(ControllerTest, DecidesNothingOnWhatItDoesntKnow) {
  server_.SetAway();
  controller_->Watch([this] { return is_over_.load(); });
  controller_->Work(1);
  while (!controller_->trouble()) std::this_thread::yield();
  EXPECT_FALSE(controller_->synced());
  EXPECT_EQ(controller_->trouble()->code, ErrorCode::kUnreachable);
  End();
  EXPECT_TRUE(looked_.empty());
}

TEST(Stop, WakesWhoWaits) {
  // A thread of its own: what it makes of signals stays there.
  std::thread([] {
    Stop stop;
    EXPECT_FALSE(stop.asked());
    EXPECT_FALSE(stop.when()());
    std::thread waits([&] { stop.SleepFor(std::chrono::hours(1)); });
    stop.Ask();
    waits.join();
    EXPECT_TRUE(stop.asked());
    EXPECT_TRUE(stop.interruption().asked());
    stop.SleepFor(std::chrono::hours(1));
  }).join();
}

}  // namespace
}  // namespace sluice::manager
