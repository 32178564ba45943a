// A throw-away PostgreSQL for acceptance tests: one server a test binary, a fresh database a test.
//
//   class VersionStoreTest : public sluice::testing::PostgresTest {};
//   TEST_F(VersionStoreTest, …) { … ConnectionString() … Sql("SELECT …") … }
//
// The server is kept by tests/support/postgres.py (which says what it is like: in memory, fsync off, removed however
// the test ends). SLUICE_TEST_POSTGRES_BIN chooses another version's programs (tests/support/fetch_postgres.sh).
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::testing {

// Rows of text; NULL is "NULL".
using Rows = std::vector<std::vector<std::string>>;

// A session of the test's own, beside the code under test: to prepare, to look, to hold a lock. Libpq underneath. Every
// failure throws std::runtime_error with PostgreSQL's message, which fails the test.
class Session {
 public:
  explicit Session(const std::string& connection_string);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  // Runs one or several statements; the rows of the last one that returns any.
  Rows Run(const std::string& sql);

  // The first column of the first row. Throws when there is none.
  std::string Value(const std::string& sql);

  // Sends a statement and returns at once; Finish waits for it. `Run("BEGIN; LOCK TABLE t")` needs neither.
  void Send(const std::string& sql);
  Rows Finish();

  int BackendPid() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct ServerOptions {
  std::string bin_directory;                                  // empty: as postgres.py chooses
  std::string base_directory;                                 // where its directory is made; empty: in memory
  std::vector<std::pair<std::string, std::string>> settings;  // of postgresql.conf
  std::string standby_of;                                     // "<socket directory>:<port>" of the primary
};

// A running server; the destructor removes it. Failures throw std::runtime_error.
class PostgresServer {
 public:
  explicit PostgresServer(const ServerOptions& options = {});
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // Makes an empty database and returns its name; every name is new.
  std::string CreateDatabase();
  // Ends its sessions first.
  void DropDatabase(const std::string& name);

  // For libpq, as the superuser, over the Unix socket (which trusts everybody) or TCP (which asks for the password).
  std::string ConnectionString(const std::string& database) const;
  std::string TcpConnectionString(const std::string& database) const;
  // postgresql://… over TCP, for what a user would set as DATABASE_URL.
  std::string Url(const std::string& database) const;

  Session Connect(const std::string& database) const { return Session(ConnectionString(database)); }

  const std::string& socket_directory() const { return socket_directory_; }
  const std::string& data_directory() const { return data_directory_; }
  const std::string& log_file() const { return log_file_; }
  const std::string& bin_directory() const { return bin_directory_; }
  int port() const { return port_; }
  pid_t pid() const { return pid_; }  // of the postmaster; 0 while it is stopped
  int MajorVersion() const;

  void Start();
  void StopFast();       // SIGINT: open sessions end, a clean shutdown
  void StopImmediate();  // SIGQUIT: as after a crash, the next start recovers
  void Kill();           // kill -9 of the postmaster and all its processes

  static constexpr const char* kUser = "postgres";
  static constexpr const char* kPassword = "postgres";

 private:
  void Ask(const std::string& command);
  void ReadAnswer();

  struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, FileCloser>;

  File to_keeper_;
  File from_keeper_;
  pid_t keeper_ = 0;
  std::string socket_directory_;
  std::string data_directory_;
  std::string log_file_;
  std::string bin_directory_;
  int port_ = 0;
  pid_t pid_ = 0;
  int databases_ = 0;
};

// The server of this test binary, started at the first call.
PostgresServer& SharedServer();

// A test with an empty database of its own.
class PostgresTest : public ::testing::Test {
 protected:
  PostgresTest();
  ~PostgresTest() override;

  PostgresServer& server() { return SharedServer(); }
  const std::string& database() const { return database_; }
  std::string ConnectionString() { return server().ConnectionString(database_); }
  std::string Url() { return server().Url(database_); }

  // On a session that the test keeps for itself.
  Rows Sql(const std::string& sql) { return session_->Run(sql); }
  std::string Value(const std::string& sql) { return session_->Value(sql); }
  Session Connect() { return server().Connect(database_); }

 private:
  std::string database_;
  std::optional<Session> session_;
};

}  // namespace sluice::testing
