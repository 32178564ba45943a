#include "core/config/connection.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

ConnectionSettings Connection(const std::vector<std::pair<std::string, std::string>>& keywords) {
  ConnectionSettings connection;
  for (const auto& [keyword, value] : keywords) {
    connection.keywords.push_back({keyword, value, keyword, ".env", keyword == "password"});
  }
  return connection;
}

TEST(ConninfoTest, QuotesEveryValue) {
  const auto connection = Connection({{"host", "db"}, {"password", R"(it's \ "here")"}, {"hostaddr", ""}});
  EXPECT_EQ(BuildConninfo(connection),
            R"(host='db' password='it\'s \\ "here"' hostaddr='' connect_timeout='10' client_encoding='UTF8')");
}

TEST(ConninfoTest, RoundsTheConnectTimeoutUpToSeconds) {
  ConnectionSettings connection;
  connection.connect_timeout = std::chrono::milliseconds{2'001};
  EXPECT_EQ(BuildConninfo(connection), "connect_timeout='3' client_encoding='UTF8'");
}

TEST(ConninfoTest, ForDisplayHidesSecrets) {
  const auto connection = Connection({{"user", "app"}, {"password", "hunter2"}});
  EXPECT_EQ(BuildConninfoForDisplay(connection), "user='app' password=*** connect_timeout='10' client_encoding='UTF8'");
}

TEST(DescribeConnectionTest, NamesDatabaseHostAndRole) {
  EXPECT_EQ(
      DescribeConnection(Connection({{"host", "db.example"}, {"port", "5433"}, {"dbname", "app"}, {"user", "me"}})),
      "database app on db.example:5433 as me");
}

TEST(DescribeConnectionTest, NamesEachHostWithItsPort) {
  EXPECT_EQ(DescribeConnection(Connection({{"host", "h1,::1,h3"}, {"port", "5432,5433,"}, {"dbname", "app"}})),
            "database app on h1:5432,[::1]:5433,h3:5432");
  EXPECT_EQ(DescribeConnection(Connection({{"host", "h1,h2"}, {"port", "5433"}, {"dbname", "app"}})),
            "database app on h1:5433,h2:5433");
}

TEST(DescribeConnectionTest, NamesTheSocketThatIsOpened) {
  EXPECT_EQ(DescribeConnection(Connection({{"host", "/run/postgresql"}, {"dbname", "app"}})),
            "database app on /run/postgresql/.s.PGSQL.5432");
  EXPECT_EQ(DescribeConnection(Connection({{"user", "app"}})), "database app on the local socket as app");
}

TEST(DescribeConnectionTest, NeverShowsThePassword) {
  EXPECT_EQ(DescribeConnection(Connection({{"password", "hunter2"}})), "the default database on the local socket");
}

}  // namespace
}  // namespace sluice
