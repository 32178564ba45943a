#include "core/config/connection_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/config/connection.h"

namespace sluice {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

ConnectionSettings AppConnection() {
  ConnectionSettings connection;
  connection.keywords = {{"host", "db", "DB_HOST", ".env", false},
                         {"port", "5433", "DB_PORT", ".env", false},
                         {"dbname", "app", "POSTGRES_DB", "environment", false},
                         {"user", "me", "POSTGRES_USER", ".env", false},
                         {"password", "hunter2", "POSTGRES_PASSWORD", ".env", true},
                         {"target_session_attrs", "read-write", "database.target_session_attrs", "", false}};
  return connection;
}

struct Known {
  const char* libpq_message;
  ErrorCode code;
  const char* what;
  const char* hint;
  bool may_pass;
};

// As libpq 15 to 18 said them to the real servers.
const Known kKnown[] = {
    {"could not translate host name \"db\" to address: Name or service not known\n", ErrorCode::kUnreachable,
     "there is no host of that name", "check DB_HOST=db from .env;", true},
    {"could not translate host name \"db\" to address: Temporary failure in name resolution\n", ErrorCode::kUnreachable,
     "can't be looked up now", "check DB_HOST=db from .env;", true},
    {"connection to server at \"db\" (10.0.0.5), port 5433 failed: Connection refused\n\tIs the server running on that "
     "host and accepting TCP/IP connections?\n",
     ErrorCode::kUnreachable, "nothing listens there", "check DB_HOST=db from .env, DB_PORT=5433 from .env;", true},
    {"connection to server at \"db\", port 5433 failed: timeout expired\n", ErrorCode::kUnreachable,
     "no answer within 10s", "firewall", true},
    {"connection to server at \"db\", port 5433 failed: No route to host\n\tIs the server running on that host and "
     "accepting TCP/IP connections?\n",
     ErrorCode::kUnreachable, "there is no way to that host", "DB_PORT=5433 from .env", true},
    {"connection to server on socket \"/nope/.s.PGSQL.5432\" failed: No such file or directory\n\tIs the server "
     "running "
     "locally and accepting connections on that socket?\n",
     ErrorCode::kUnreachable, "there is no server at that socket", "DB_HOST=db from .env", true},
    {"connection to server at \"db\", port 5433 failed: FATAL:  password authentication failed for user \"me\"\n"
     "connection to server at \"db\", port 5433 failed: FATAL:  password authentication failed for user \"me\"\n",
     ErrorCode::kUnreachable, "the server refuses the password of role me",
     "check POSTGRES_USER=me from .env, POSTGRES_PASSWORD from .env", false},
    {"connection to server on socket \"/run/.s.PGSQL.5433\" failed: FATAL:  Peer authentication failed for user "
     "\"me\"\n",
     ErrorCode::kUnreachable, "lets only the system user of the same name be role me", "DB_HOST=localhost", false},
    {"connection to server at \"db\", port 5433 failed: FATAL:  database \"app\" does not exist\n",
     ErrorCode::kUnreachable, "there is no database app", "check POSTGRES_DB=app from environment; Sluice makes no",
     false},
    {"connection to server on socket \"/run/.s.PGSQL.5433\" failed: FATAL:  role \"me\" does not exist\n",
     ErrorCode::kUnreachable, "there is no role me", "check POSTGRES_USER=me from .env", false},
    {"connection to server at \"db\", port 5433 failed: FATAL:  role \"me\" is not permitted to log in\n",
     ErrorCode::kUnreachable, "role me may not log in", "ALTER ROLE", false},
    {"connection to server at \"db\", port 5433 failed: FATAL:  permission denied for database \"app\"\nDETAIL:  User "
     "does not have CONNECT privilege.\n",
     ErrorCode::kPermission, "role me may not connect to database app", "GRANT CONNECT", false},
    {"connection to server at \"db\", port 5433 failed: FATAL:  no pg_hba.conf entry for host \"10.0.0.7\", user "
     "\"me\", "
     "database \"app\", no encryption\n",
     ErrorCode::kUnreachable, "pg_hba.conf has no line for this", "PGSSLMODE (not set: prefer);", false},
    {"connection to server at \"db\", port 5433 failed: server does not support SSL, but SSL was required\n",
     ErrorCode::kUnreachable, "the server has no TLS", "check PGSSLMODE", false},
    {"connection to server at \"db\", port 5433 failed: SSL error: certificate verify failed\n",
     ErrorCode::kUnreachable, "is not signed by the certificate authority in use", "check PGSSLROOTCERT (not set)",
     false},
    {"connection to server at \"db\", port 5433 failed: server certificate for \"db.example\" does not match host name "
     "\"db\"\n",
     ErrorCode::kUnreachable, "made out to another name", "check DB_HOST=db from .env", false},
    {"connection to server at \"db\", port 5433 failed: root certificate file \"/root/.postgresql/root.crt\" does not "
     "exist\nEither provide the file or change sslmode to disable server certificate verification.\n",
     ErrorCode::kUnreachable, "there is no file of certificate authorities", "PGSSLROOTCERT", false},
    {"connection to server at \"db\", port 5433 failed: FATAL:  connection requires a valid client certificate\n"
     "connection to server at \"db\", port 5433 failed: FATAL:  no pg_hba.conf entry for host \"10.0.0.7\", user "
     "\"me\", "
     "database \"app\", no encryption\n",
     ErrorCode::kUnreachable, "asks for a client certificate", "check PGSSLCERT", false},
    {"connection to server at \"db\", port 5433 failed: FATAL:  the database system is starting up\n",
     ErrorCode::kUnreachable, "the server is starting up", "--wait-for-database 60s", true},
    {"connection to server at \"db\", port 5433 failed: FATAL:  the database system is shutting down\n",
     ErrorCode::kUnreachable, "the server is shutting down", "--wait-for-database 60s", true},
    {"connection to server at \"db\", port 5433 failed: FATAL:  sorry, too many clients already\n",
     ErrorCode::kUnreachable, "as many connections as it may have", "max_connections", true},
    {"connection to server at \"db\", port 5433 failed: FATAL:  too many connections for role \"me\"\n",
     ErrorCode::kUnreachable, "as many connections as it may have", "CONNECTION LIMIT", true},
    {"connection to server at \"db\", port 5433 failed: session is read-only\n", ErrorCode::kStandby, "is a standby",
     "database.target_session_attrs=read-write (the default); connect to the primary", true},
    {"connection to server at \"db\", port 5433 failed: server is in hot standby mode\n", ErrorCode::kStandby,
     "is a standby", "connect to the primary", true},
    {"invalid port number: \"99999\"\n", ErrorCode::kConfig, "not a number from 1 to 65535",
     "check DB_PORT=5433 from .env", false},
    {"invalid connection option \"require_auth\"\n", ErrorCode::kConfig, "libpq does not know one of the settings",
     "newer libpq", false},
    {"connection to server at \"db\", port 5433 failed: received invalid response to SSL negotiation: H\n",
     ErrorCode::kUnreachable, "what answers there is not PostgreSQL", "check DB_HOST=db from .env, DB_PORT=5433",
     false},
    {"connection to server at \"db\", port 5433 failed: server closed the connection unexpectedly\n\tThis probably "
     "means "
     "the server terminated abnormally\n\tbefore or while processing the request.\n",
     ErrorCode::kUnreachable, "closed before the server said anything", "restarting", true},
    {"connection to server at \"db\", port 5433 failed: FATAL:  unsupported startup parameter: options\n",
     ErrorCode::kPooler, "the pooler refuses a parameter", "check PGOPTIONS (not set)", false},
    {"connection to server at \"db\", port 5433 failed: something new\n", ErrorCode::kUnreachable,
     "the connection failed", "check DB_HOST=db from .env", false},
};

class ConnectionDiagnosisTest : public testing::TestWithParam<Known> {};

TEST_P(ConnectionDiagnosisTest, SaysWhatIsWrongAndWhichSettingsToCheck) {
  const Known& known = GetParam();
  const Error error = DiagnoseConnection(AppConnection(), known.libpq_message, "");
  EXPECT_EQ(error.code, known.code);
  EXPECT_THAT(error.message, AllOf(HasSubstr("database app on db:5433 as me: "), HasSubstr(known.what)));
  EXPECT_THAT(error.hint, HasSubstr(known.hint));
  EXPECT_THAT(error.message + error.hint, Not(HasSubstr("hunter2")));
  EXPECT_EQ(MayPass(known.libpq_message, ""), known.may_pass);
}

INSTANTIATE_TEST_SUITE_P(Messages, ConnectionDiagnosisTest, testing::ValuesIn(kKnown));

TEST(DiagnoseConnectionTest, NamesThePartOfAUrl) {
  ConnectionSettings connection;
  connection.keywords = {{"host", "db", "DATABASE_URL", "environment", false},
                         {"port", "5433", "DATABASE_URL", "environment", false}};
  EXPECT_THAT(DiagnoseConnection(connection, "Connection refused", "").hint,
              HasSubstr("check DATABASE_URL from environment (host db), DATABASE_URL from environment (port 5433);"));
}

TEST(DiagnoseConnectionTest, NamesTheFlag) {
  ConnectionSettings connection;
  connection.keywords = {{"password", "hunter2", "--database-url", "--database-url", true}};
  EXPECT_THAT(DiagnoseConnection(connection, "no password supplied", "").hint,
              HasSubstr("check --database-url (password);"));
}

TEST(DiagnoseConnectionTest, SaysThatThePasswordIsNotSet) {
  const Error error = DiagnoseConnection(
      {}, "connection to server at \"db\", port 5433 failed: fe_sendauth: no password supplied\n", "");
  EXPECT_THAT(error.message, HasSubstr("the server asks for a password, and there is none"));
  EXPECT_THAT(error.hint, HasSubstr("check POSTGRES_PASSWORD (not set); set it, or POSTGRES_PASSWORD_FILE"));
}

TEST(DiagnoseConnectionTest, SaysWhatHoldsWhereNothingIsSet) {
  EXPECT_THAT(DiagnoseConnection({}, "Connection refused", "").hint,
              HasSubstr("check DB_HOST (not set: the local socket), DB_PORT (not set: 5432);"));
}

TEST(DiagnoseConnectionTest, KnowsTheSqlstateOfAMessageInAnotherLanguage) {
  const char* german = "Verbindung fehlgeschlagen: FATAL:  Passwort-Authentifizierung fehlgeschlagen";
  EXPECT_THAT(DiagnoseConnection(AppConnection(), german, "28P01").message,
              HasSubstr("refuses the password of role me"));
  EXPECT_TRUE(MayPass("FATAL:  das Datenbanksystem startet", "57P03"));
}

TEST(DiagnoseConnectionTest, TakesTheServersWordsOutOfLibpqs) {
  const Error error = DiagnoseConnection(AppConnection(),
                                         "connection to server at \"db\", port 5433 failed: FATAL:  permission denied "
                                         "for database \"app\"\nDETAIL:  User does not have CONNECT privilege.\n",
                                         "");
  EXPECT_EQ(error.server.severity, "FATAL");
  EXPECT_EQ(error.server.message, "permission denied for database \"app\"");
  EXPECT_EQ(error.server.detail, "User does not have CONNECT privilege.");
}

// Of several hosts one that is down may be the primary: waiting can help, and the report shows both.
TEST(DiagnoseConnectionTest, ADownHostBesideAStandbyIsAHostThatIsDown) {
  const Error error = DiagnoseConnection(AppConnection(),
                                         "connection to server at \"h1\", port 5432 failed: session is read-only\n"
                                         "connection to server at \"h2\", port 5432 failed: Connection refused\n",
                                         "");
  EXPECT_EQ(error.code, ErrorCode::kUnreachable);
  EXPECT_THAT(error.server.message, AllOf(HasSubstr("read-only"), HasSubstr("refused")));
}

}  // namespace
}  // namespace sluice
