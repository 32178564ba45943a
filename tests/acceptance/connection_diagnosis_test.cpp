// What a user is told when the connection fails, by real servers: the settings in use are named, the password never.
#include "core/config/connection_diagnosis.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>

#include "core/config/config.h"
#include "core/config/connection.h"
#include "core/db/pg_session.h"
#include "tests/support/postgres_server.h"

namespace sluice {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

// What is said when somebody connects with these variables of the environment; an empty Error when the server lets
// them.
Error Connect(Environment environment) {
  environment.try_emplace("POSTGRES_DB", "postgres");
  environment.try_emplace("POSTGRES_USER", testing::PostgresServer::kUser);
  ConfigRequest request;
  request.directory = "/nowhere";
  request.environment = std::move(environment);
  const auto config = LoadConfig(request);
  if (!config.ok()) return config.error();
  const ConnectionSettings& connection = config->settings.connection;
  ConnectFailure failure;
  if (ReadSession::Open(BuildConninfo(connection), &failure) != nullptr) return {};
  return DiagnoseConnection(connection, failure.message, "");
}

MATCHER_P3(Says, code, what, hint, "") {
  *result_listener << "code " << ErrorCodeName(arg.code) << ": " << arg.message << " / " << arg.hint << " / "
                   << arg.server.message;
  return arg.code == code && arg.message.find(what) != std::string::npos && arg.hint.find(hint) != std::string::npos &&
         (arg.message + arg.hint + arg.server.message).find("hunter2") == std::string::npos;
}

// A server with TLS and a pg_hba.conf that knows every way to say no.
class ConnectionDiagnosisTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<testing::PostgresServer>();
    testing::Session superuser = server_->Connect("postgres");
    for (const char* statement :
         {"CREATE ROLE app LOGIN PASSWORD 'hunter2'", "CREATE ROLE nobody_in NOLOGIN",
          "CREATE ROLE full LOGIN CONNECTION LIMIT 0", "CREATE ROLE peer LOGIN", "CREATE ROLE rejected LOGIN",
          "CREATE ROLE unlisted LOGIN", "CREATE ROLE certified LOGIN", "CREATE DATABASE closed ALLOW_CONNECTIONS false",
          "CREATE DATABASE private", "REVOKE CONNECT ON DATABASE private FROM public"}) {
      superuser.Run(statement);
    }
    server_->StopFast();
    const std::string data = server_->data_directory();
    MakeCertificate("db.example", data + "/server");
    MakeCertificate("other.example", server_->socket_directory() + "/other");
    std::ofstream(data + "/postgresql.conf", std::ios::app) << "ssl = on\nssl_ca_file = 'server.crt'\n";
    std::ofstream(data + "/pg_hba.conf") << "local all peer peer\n"
                                            "local all all trust\n"
                                            "host all rejected all reject\n"
                                            "hostssl all certified all cert\n"
                                            "host all app all scram-sha-256\n"
                                            "host all postgres all scram-sha-256\n";
    server_->Start();
  }
  static void TearDownTestSuite() { server_.reset(); }

  static Environment Tcp(Environment more) {
    more.try_emplace("DB_HOST", "127.0.0.1");
    more.try_emplace("DB_PORT", std::to_string(server_->port()));
    return more;
  }
  static Environment Socket(Environment more) {
    more["DB_HOST"] = server_->socket_directory();
    return Tcp(std::move(more));
  }
  static std::string Port() { return "DB_PORT=" + std::to_string(server_->port()) + " from environment"; }

  // A self-signed certificate, `path`.crt and `path`.key, that the server may read.
  static void MakeCertificate(const std::string& name, const std::string& path) {
    const std::string command = "openssl req -new -x509 -days 2 -nodes -newkey rsa:2048 -subj /CN=" + name + " -out '" +
                                path + ".crt' -keyout '" + path + ".key' 2>/dev/null && chmod 600 '" + path +
                                ".key' && chown --reference='" + server_->data_directory() + "' '" + path + ".crt' '" +
                                path + ".key'";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("openssl could not make a certificate");
  }

  static std::unique_ptr<testing::PostgresServer> server_;
};

std::unique_ptr<testing::PostgresServer> ConnectionDiagnosisTest::server_;

TEST_F(ConnectionDiagnosisTest, GoodSettingsConnect) {
  EXPECT_EQ(Connect(Tcp({{"POSTGRES_USER", "app"}, {"POSTGRES_PASSWORD", "hunter2"}})).message, "");
}

// Without a name service the answer is "not now" instead of "never heard of it".
TEST_F(ConnectionDiagnosisTest, AHostThatIsNotThere) {
  const Error error = Connect({{"DB_HOST", "db.invalid"}});
  EXPECT_THAT(error, Says(ErrorCode::kUnreachable, "database postgres on db.invalid:5432 as postgres",
                          "check DB_HOST=db.invalid from environment"));
  EXPECT_THAT(error.message, AnyOf(HasSubstr("there is no host of that name"), HasSubstr("can't be looked up now")));
}

TEST_F(ConnectionDiagnosisTest, APortWhereNobodyListens) {
  EXPECT_THAT(Connect({{"DB_HOST", "127.0.0.1"}, {"DB_PORT", "1"}}),
              Says(ErrorCode::kUnreachable, "nothing listens there", "DB_PORT=1 from environment"));
}

TEST_F(ConnectionDiagnosisTest, ASocketThatIsNotThere) {
  EXPECT_THAT(Connect({{"DB_HOST", "/nowhere"}}),
              Says(ErrorCode::kUnreachable, "there is no server at that socket", "DB_HOST=/nowhere from environment"));
}

TEST_F(ConnectionDiagnosisTest, AWrongPassword) {
  EXPECT_THAT(Connect(Tcp({{"POSTGRES_USER", "app"}, {"POSTGRES_PASSWORD", "hunter2\n"}})),
              Says(ErrorCode::kUnreachable, "refuses the password of role app",
                   "check POSTGRES_USER=app from environment, POSTGRES_PASSWORD from environment (it begins or ends "
                   "with a blank or a line break)"));
}

TEST_F(ConnectionDiagnosisTest, NoPassword) {
  EXPECT_THAT(Connect(Tcp({{"POSTGRES_USER", "app"}, {"PGPASSFILE", "/nowhere"}})),
              Says(ErrorCode::kUnreachable, "asks for a password, and there is none", "POSTGRES_PASSWORD (not set)"));
}

TEST_F(ConnectionDiagnosisTest, NoSuchDatabase) {
  EXPECT_THAT(Connect(Socket({{"POSTGRES_DB", "shop"}})),
              Says(ErrorCode::kUnreachable, "there is no database shop", "check POSTGRES_DB=shop from environment"));
}

TEST_F(ConnectionDiagnosisTest, ADatabaseThatTakesNoConnections) {
  EXPECT_THAT(Connect(Socket({{"POSTGRES_DB", "closed"}})),
              Says(ErrorCode::kUnreachable, "database closed does not allow connections", "POSTGRES_DB=closed"));
}

TEST_F(ConnectionDiagnosisTest, NoSuchRole) {
  EXPECT_THAT(
      Connect(Socket({{"POSTGRES_USER", "somebody"}})),
      Says(ErrorCode::kUnreachable, "there is no role somebody", "check POSTGRES_USER=somebody from environment"));
}

TEST_F(ConnectionDiagnosisTest, ADatabaseForOthers) {
  EXPECT_THAT(Connect(Socket({{"POSTGRES_USER", "app"}, {"POSTGRES_DB", "private"}})),
              Says(ErrorCode::kPermission, "role app may not connect to database private", "GRANT CONNECT"));
}

TEST_F(ConnectionDiagnosisTest, ARoleThatMayNotLogIn) {
  EXPECT_THAT(Connect(Socket({{"POSTGRES_USER", "nobody_in"}})),
              Says(ErrorCode::kUnreachable, "role nobody_in may not log in", "ALTER ROLE"));
}

TEST_F(ConnectionDiagnosisTest, ARoleThatOnlyItsSystemUserMayBe) {
  EXPECT_THAT(Connect(Socket({{"POSTGRES_USER", "peer"}})),
              Says(ErrorCode::kUnreachable, "only the system user of the same name", "DB_HOST=localhost"));
}

TEST_F(ConnectionDiagnosisTest, NoLineInPgHba) {
  EXPECT_THAT(Connect(Tcp({{"POSTGRES_USER", "unlisted"}})),
              Says(ErrorCode::kUnreachable, "pg_hba.conf has no line for this host", "PGSSLMODE (not set: prefer)"));
  EXPECT_THAT(Connect(Tcp({{"POSTGRES_USER", "rejected"}})),
              Says(ErrorCode::kUnreachable, "pg_hba.conf rejects this host", "POSTGRES_USER=rejected"));
}

TEST_F(ConnectionDiagnosisTest, ARoleWithAllItsConnections) {
  EXPECT_THAT(Connect(Socket({{"POSTGRES_USER", "full"}})),
              Says(ErrorCode::kUnreachable, "as many connections as it may have", "CONNECTION LIMIT"));
}

TEST_F(ConnectionDiagnosisTest, ACertificateForAnotherName) {
  EXPECT_THAT(
      Connect(Tcp({{"PGSSLMODE", "verify-full"}, {"PGSSLROOTCERT", server_->data_directory() + "/server.crt"}})),
      Says(ErrorCode::kUnreachable, "made out to another name", "DB_HOST=127.0.0.1 from environment"));
}

TEST_F(ConnectionDiagnosisTest, ACertificateOfAnUnknownAuthority) {
  EXPECT_THAT(Connect(Tcp({{"PGSSLMODE", "verify-ca"}, {"PGSSLROOTCERT", server_->socket_directory() + "/other.crt"}})),
              Says(ErrorCode::kUnreachable, "not signed by the certificate authority in use", "check PGSSLROOTCERT="));
  EXPECT_THAT(
      Connect(Tcp({{"PGSSLMODE", "verify-ca"}, {"PGSSLROOTCERT", "/nowhere.crt"}})),
      Says(ErrorCode::kUnreachable, "there is no file of certificate authorities", "PGSSLROOTCERT=/nowhere.crt"));
}

TEST_F(ConnectionDiagnosisTest, AClientWithoutItsCertificate) {
  EXPECT_THAT(Connect(Tcp({{"POSTGRES_USER", "certified"}, {"PGSSLCERT", "/nowhere.crt"}})),
              Says(ErrorCode::kUnreachable, "asks for a client certificate", "PGSSLCERT=/nowhere.crt"));
}

TEST_F(ConnectionDiagnosisTest, AnUnknownServerParameter) {
  EXPECT_THAT(Connect(Socket({{"PGOPTIONS", "-c nothing_like_it=1"}})),
              Says(ErrorCode::kUnreachable, "does not know a parameter", "PGOPTIONS=-c nothing_like_it=1"));
}

TEST_F(ConnectionDiagnosisTest, AStandby) {
  testing::PostgresServer standby;
  standby.StopFast();
  std::ofstream(standby.data_directory() + "/standby.signal");
  standby.Start();
  const Environment alone = {{"DB_HOST", standby.socket_directory()}, {"DB_PORT", std::to_string(standby.port())}};
  EXPECT_THAT(Connect(alone), Says(ErrorCode::kStandby, "is a standby", "connect to the primary"));

  const Environment both = {{"DB_HOST", standby.socket_directory() + "," + server_->socket_directory()},
                            {"DB_PORT", std::to_string(standby.port()) + "," + std::to_string(server_->port())}};
  EXPECT_EQ(Connect(both).message, "");

  standby.StopFast();
  std::ofstream(standby.data_directory() + "/postgresql.conf", std::ios::app) << "hot_standby = off\n";
  standby.Start();
  // PostgreSQL 13 does not say more than this.
  const bool says_why = server_->MajorVersion() >= 14;
  EXPECT_THAT(Connect(alone), Says(says_why ? ErrorCode::kStandby : ErrorCode::kUnreachable,
                                   says_why ? "a standby that takes no connections" : "the server is starting up", ""));
}

TEST_F(ConnectionDiagnosisTest, AServerThatShutsDown) {
  testing::PostgresServer server;
  const Environment environment = {{"DB_HOST", server.socket_directory()}, {"DB_PORT", std::to_string(server.port())}};
  testing::Session session = server.Connect("postgres");
  // A smart shutdown: sessions may finish, new ones are refused as soon as the server has seen the signal.
  ASSERT_EQ(kill(server.pid(), SIGTERM), 0);
  Error error;
  while (error.message.empty()) error = Connect(environment);
  EXPECT_THAT(error, Says(ErrorCode::kUnreachable, "the server is shutting down", "--wait-for-database"));
  EXPECT_EQ(session.Value("SELECT 1"), "1");
}

TEST_F(ConnectionDiagnosisTest, AServerWithAllItsConnections) {
  testing::ServerOptions options;
  options.settings = {{"max_connections", "5"}, {"superuser_reserved_connections", "1"}, {"max_wal_senders", "1"}};
  const testing::PostgresServer server(options);
  const Environment environment = {{"DB_HOST", server.socket_directory()}, {"DB_PORT", std::to_string(server.port())}};
  std::vector<testing::Session> sessions;
  for (int i = 0; i < 5; ++i) sessions.push_back(server.Connect("postgres"));
  EXPECT_THAT(Connect(environment),
              Says(ErrorCode::kUnreachable, "the server has as many connections as it may have", "max_connections"));
}

TEST(PlainServerDiagnosisTest, NoTls) {
  testing::PostgresServer& server = testing::SharedServer();
  EXPECT_THAT(Connect({{"DB_HOST", "127.0.0.1"}, {"DB_PORT", std::to_string(server.port())}, {"PGSSLMODE", "require"}}),
              Says(ErrorCode::kUnreachable, "the server has no TLS", "check PGSSLMODE=require from environment"));
}

// A port of 127.0.0.1 that takes connections.
class Listener {
 public:
  Listener() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_, generic, size) != 0 || listen(socket_, 8) != 0 || getsockname(socket_, generic, &size) != 0) {
      throw std::runtime_error("can't listen");
    }
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { close(socket_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Answers the next connection with `text`.
  void AnswerOne(const std::string& text) const {
    const int connection = accept(socket_, nullptr, nullptr);
    char request[64];
    if (read(connection, request, sizeof request) < 0 || write(connection, text.data(), text.size()) < 0) {
      ADD_FAILURE() << "the connection broke";
    }
    close(connection);
  }

  Environment Address() const { return {{"DB_HOST", "127.0.0.1"}, {"DB_PORT", std::to_string(port_)}}; }

 private:
  int socket_;
  int port_ = 0;
};

TEST(ForeignServerDiagnosisTest, AWebServer) {
  const Listener listener;
  std::thread web([&] { listener.AnswerOne("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  const Error error = Connect(listener.Address());
  web.join();
  EXPECT_THAT(error, Says(ErrorCode::kUnreachable, "what answers there is not PostgreSQL", "check DB_HOST=127.0.0.1"));
}

// libpq waits two seconds at least.
TEST(ForeignServerDiagnosisTest, AServerThatNeverAnswers) {
  const Listener listener;
  Environment environment = listener.Address();
  environment["SLUICE_CONNECT_TIMEOUT"] = "2s";
  EXPECT_THAT(Connect(environment), Says(ErrorCode::kUnreachable, "no answer within 2s", "firewall"));
}

}  // namespace
}  // namespace sluice
