#include "operator/http/https_server.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "operator/http/https_client.h"

namespace sluice::http {
namespace {

struct Answered {
  Result<Response> head;
  std::string body;
};

Answered Ask(HttpsClient& client, const std::string& target = "/", const std::string& method = "GET",
             const std::string& text = {}) {
  Request request;
  request.method = method;
  request.target = target;
  request.body = text;
  std::string body;
  auto head = client.Send(request, [&](const Response&, std::string_view piece) {
    body += piece;
    return true;
  });
  return {std::move(head), body};
}

ServerAnswer Echo(const ServerRequest& request) {
  return {200, request.method + " " + request.path + " " + request.body, "text/plain"};
}

std::unique_ptr<HttpsServer> Start(ServerSettings settings, ServerHandler handler = Echo,
                                   std::chrono::seconds idle = std::chrono::seconds(1)) {
  settings.address = "127.0.0.1";
  settings.idle = idle;
  auto made = HttpsServer::Start(std::move(settings), std::move(handler));
  EXPECT_TRUE(made.ok());
  return std::move(made).value();
}

ServerUrl UrlOf(const HttpsServer& server, bool tls) { return {tls, "127.0.0.1", std::to_string(server.port()), ""}; }

struct Served {
  KeyedCertificate authority;
  KeyedCertificate pair;
};

Served MakeServed() {
  const auto now = std::chrono::system_clock::now();
  CertificateWish wish{"authority", {}, now - std::chrono::hours(1), now + std::chrono::hours(1)};
  Served served{*MakeAuthority(wish), {}};
  wish.common_name = "webhook";
  wish.dns_names = {"webhook.sluice.svc"};
  served.pair = *MakeServerCertificate(wish, served.authority);
  return served;
}

TlsSettings Trusting(const Served& served) {
  TlsSettings settings;
  settings.authorities = served.authority.certificate;
  settings.server_name = "webhook.sluice.svc";
  return settings;
}

TEST(HttpsServer, AnswersOverPlainTcp) {
  const auto server = Start({});
  HttpsClient client(UrlOf(*server, false));
  const Answered got = Ask(client, "/healthz?verbose");
  ASSERT_TRUE(got.head.ok());
  EXPECT_EQ(got.head->status, 200);
  EXPECT_EQ(got.body, "GET /healthz ");
  EXPECT_EQ(got.head->Find("content-type"), "text/plain");
  EXPECT_EQ(Ask(client, "/pause", "POST", "{}").body, "POST /pause {}");
  EXPECT_EQ(Ask(client, "/pause", "DELETE").head->status, 405);
  EXPECT_EQ(Ask(client, "/" + std::string(2000, 'a')).head->status, 404);
}

TEST(HttpsServer, ABodyThatIsTooLongIsRefused) {
  ServerSettings settings;
  settings.longest_body = 1000;
  const auto server = Start(settings);
  HttpsClient client(UrlOf(*server, false));
  EXPECT_EQ(Ask(client, "/", "POST", std::string(1000, 'x')).head->status, 200);
  const Answered refused = Ask(client, "/", "POST", std::string(100'000, 'x'));
  EXPECT_TRUE(!refused.head.ok() || refused.head->status >= 400);
}

TEST(HttpsServer, ACertificateIsChangedWhileItServes) {
  const Served first = MakeServed();
  const Served second = MakeServed();
  ServerSettings settings;
  settings.certificate = first.pair;
  const auto server = Start(settings);
  HttpsClient trusts_first(UrlOf(*server, true));
  ASSERT_TRUE(trusts_first.UseTls(Trusting(first)).ok());
  const Answered got = Ask(trusts_first);
  ASSERT_TRUE(got.head.ok()) << got.head.error().message;
  EXPECT_EQ(server->UseCertificate({second.pair.certificate, first.pair.key}).error().code, ErrorCode::kConfig);
  ASSERT_TRUE(trusts_first.UseTls(Trusting(first)).ok());  // for new connections
  EXPECT_TRUE(Ask(trusts_first).head.ok());

  ASSERT_TRUE(server->UseCertificate(second.pair).ok());
  HttpsClient trusts_second(UrlOf(*server, true));
  ASSERT_TRUE(trusts_second.UseTls(Trusting(second)).ok());
  EXPECT_TRUE(Ask(trusts_second).head.ok());
  ASSERT_TRUE(trusts_first.UseTls(Trusting(first)).ok());
  EXPECT_EQ(Ask(trusts_first).head.error().code, ErrorCode::kConfig);
}

TEST(HttpsServer, StopAnswersWhatIsThere) {
  std::promise<void> arrived;
  std::promise<void> let_go;
  auto server = Start({}, [&](const ServerRequest&) {
    arrived.set_value();
    let_go.get_future().wait();
    return ServerAnswer{200, "done"};
  });
  HttpsClient client(UrlOf(*server, false));
  auto asked = std::async(std::launch::async, [&] { return Ask(client); });
  arrived.get_future().wait();
  std::thread stopping([&] { server->Stop(); });
  let_go.set_value();
  const Answered got = asked.get();
  stopping.join();
  ASSERT_TRUE(got.head.ok());
  EXPECT_EQ(got.body, "done");
  HttpsClient late(UrlOf(*server, false));
  EXPECT_EQ(Ask(late).head.error().code, ErrorCode::kUnreachable);
}

TEST(HttpsServer, SaysThatItEndsBeforeItDoes) {
  const Served served = MakeServed();
  ServerSettings settings;
  settings.certificate = served.pair;
  settings.farewell = std::chrono::seconds(1);
  auto server = Start(settings);
  HttpsClient client(UrlOf(*server, true));
  ASSERT_TRUE(client.UseTls(Trusting(served)).ok());
  EXPECT_EQ(Ask(client).head->Find("connection"), "");
  std::thread stopping([&] { server->Stop(); });
  int answers = 0;
  bool is_told = false;
  while (!is_told) {
    const Answered got = Ask(client);
    ASSERT_TRUE(got.head.ok()) << answers;
    is_told = got.head->Find("connection") == "close";
    ++answers;
  }
  stopping.join();
}

TEST(HttpsServer, WhatIsIdleDoesntKeepItFromItsEnd) {
  const Served served = MakeServed();
  ServerSettings settings;
  settings.certificate = served.pair;
  const auto server = Start(settings, Echo, std::chrono::hours(1));
  HttpsClient client(UrlOf(*server, true));
  ASSERT_TRUE(client.UseTls(Trusting(served)).ok());
  ASSERT_TRUE(Ask(client).head.ok());
  server->Stop();
  EXPECT_FALSE(Ask(client).head.ok());
}

TEST(HttpsServer, MakesRoomByWhatIsIdle) {
  const Served served = MakeServed();
  ServerSettings settings;
  settings.certificate = served.pair;
  settings.most_threads = 4;
  const auto server = Start(settings, Echo, std::chrono::hours(1));
  std::vector<std::unique_ptr<HttpsClient>> clients;
  std::vector<std::string> told;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<HttpsClient>(UrlOf(*server, true)));
    ASSERT_TRUE(clients.back()->UseTls(Trusting(served)).ok());
    const Answered got = Ask(*clients.back());
    ASSERT_TRUE(got.head.ok()) << i;
    told.emplace_back(got.head->Find("connection"));
  }
  EXPECT_EQ(std::vector<std::string>(told.begin(), told.begin() + 4),
            (std::vector<std::string>{"", "", "close", "close"}));
}

TEST(HttpsServer, ManyAreAnsweredAtOnce) {
  std::atomic<int> waiting = 0;
  const auto server = Start({}, [&](const ServerRequest&) {
    ++waiting;
    while (waiting < 8) std::this_thread::yield();
    return ServerAnswer{};
  });
  std::vector<std::future<Answered>> all;
  std::vector<std::unique_ptr<HttpsClient>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<HttpsClient>(UrlOf(*server, false)));
    all.push_back(std::async(std::launch::async, [client = clients.back().get()] { return Ask(*client); }));
  }
  for (auto& one : all) EXPECT_TRUE(one.get().head.ok());
}

TEST(HttpsServer, WhatCantBeHadIsSaid) {
  const auto server = Start({});
  ServerSettings taken;
  taken.address = "192.0.2.1";  // RFC 5737: nobody's
  taken.port = 1;
  const auto refused = HttpsServer::Start(taken, Echo);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnreachable);
  ServerSettings broken;
  broken.certificate = KeyedCertificate{"x", "secret"};
  const auto no_certificate = HttpsServer::Start(broken, Echo);
  ASSERT_FALSE(no_certificate.ok());
  EXPECT_EQ(no_certificate.error().code, ErrorCode::kConfig);
  EXPECT_EQ(no_certificate.error().message.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace sluice::http
