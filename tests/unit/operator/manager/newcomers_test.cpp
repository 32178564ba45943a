#include "operator/manager/newcomers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>

#include "tests/unit/operator/k8s/fake_wire.h"

namespace sluice::manager {
namespace {

constexpr const char* kStream =
    R"({"type":"ADDED","object":{"metadata":{"name":"web","namespace":"shop","resourceVersion":"1"}}}
{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"2","annotations":{"k8s.io/initial-events-end":"true"}}}}
{"type":"ADDED","object":{"metadata":{"name":"api","namespace":"shop","resourceVersion":"3"}}}
)";

class NewcomersTest : public testing::Test {
 protected:
  NewcomersTest() {
    // A watch that nothing comes from lasts until it is over.
    wire_.on_request = [this](const http::Request& request) {
      if (wire_.answers.empty()) over_.get_future().wait();
      asked_.push_back(request.target);
    };
  }
  ~NewcomersTest() override { End(); }

  void End() {
    if (stopped_.exchange(true)) return;
    over_.set_value();
    newcomers_.reset();
  }

  kube::FakeWire wire_;
  kube::FakeLogin login_;
  kube::Client client_{wire_, login_, "test"};
  std::promise<void> over_;
  std::atomic<bool> stopped_ = false;
  std::promise<std::string> came_;
  std::vector<std::string> asked_;  // of the watching thread, until End
  std::unique_ptr<Newcomers> newcomers_ = std::make_unique<Newcomers>(
      client_, [this](const std::string& resource) { came_.set_value(resource); }, [this] { return stopped_.load(); });
};

TEST_F(NewcomersTest, TellsOfWhatIsExpectedAndOfNothingElse) {
  wire_.answers = {{.body = kStream}};
  EXPECT_TRUE(newcomers_->Expect("shop", "schema", {"api", "worker"}));
  EXPECT_EQ(came_.get_future().get(), "shop/schema");
  End();
  ASSERT_FALSE(asked_.empty());
  EXPECT_TRUE(asked_[0].starts_with("/apis/apps/v1/namespaces/shop/deployments?")) << asked_[0];
  EXPECT_EQ(asked_[0].find("labelSelector"), std::string::npos);
}

TEST_F(NewcomersTest, AsksNobodyWhereNothingIsExpected) {
  EXPECT_TRUE(newcomers_->Expect("shop", "schema", {}));
  End();
  EXPECT_TRUE(asked_.empty());
}

// Answers nobody until it is told to.
class SilentWire final : public http::Client {
 public:
  Result<http::Response> Send(const http::Request&, const http::BodySink&) override {
    end_.wait();
    return MakeError(ErrorCode::kUnreachable, "the test is over");
  }
  void End() { over_.set_value(); }

 private:
  std::promise<void> over_;
  std::shared_future<void> end_ = over_.get_future().share();
};

TEST(Newcomers, WatchesNoMoreNamespacesThanItMay) {
  SilentWire wire;
  kube::FakeLogin login;
  kube::Client client(wire, login, "test");
  std::atomic<bool> stopped = false;
  Newcomers newcomers(
      client, [](const std::string&) {}, [&] { return stopped.load(); });
  int places = 0;
  while (places < 100 && newcomers.Expect("n" + std::to_string(places), "schema", {"api"})) ++places;
  EXPECT_EQ(places, 20);
  EXPECT_TRUE(newcomers.Expect("n0", "other", {"web"}));
  stopped = true;
  wire.End();
}

}  // namespace
}  // namespace sluice::manager
