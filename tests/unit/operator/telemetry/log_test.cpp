#include "operator/telemetry/log.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sluice::telemetry {
namespace {

class LogTest : public testing::Test {
 protected:
  Log Make(LogFormat format, LogLevel least = LogLevel::kInfo) {
    return Log(format, least, [this](std::string_view line) { lines_.emplace_back(line); });
  }
  // Without the time.
  std::string Line() const { return lines_.back().substr(lines_.back().find(' ') + 1); }

  std::vector<std::string> lines_;
};

TEST_F(LogTest, TextNamesTheObject) {
  Log log = Make(LogFormat::kText);
  log.Write(LogLevel::kInfo, "opened the gate", {"Deployment", "shop", "api"}, {{"template", "5ac1"}, {"why", "a b"}});
  EXPECT_EQ(Line(), "info opened the gate  Deployment=shop/api template=5ac1 why=\"a b\"\n");
  EXPECT_EQ(lines_.back().substr(0, 2), "20");
  EXPECT_EQ(lines_.back()[23], 'Z');
  log.Write(LogLevel::kWarn, "leads");
  EXPECT_EQ(Line(), "warning leads\n");
}

TEST_F(LogTest, JsonIsOneObjectALine) {
  Log log = Make(LogFormat::kJson);
  log.Write(LogLevel::kError, "a \"quoted\"\nmessage", {"SchemaMigration", "shop", "api"}, {{"phase", "Failed"}});
  const auto object = nlohmann::json::parse(lines_.back());
  EXPECT_EQ(object["level"], "error");
  EXPECT_EQ(object["message"], "a \"quoted\"\nmessage");
  EXPECT_EQ(object["kind"], "SchemaMigration");
  EXPECT_EQ(object["namespace"], "shop");
  EXPECT_EQ(object["name"], "api");
  EXPECT_EQ(object["phase"], "Failed");
  EXPECT_EQ(std::count(lines_.back().begin(), lines_.back().end(), '\n'), 1);
}

TEST_F(LogTest, WhatOthersWroteStaysInItsLine) {
  Log log = Make(LogFormat::kText);
  log.Write(LogLevel::kInfo, "said {} %v\r\n2026-01-01 error", {"Job", "a", "b\nc"},
            {{"x", "\x1b[31m\xff"}, {"y", ""}});
  EXPECT_EQ(std::count(lines_.back().begin(), lines_.back().end(), '\n'), 1);
  EXPECT_EQ(lines_.back().find('\x1b'), std::string::npos);
  EXPECT_EQ(lines_.back().find('\xff'), std::string::npos);
  EXPECT_NE(Line().find("said {} %v\\r\\n2026-01-01 error"), std::string::npos);
  EXPECT_NE(Line().find(" y=\"\""), std::string::npos);
}

TEST_F(LogTest, LevelsBelowAreDropped) {
  Log log = Make(LogFormat::kText, LogLevel::kWarn);
  log.Write(LogLevel::kInfo, "not this");
  log.Write(LogLevel::kDebug, "nor this");
  log.Write(LogLevel::kWarn, "this");
  ASSERT_EQ(lines_.size(), 1U);
}

TEST_F(LogTest, AnErrorIsToldWithItsHint) {
  Log log = Make(LogFormat::kJson);
  log.WriteError("can't look at it", MakeError(ErrorCode::kUnreachable, "no connection", "look at the network"),
                 {"SchemaMigration", "shop", "api"});
  const auto object = nlohmann::json::parse(lines_.back());
  EXPECT_EQ(object["error"], "no connection");
  EXPECT_EQ(object["code"], "unreachable");
  EXPECT_EQ(object["hint"], "look at the network");
}

TEST_F(LogTest, NoPasswordIsWritten) {
  Log log = Make(LogFormat::kText);
  log.Write(LogLevel::kInfo, "at postgres://app:s3cret@db/shop", {}, {{"url", "postgresql://app:p@/ss@db:5432/x"}});
  EXPECT_EQ(lines_.back().find("s3cret"), std::string::npos);
  EXPECT_EQ(lines_.back().find("p@/ss"), std::string::npos);
  EXPECT_NE(lines_.back().find("postgres://app:***@db/shop"), std::string::npos);
}

TEST(WithoutPasswords, OnlyTheyAreTakenOut) {
  EXPECT_EQ(WithoutPasswords("https://db:5432/x and http://u@h/ at 12:30"),
            "https://db:5432/x and http://u@h/ at 12:30");
  EXPECT_EQ(WithoutPasswords("a://b:c@d e://f:g@h"), "a://b:***@d e://f:***@h");
  EXPECT_EQ(WithoutPasswords("://"), "://");
  EXPECT_EQ(WithoutPasswords(""), "");
}

}  // namespace
}  // namespace sluice::telemetry
