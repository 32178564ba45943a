#include "operator/runtime/leader_election.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/operator/k8s/fake_clock.h"
#include "tests/unit/operator/k8s/fake_wire.h"

namespace sluice::runtime {
namespace {

using kube::FakeClock;
using kube::FakeLogin;
using kube::Json;
using std::chrono::milliseconds;
using std::chrono::seconds;

// An API server that holds one Lease, with optimistic locking as the real one has it.
class LeaseServer final : public http::Client {
 public:
  Result<http::Response> Send(const http::Request& request, const http::BodySink& sink) override {
    requests.push_back(request.method);
    if (before) before(request);
    if (away) return MakeError(ErrorCode::kUnreachable, "connection refused");
    if (request.target.find("watch=true") != std::string::npos) return Watch(sink);
    if (request.method == "GET") return lease ? Answer(200, sink) : Answer(404, sink);
    const Json sent = *kube::ParseJson(request.body);
    if (request.method == "POST") {
      if (lease) return Refuse("AlreadyExists", sink);
    } else if (!lease || kube::TextAt(sent, {"metadata", "resourceVersion"}) != Version()) {
      return Refuse("Conflict", sink);
    }
    Put(sent);
    return Answer(200, sink);
  }

  void Put(Json sent) {
    sent["metadata"]["resourceVersion"] = std::to_string(++version);
    lease = std::move(sent);
  }
  std::string Holder() const { return lease ? kube::TextAt(*lease, {"spec", "holderIdentity"}) : "-"; }

  std::optional<Json> lease;
  bool away = false;
  std::function<void(const http::Request&)> before;
  std::function<void()> during_watch;  // what happens while somebody watches
  std::vector<std::string> requests;
  int version = 10;

 private:
  std::string Version() const { return kube::TextAt(*lease, {"metadata", "resourceVersion"}); }
  Result<http::Response> Answer(int status, const http::BodySink& sink) {
    http::Response response{status, {}};
    sink(response, status == 200 ? kube::JsonText(*lease) : R"({"kind":"Status"})");
    return response;
  }
  static Result<http::Response> Refuse(const std::string& reason, const http::BodySink& sink) {
    http::Response response{409, {}};
    sink(response, R"({"kind":"Status","reason":")" + reason + "\"}");
    return response;
  }
  Result<http::Response> Watch(const http::BodySink& sink) {
    const int before_watch = version;
    if (during_watch) during_watch();
    http::Response response{200, {}};
    if (version != before_watch) sink(response, R"({"type":"MODIFIED","object":)" + kube::JsonText(*lease) + "}\n");
    return response;
  }
};

class LeaderElectionTest : public testing::Test {
 protected:
  LeaderElectionTest() {
    server_.before = [this](const http::Request&) { clock_.now += milliseconds(1); };
  }
  kube::Client client_{server_, login_, "sluice/test"};
  LeaderElection Candidate(const std::string& identity) {
    return {client_, client_, {"sluice", "operator", identity, {}}, clock_, [this] { return wall_; }};
  }
  // What another process has written.
  void HeldBy(const std::string& holder, const std::string& renewed) {
    LeaseRecord record{holder, 15, "2026-01-01T00:00:00.000000Z", renewed, 3, ""};
    server_.Put(WriteLease("sluice", "operator", record));
  }

  LeaseServer server_;
  FakeLogin login_;
  FakeClock clock_;
  kube::WallTime wall_ = *kube::ParseTime("2026-11-26T11:16:08Z");
};

TEST_F(LeaderElectionTest, WhereThereIsNoLeaseItIsMade) {
  LeaderElection one = Candidate("one");
  EXPECT_TRUE(*one.Try());
  EXPECT_TRUE(one.leads());
  EXPECT_EQ(server_.Holder(), "one");
  EXPECT_EQ(kube::TextAt(*server_.lease, {"spec", "acquireTime"}), "2026-11-26T11:16:08.000000Z");
  EXPECT_EQ(kube::NumberAt(*server_.lease, {"spec", "leaseDurationSeconds"}), 15);
}

TEST_F(LeaderElectionTest, ALeaderRenewsWithOneRequest) {
  LeaderElection one = Candidate("one");
  ASSERT_TRUE(*one.Try());
  server_.requests.clear();
  wall_ += seconds(2);
  EXPECT_TRUE(*one.Try());
  EXPECT_THAT(server_.requests, testing::ElementsAre("PUT"));
  EXPECT_EQ(kube::TextAt(*server_.lease, {"spec", "renewTime"}), "2026-11-26T11:16:10.000000Z");
  EXPECT_EQ(kube::TextAt(*server_.lease, {"spec", "acquireTime"}), "2026-11-26T11:16:08.000000Z");
  EXPECT_EQ(kube::NumberAt(*server_.lease, {"spec", "leaseTransitions"}), 0);
}

TEST_F(LeaderElectionTest, AnotherOnesLeaseIsLeftAloneForAsLongAsItLivesByTheLocalClock) {
  HeldBy("other", "2020-01-01T00:00:00.000000Z");  // the other machine's clock is years behind
  LeaderElection one = Candidate("one");
  EXPECT_FALSE(*one.Try());
  clock_.now += seconds(14);
  EXPECT_FALSE(*one.Try());
  clock_.now += seconds(1);
  EXPECT_TRUE(*one.Try());
  EXPECT_EQ(server_.Holder(), "one");
  EXPECT_EQ(kube::NumberAt(*server_.lease, {"spec", "leaseTransitions"}), 4);
}

TEST_F(LeaderElectionTest, ARenewalPutsItOff) {
  HeldBy("other", "a");
  LeaderElection one = Candidate("one");
  EXPECT_FALSE(*one.Try());
  clock_.now += seconds(14);
  HeldBy("other", "b");
  EXPECT_FALSE(*one.Try());
  clock_.now += seconds(14);
  EXPECT_FALSE(*one.Try());
}

TEST_F(LeaderElectionTest, AReleasedLeaseIsTakenAtOnce) {
  HeldBy("", "a");
  EXPECT_TRUE(*Candidate("one").Try());
}

TEST_F(LeaderElectionTest, OfTwoThatTakeItAtOnceOneHasIt) {
  HeldBy("", "a");
  LeaderElection one = Candidate("one");
  server_.before = [this](const http::Request& request) {
    if (request.method == "PUT" && server_.Holder().empty()) HeldBy("other", "b");
  };
  EXPECT_FALSE(*one.Try());
  EXPECT_FALSE(one.leads());
  EXPECT_EQ(server_.Holder(), "other");
}

TEST_F(LeaderElectionTest, OfTwoThatMakeItAtOnceOneHasIt) {
  LeaderElection one = Candidate("one");
  server_.before = [this](const http::Request& request) {
    if (request.method == "POST") HeldBy("other", "b");
  };
  EXPECT_FALSE(*one.Try());
  EXPECT_FALSE(one.leads());
}

TEST_F(LeaderElectionTest, ALeaderWhoseLeaseWasTakenIsNoneAnyMore) {
  LeaderElection one = Candidate("one");
  ASSERT_TRUE(*one.Try());
  HeldBy("other", "b");
  one.Hold([] { return false; });
  EXPECT_FALSE(one.leads());
  EXPECT_EQ(one.leader(), "other");
}

TEST_F(LeaderElectionTest, ALeaderThatTouchedByOthersKeepsItsLease) {
  LeaderElection one = Candidate("one");
  ASSERT_TRUE(*one.Try());
  Json lease = *server_.lease;
  lease["metadata"]["labels"]["touched"] = "yes";
  server_.Put(lease);
  EXPECT_TRUE(*one.Try());
  EXPECT_TRUE(one.leads());
}

TEST_F(LeaderElectionTest, ALeaderThatCantRenewStopsBeforeAnotherMayBegin) {
  LeaderElection one = Candidate("one");
  ASSERT_TRUE(*one.Try());
  server_.away = true;
  const auto began = clock_.now;
  one.Hold([] { return false; });
  EXPECT_FALSE(one.leads());
  EXPECT_GE(clock_.now - began, seconds(10));
  EXPECT_LT(clock_.now - began, seconds(13));
}

TEST_F(LeaderElectionTest, AServerThatIsAwayForAMomentCostsNothing) {
  LeaderElection one = Candidate("one");
  ASSERT_TRUE(*one.Try());
  int rounds = 0;
  one.Hold([&] {
    ++rounds;
    server_.away = rounds > 4 && rounds < 10;
    return rounds > 20;
  });
  EXPECT_TRUE(one.leads());
}

TEST_F(LeaderElectionTest, WhoWaitsFollowsAReleaseAtOnce) {
  LeaderElection one = Candidate("one");
  LeaderElection two = Candidate("two");
  ASSERT_TRUE(*one.Try());
  server_.during_watch = [&] { one.Release(); };
  const auto began = clock_.now;
  EXPECT_TRUE(two.WaitToLead([] { return false; }));
  EXPECT_EQ(server_.Holder(), "two");
  EXPECT_FALSE(one.leads());
  EXPECT_LT(clock_.now - began, seconds(1));
}

TEST_F(LeaderElectionTest, WhoWaitsFollowsALeaderThatDiedWhenItsLeaseIsOver) {
  HeldBy("dead", "a");
  LeaderElection two = Candidate("two");
  server_.during_watch = [&] { clock_.now += seconds(15); };
  const auto began = clock_.now;
  EXPECT_TRUE(two.WaitToLead([] { return false; }));
  EXPECT_LE(clock_.now - began, seconds(16));
}

TEST_F(LeaderElectionTest, WhoWaitsStopsWhenItIsTold) {
  HeldBy("other", "a");
  int asked = 0;
  EXPECT_FALSE(Candidate("two").WaitToLead([&] { return ++asked > 3; }));
  server_.away = true;
  asked = 0;
  EXPECT_FALSE(Candidate("two").WaitToLead([&] { return ++asked > 3; }));
}

TEST_F(LeaderElectionTest, AReleaseLeavesNobody) {
  LeaderElection one = Candidate("one");
  ASSERT_TRUE(*one.Try());
  one.Release();
  EXPECT_EQ(server_.Holder(), "");
  EXPECT_EQ(kube::NumberAt(*server_.lease, {"spec", "leaseDurationSeconds"}), 1);
  const std::size_t requests = server_.requests.size();
  one.Release();
  EXPECT_EQ(server_.requests.size(), requests);
}

}  // namespace
}  // namespace sluice::runtime
