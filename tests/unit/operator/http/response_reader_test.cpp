#include "operator/http/response_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::http {
namespace {

// What came of an answer that arrived in pieces of `size` bytes.
struct Taken {
  Status status;
  std::string body;
  Response response;
  bool done = false;
  bool reusable = false;
};

Taken Take(const std::string& bytes, std::size_t size, const std::string& method = "GET") {
  ResponseReader reader(method);
  Taken taken;
  const BodySink sink = [&](const Response&, std::string_view piece) {
    taken.body += piece;
    return true;
  };
  for (std::size_t i = 0; i < bytes.size() && taken.status.ok(); i += size) {
    taken.status = reader.Feed(std::string_view(bytes).substr(i, size), sink);
  }
  taken.done = reader.done();
  taken.reusable = reader.reusable();
  if (taken.status.ok()) taken.status = reader.End();
  taken.response = reader.response();
  return taken;
}

constexpr char kChunked[] =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
    "5\r\nhello\r\n7;x=y\r\n, world\r\n0\r\nX-Trailer: 1\r\n\r\n";

TEST(ResponseReaderTest, PiecesOfAnySizeMakeTheSameAnswer) {
  for (std::size_t size = 1; size < sizeof kChunked; ++size) {
    const Taken taken = Take(kChunked, size);
    ASSERT_TRUE(taken.status.ok()) << size;
    EXPECT_EQ(taken.body, "hello, world") << size;
    EXPECT_EQ(taken.response.Find("content-type"), "application/json") << size;
    EXPECT_TRUE(taken.done && taken.reusable) << size;
  }
}

TEST(ResponseReaderTest, ABodyOfAKnownLength) {
  const Taken taken = Take("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!", 4);
  ASSERT_TRUE(taken.status.ok());
  EXPECT_EQ(taken.response.status, 404);
  EXPECT_EQ(taken.body, "no!");
  EXPECT_TRUE(taken.reusable);
}

TEST(ResponseReaderTest, ABodyUntilTheEndOfTheConnection) {
  const Taken taken = Take("HTTP/1.0 200 OK\r\n\r\nall of it", 5);
  ASSERT_TRUE(taken.status.ok());
  EXPECT_EQ(taken.body, "all of it");
  EXPECT_FALSE(taken.reusable);
}

TEST(ResponseReaderTest, AnswersWithoutABodyEndWithTheirHead) {
  EXPECT_TRUE(Take("HTTP/1.1 204 No Content\r\n\r\n", 1).done);
  EXPECT_TRUE(Take("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 1).done);
  EXPECT_TRUE(Take("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 1).done);
  EXPECT_TRUE(Take("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", 1, "HEAD").done);
}

TEST(ResponseReaderTest, InformationalAnswersAreSkipped) {
  const Taken taken = Take(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
      "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok",
      3);
  ASSERT_TRUE(taken.status.ok());
  EXPECT_EQ(taken.response.status, 201);
  EXPECT_EQ(taken.body, "ok");
}

TEST(ResponseReaderTest, AConnectionThatIsClosedAfterwardsIsNotUsedAgain) {
  EXPECT_FALSE(Take("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n", 8).reusable);
}

TEST(ResponseReaderTest, AnAnswerThatIsCutIsAnError) {
  for (const char* bytes : {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
    const Taken taken = Take(bytes, 1000);
    ASSERT_FALSE(taken.status.ok()) << bytes;
    EXPECT_EQ(taken.status.error().code, ErrorCode::kConnectionLost) << bytes;
  }
}

TEST(ResponseReaderTest, WhatIsNotHttpIsRefusedAtOnce) {
  for (const char* bytes :
       {"SSH-2.0-OpenSSH", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab"}) {
    EXPECT_FALSE(Take(bytes, 1000).status.ok()) << bytes;
  }
}

TEST(ResponseReaderTest, AHeadWithoutEndIsRefused) {
  EXPECT_FALSE(Take("HTTP/1.1 200 OK\r\nX: " + std::string(2 * kLargestHead, 'a'), 4096).status.ok());
}

TEST(ResponseReaderTest, TheSinkMayHaveEnough) {
  ResponseReader reader;
  int pieces = 0;
  const auto once = [&](const Response&, std::string_view) { return ++pieces < 2; };
  ASSERT_TRUE(reader.Feed("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\none", once).ok());
  EXPECT_FALSE(reader.stopped());
  ASSERT_TRUE(reader.Feed("two", once).ok());
  EXPECT_TRUE(reader.stopped());
  ASSERT_TRUE(reader.Feed("three", once).ok());
  EXPECT_EQ(pieces, 2);
}

}  // namespace
}  // namespace sluice::http
