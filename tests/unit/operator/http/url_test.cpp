#include "operator/http/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::http {
namespace {

TEST(ServerUrlTest, HostPortAndPathOfHttps) {
  const auto url = ParseServerUrl("https://api.example:6443/clusters/one/");
  ASSERT_TRUE(url.ok());
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "api.example");
  EXPECT_EQ(url->port, "6443");
  EXPECT_EQ(url->path, "/clusters/one");
  EXPECT_EQ(url->authority(), "api.example:6443");
}

TEST(ServerUrlTest, PortsThatAreNotWrittenAreThoseOfTheScheme) {
  EXPECT_EQ(ParseServerUrl("https://api.example")->port, "443");
  EXPECT_EQ(ParseServerUrl("http://localhost/")->port, "80");
  EXPECT_FALSE(ParseServerUrl("http://localhost")->tls);
}

TEST(ServerUrlTest, WithoutASchemeItIsHttps) {
  EXPECT_TRUE(ParseServerUrl("10.0.0.1:6443")->tls);
  EXPECT_EQ(ParseServerUrl("10.0.0.1:6443")->host, "10.0.0.1");
}

TEST(ServerUrlTest, AddressesOfIpv6StandInBrackets) {
  const auto url = ParseServerUrl("https://[fd00::1]:6443");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->host, "fd00::1");
  EXPECT_EQ(url->port, "6443");
  EXPECT_EQ(url->authority(), "[fd00::1]:6443");
  EXPECT_EQ(ParseServerUrl("https://[::1]")->port, "443");
}

TEST(ServerUrlTest, WhatIsNoAddressIsRefused) {
  for (const char* text : {"", "https://", "ftp://host", "https://host:0", "https://host:70000", "https://host:12ab",
                           "https://[::1", "https://ho st", "https://:443", "https://h\r\nX: y"}) {
    EXPECT_EQ(ParseServerUrl(text).error().code, ErrorCode::kConfig) << text;
  }
}

TEST(ServerUrlTest, APasswordIsRefusedWithoutRepeatingIt) {
  const auto url = ParseServerUrl("https://admin:hunter2@host:6443");
  ASSERT_FALSE(url.ok());
  EXPECT_THAT(url.error().message, testing::Not(testing::HasSubstr("hunter2")));
}

TEST(PercentEncodeTest, KeepsWhatNeedsNoEncoding) {
  EXPECT_EQ(PercentEncode("a-Z_0.9~"), "a-Z_0.9~");
  EXPECT_EQ(PercentEncode("app in (a,b)"), "app%20in%20%28a%2Cb%29");
  EXPECT_EQ(PercentEncode("é/"), "%C3%A9%2F");
}

}  // namespace
}  // namespace sluice::http
