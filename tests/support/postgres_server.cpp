#include "tests/support/postgres_server.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace sluice::testing {

namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

Rows RowsOf(const PGresult* result) {
  Rows rows;
  for (int row = 0; row < PQntuples(result); ++row) {
    std::vector<std::string>& columns = rows.emplace_back();
    for (int column = 0; column < PQnfields(result); ++column) {
      columns.emplace_back(PQgetisnull(result, row, column) ? "NULL" : PQgetvalue(result, row, column));
    }
  }
  return rows;
}

void Require(bool condition, const std::string& what) {
  if (!condition) throw std::runtime_error(what);
}

}  // namespace

struct Session::State {
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection{nullptr, &PQfinish};
};

Session::Session(const std::string& connection_string) : state_(std::make_unique<State>()) {
  state_->connection.reset(PQconnectdb(connection_string.c_str()));
  Require(PQstatus(state_->connection.get()) == CONNECTION_OK, PQerrorMessage(state_->connection.get()));
}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Rows Session::Run(const std::string& sql) {
  Send(sql);
  return Finish();
}

std::string Session::Value(const std::string& sql) {
  const Rows rows = Run(sql);
  Require(!rows.empty() && !rows.front().empty(), "no row: " + sql);
  return rows.front().front();
}

void Session::Send(const std::string& sql) {
  PGconn* connection = state_->connection.get();
  Require(PQsendQuery(connection, sql.c_str()) == 1, PQerrorMessage(connection));
}

Rows Session::Finish() {
  Rows rows;
  std::string trouble;
  while (Result result{PQgetResult(state_->connection.get()), &PQclear}) {
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK) {
      rows = RowsOf(result.get());
    } else if (status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY && trouble.empty()) {
      trouble = PQresultErrorMessage(result.get());
    }
  }
  Require(trouble.empty(), trouble);
  return rows;
}

int Session::BackendPid() const { return PQbackendPID(state_->connection.get()); }

namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

// Both ends are close-on-exec: a program that a test starts must not hold the keeper's standard input open.
Pipe MakePipe() {
  int ends[2];
  Require(pipe2(ends, O_CLOEXEC) == 0, std::strerror(errno));
  return {ends[0], ends[1]};
}

std::vector<std::string> KeeperCommand(const ServerOptions& options) {
  std::vector<std::string> command = {SLUICE_PYTHON, SLUICE_SOURCE_DIRECTORY "/tests/support/postgres.py", "keep"};
  const auto add = [&command](const std::string& option, const std::string& value) {
    if (!value.empty()) command.insert(command.end(), {option, value});
  };
  add("--bin", options.bin_directory);
  add("--base", options.base_directory);
  add("--standby-of", options.standby_of);
  for (const auto& [name, value] : options.settings) add("--setting", name + "=" + value);
  return command;
}

pid_t Spawn(const std::vector<std::string>& command, int input, int output) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  Require(error == 0, command[0] + ": " + std::strerror(error));
  return pid;
}

}  // namespace

PostgresServer::PostgresServer(const ServerOptions& options) {
  const Pipe commands = MakePipe();
  const Pipe answers = MakePipe();
  to_keeper_.reset(fdopen(commands.write_end, "w"));
  from_keeper_.reset(fdopen(answers.read_end, "r"));
  keeper_ = Spawn(KeeperCommand(options), commands.read_end, answers.write_end);
  close(commands.read_end);
  close(answers.write_end);
  ReadAnswer();
}

PostgresServer::~PostgresServer() {
  to_keeper_.reset();  // the keeper reads the end of its input, and removes the server
  waitpid(keeper_, nullptr, 0);
}

std::string PostgresServer::CreateDatabase() {
  const std::string name = "test_" + std::to_string(++databases_);
  Connect("postgres").Run("CREATE DATABASE " + name);
  return name;
}

void PostgresServer::DropDatabase(const std::string& name) {
  Connect("postgres").Run("DROP DATABASE " + name + " WITH (FORCE)");
}

std::string PostgresServer::ConnectionString(const std::string& database) const {
  return "host=" + socket_directory_ + " port=" + std::to_string(port_) + " user=" + kUser + " dbname=" + database;
}

std::string PostgresServer::TcpConnectionString(const std::string& database) const {
  return "host=127.0.0.1 port=" + std::to_string(port_) + " user=" + kUser + " password=" + kPassword +
         " dbname=" + database;
}

std::string PostgresServer::Url(const std::string& database) const {
  const std::string who = std::string(kUser) + ":" + kPassword;
  return "postgresql://" + who + "@127.0.0.1:" + std::to_string(port_) + "/" + database;
}

int PostgresServer::MajorVersion() const {
  return std::stoi(Connect("postgres").Value("SHOW server_version_num")) / 10'000;
}

void PostgresServer::Start() { Ask("start"); }
void PostgresServer::StopFast() { Ask("stop fast"); }
void PostgresServer::StopImmediate() { Ask("stop immediate"); }
void PostgresServer::Kill() { Ask("kill"); }

void PostgresServer::Ask(const std::string& command) {
  std::fprintf(to_keeper_.get(), "%s\n", command.c_str());
  std::fflush(to_keeper_.get());
  ReadAnswer();
}

void PostgresServer::ReadAnswer() {
  std::string line;
  for (int byte = 0; (byte = std::fgetc(from_keeper_.get())) != EOF && byte != '\n';) {
    line.push_back(static_cast<char>(byte));
  }
  const nlohmann::json answer = nlohmann::json::parse(line, nullptr, false);
  Require(answer.is_object(), "the keeper of the server has ended");
  Require(!answer.contains("error"), answer.value("error", ""));
  socket_directory_ = answer.at("socket_directory").get<std::string>();
  data_directory_ = answer.at("data_directory").get<std::string>();
  log_file_ = answer.at("log").get<std::string>();
  bin_directory_ = answer.at("bin").get<std::string>();
  port_ = answer.at("port").get<int>();
  pid_ = answer.at("pid").get<pid_t>();
}

PostgresServer& SharedServer() {
  static PostgresServer server;
  return server;
}

PostgresTest::PostgresTest()
    : database_(SharedServer().CreateDatabase()), session_(SharedServer().Connect(database_)) {}

PostgresTest::~PostgresTest() {
  session_.reset();  // a session that is still there makes the DROP wait for a tenth of a second
  SharedServer().DropDatabase(database_);
}

}  // namespace sluice::testing
