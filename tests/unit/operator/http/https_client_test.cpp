#include "operator/http/https_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <future>
#include <string>

#include "tests/unit/operator/http/test_server.h"

namespace sluice::http {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

constexpr char kOk[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

ServerUrl UrlOf(const TestServer& server, const std::string& scheme, const std::string& host = "127.0.0.1") {
  return *ParseServerUrl(scheme + "://" + host + ":" + server.port());
}

struct Got {
  Result<Response> response;
  std::string body;
};

Got Get(HttpsClient& client, Request request = {}) {
  std::string body;
  Result<Response> response = client.Send(request, [&](const Response&, std::string_view piece) {
    body += piece;
    return true;
  });
  return {std::move(response), body};
}

// Answers everything with `ok` until the other side is gone.
void AlwaysOk(int, TestServer::Stream& stream) {
  while (!stream.ReadRequest().empty()) stream.Write(kOk);
}

TEST(HttpsClientTest, AConnectionIsUsedAgain) {
  std::string connections;
  {
    TestServer server([&](int number, TestServer::Stream& stream) {
      connections += std::to_string(number);
      AlwaysOk(number, stream);
    });
    HttpsClient client(UrlOf(server, "http"));
    EXPECT_EQ(Get(client).body, "ok");
    EXPECT_EQ(Get(client).body, "ok");
    // The client goes first, and the server ends with its thread.
  }
  EXPECT_EQ(connections, "0");
}

TEST(HttpsClientTest, ADeadConnectionIsReplaced) {
  TestServer server([](int, TestServer::Stream& stream) {
    if (!stream.ReadRequest().empty()) stream.Write(kOk);
  });
  HttpsClient client(UrlOf(server, "http"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Get(client).body, "ok") << i;
}

TEST(HttpsClientTest, AnAnswerThatIsCutIsAnError) {
  TestServer server([](int, TestServer::Stream& stream) {
    stream.ReadRequest();
    stream.Write("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf");
  });
  HttpsClient client(UrlOf(server, "http"));
  const Got got = Get(client);
  ASSERT_FALSE(got.response.ok());
  EXPECT_EQ(got.response.error().code, ErrorCode::kConnectionLost);
  EXPECT_EQ(got.body, "half");
}

TEST(HttpsClientTest, ABodyIsGivenAsItArrives) {
  std::promise<void> seen;
  TestServer server([&](int, TestServer::Stream& stream) {
    stream.ReadRequest();
    stream.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst\n\r\n");
    seen.get_future().wait();
    stream.Write("7\r\nsecond\n\r\n0\r\n\r\n");
  });
  HttpsClient client(UrlOf(server, "http"));
  std::vector<std::string> pieces;
  const auto response = client.Send({}, [&](const Response& head, std::string_view piece) {
    EXPECT_EQ(head.status, 200);
    if (pieces.empty()) seen.set_value();
    pieces.emplace_back(piece);
    return true;
  });
  EXPECT_TRUE(response.ok());
  EXPECT_EQ(pieces, (std::vector<std::string>{"first\n", "second\n"}));
}

// Takes a request, and says nothing until the other side is gone.
void Silent(int, TestServer::Stream& stream) {
  stream.ReadRequest();
  stream.ReadRequest();
}

TEST(HttpsClientTest, AServerThatSaysNothingIsNotWaitedForForever) {
  TestServer server(Silent);
  HttpsClient client(UrlOf(server, "http"));
  Request request;
  request.timeout = milliseconds(50);
  EXPECT_EQ(Get(client, request).response.error().code, ErrorCode::kTimeout);
  request.timeout = milliseconds(0);
  request.silence = milliseconds(50);
  EXPECT_EQ(Get(client, request).response.error().code, ErrorCode::kTimeout);
}

TEST(HttpsClientTest, AWaitEndsWhenItIsInterrupted) {
  TestServer server(Silent);
  int questions = 0;
  HttpsClient asks(UrlOf(server, "http"), {[&] { return ++questions > 2; }, -1});
  Request request;
  request.timeout = milliseconds(0);
  request.silence = milliseconds(0);
  EXPECT_EQ(Get(asks, request).response.error().code, ErrorCode::kInterrupted);

  int stop[2];
  ASSERT_EQ(pipe(stop), 0);
  ASSERT_EQ(write(stop[1], "x", 1), 1);
  HttpsClient listens(UrlOf(server, "http"), {{}, stop[0]});
  EXPECT_EQ(Get(listens, request).response.error().code, ErrorCode::kInterrupted);
  close(stop[0]);
  close(stop[1]);
}

TEST(HttpsClientTest, WhereNobodyListensThereIsNoConnection) {
  std::string port;
  {
    TestServer gone(Silent);
    port = gone.port();
  }
  HttpsClient client(*ParseServerUrl("https://127.0.0.1:" + port));
  const Got got = Get(client);
  EXPECT_EQ(got.response.error().code, ErrorCode::kUnreachable);
  EXPECT_THAT(got.response.error().message, HasSubstr("127.0.0.1:" + port));
}

class TlsTest : public testing::Test {
 protected:
  TestCertificate certificate_ = MakeTestCertificate("DNS:localhost,DNS:kubernetes,IP:127.0.0.1");
  TlsSettings settings_{.authorities = certificate_.certificate};
};

TEST_F(TlsTest, AServerOfTheAuthorityIsTrustedAndItsConnectionUsedAgain) {
  std::string connections;
  {
    TestServer server(
        [&](int number, TestServer::Stream& stream) {
          connections += std::to_string(number);
          AlwaysOk(number, stream);
        },
        certificate_);
    HttpsClient client(UrlOf(server, "https"));
    ASSERT_TRUE(client.UseTls(settings_).ok());
    EXPECT_EQ(Get(client).body, "ok");
    EXPECT_EQ(Get(client).body, "ok");
  }
  EXPECT_EQ(connections, "0");
}

TEST_F(TlsTest, AServerOfAnotherAuthorityIsNot) {
  TestServer server(AlwaysOk, certificate_);
  HttpsClient client(UrlOf(server, "https"));
  ASSERT_TRUE(client.UseTls({.authorities = MakeTestCertificate("DNS:localhost").certificate}).ok());
  const Got got = Get(client);
  ASSERT_FALSE(got.response.ok());
  EXPECT_EQ(got.response.error().code, ErrorCode::kConfig);
  EXPECT_THAT(got.response.error().message, HasSubstr("certificate"));
}

TEST_F(TlsTest, TheNameMustBeInTheCertificate) {
  const TestCertificate other = MakeTestCertificate("DNS:kubernetes");
  TestServer server(AlwaysOk, other);
  HttpsClient client(UrlOf(server, "https"));
  ASSERT_TRUE(client.UseTls({.authorities = other.certificate}).ok());
  EXPECT_FALSE(Get(client).response.ok());
  ASSERT_TRUE(client.UseTls({.authorities = other.certificate, .server_name = "kubernetes"}).ok());
  EXPECT_EQ(Get(client).body, "ok");
  ASSERT_TRUE(client.UseTls({.verify = false}).ok());
  EXPECT_EQ(Get(client).body, "ok");
}

TEST_F(TlsTest, AClientCertificateIsShown) {
  const TestCertificate own = MakeTestCertificate("DNS:client");
  TestServer server(AlwaysOk, certificate_, own.certificate);
  HttpsClient client(UrlOf(server, "https"));
  ASSERT_TRUE(client.UseTls(settings_).ok());
  EXPECT_FALSE(Get(client).response.ok());
  settings_.client_certificate = own.certificate;
  settings_.client_key = own.key;
  ASSERT_TRUE(client.UseTls(settings_).ok());
  EXPECT_EQ(Get(client).body, "ok");
}

TEST_F(TlsTest, AnAuthorityThatIsReplacedIsUsedFromThenOn) {
  TestServer server(AlwaysOk, certificate_);
  HttpsClient client(UrlOf(server, "https"));
  ASSERT_TRUE(client.UseTls(settings_).ok());
  EXPECT_EQ(Get(client).body, "ok");
  ASSERT_TRUE(client.UseTls({.authorities = MakeTestCertificate("DNS:x").certificate}).ok());
  EXPECT_FALSE(Get(client).response.ok());
}

TEST_F(TlsTest, WhatIsNoCertificateIsRefusedAndNeverRepeated) {
  HttpsClient client(*ParseServerUrl("https://localhost"));
  const TestCertificate other = MakeTestCertificate("DNS:x");
  for (const TlsSettings& settings :
       {TlsSettings{.authorities = "hunter2"}, TlsSettings{.client_certificate = "hunter2", .client_key = other.key},
        TlsSettings{.client_certificate = certificate_.certificate, .client_key = "hunter2"},
        TlsSettings{.client_certificate = certificate_.certificate, .client_key = other.key}}) {
    const Status status = client.UseTls(settings);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kConfig);
    EXPECT_THAT(status.error().message, Not(HasSubstr("hunter2")));
  }
}

TEST_F(TlsTest, ATlsServerThatSpeaksSomethingElseIsNotTrusted) {
  TestServer server([](int, TestServer::Stream& stream) { stream.Write("SSH-2.0-OpenSSH\r\n"); });
  HttpsClient client(UrlOf(server, "https"));
  EXPECT_EQ(Get(client).response.error().code, ErrorCode::kUnreachable);
}

}  // namespace
}  // namespace sluice::http
