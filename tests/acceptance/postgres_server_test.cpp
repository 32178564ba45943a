// What the other acceptance tests rely on: the server of tests/support.
#include "tests/support/postgres_server.h"

#include <filesystem>
#include <stdexcept>

namespace sluice::testing {
namespace {

class PostgresServerTest : public PostgresTest {};

TEST_F(PostgresServerTest, EveryTestHasAnEmptyDatabase) {
  EXPECT_EQ(Value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"), "0");
  Sql("CREATE TABLE leftover ()");
}

TEST_F(PostgresServerTest, TheTablesOfAnotherTestAreNotThere) {
  EXPECT_EQ(Value("SELECT to_regclass('leftover') IS NULL"), "t");
  EXPECT_NE(database(), "test_1");
}

TEST_F(PostgresServerTest, TcpAsksForThePassword) {
  EXPECT_EQ(Session(server().TcpConnectionString(database())).Value("SELECT 1"), "1");
  EXPECT_THROW(Session(server().TcpConnectionString(database()) + " password=wrong"), std::runtime_error);
}

TEST_F(PostgresServerTest, AFailingStatementThrowsWhatPostgresSays) {
  try {
    Sql("SELECT 1 / 0");
    FAIL() << "the division went through";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("division by zero"), std::string::npos);
  }
  EXPECT_EQ(Value("SELECT 1"), "1");
}

TEST(PostgresServerLifeTest, KeepsWhatIsCommittedOverAKillAndIsGoneAtTheEnd) {
  std::string directory;
  {
    PostgresServer server;
    directory = server.socket_directory();
    const std::string database = server.CreateDatabase();
    server.Connect(database).Run("CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)");
    server.Kill();
    EXPECT_EQ(server.pid(), 0);
    EXPECT_THROW(server.Connect(database), std::runtime_error);
    server.Start();
    EXPECT_EQ(server.Connect(database).Value("SELECT count(*) FROM kept"), "1");
    server.StopImmediate();
    server.Start();
    EXPECT_EQ(server.Connect(database).Value("SELECT count(*) FROM kept"), "1");
  }
  EXPECT_FALSE(std::filesystem::exists(directory));
}

}  // namespace
}  // namespace sluice::testing
