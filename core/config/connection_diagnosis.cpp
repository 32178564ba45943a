#include "core/config/connection_diagnosis.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "core/base/duration.h"
#include "core/base/split.h"
#include "core/config/connection.h"
#include "core/config/setting_table.h"

namespace sluice {
namespace {

// One way in which a connection fails. In the texts `{keyword}` stands for the value in use.
struct Case {
  std::string_view words;     // all in libpq's or the server's message, separated by `*`
  std::string_view sqlstate;  // the server's; "": none, or one that says too little
  ErrorCode code;
  bool may_pass;           // trying again may help
  std::string_view what;   // what is wrong
  std::string_view check;  // the keywords whose settings decide, with commas
  std::string_view mend;   // what else to do; "": nothing
};

// The messages are those of libpq 15 to 18 and of PostgreSQL 13 to 18 (src/interfaces/libpq/fe-*.c, libpq/auth.c,
// utils/init/postinit.c), and PgBouncer's. The first that fits counts: what a server has decided comes before what one
// of several hosts may do differently, and the particular before the general.
constexpr Case kCases[] = {
    // Settings that libpq refuses.
    {"invalid connection option", "", ErrorCode::kConfig, false, "libpq does not know one of the settings", "",
     "remove it, or use a newer libpq"},
    {"invalid port number", "", ErrorCode::kConfig, false, "the port is not a number from 1 to 65535", "port", ""},
    {"invalid integer value", "", ErrorCode::kConfig, false, "a setting is not a number", "port", ""},
    {"could not match*port numbers to*hosts", "", ErrorCode::kConfig, false,
     "there must be one port, or as many as there are hosts", "host,port", ""},
    {"could not match*host names to*hostaddr", "", ErrorCode::kConfig, false,
     "there must be as many addresses as hosts", "host,hostaddr", ""},
    {"invalid *value: \"", "", ErrorCode::kConfig, false, "libpq refuses the value of a setting", "", ""},

    // TLS.
    {"server does not support SSL", "", ErrorCode::kUnreachable, false,
     "the server has no TLS, and sslmode asks for it", "sslmode",
     "turn TLS on at the server (ssl = on), or set sslmode to prefer"},
    {"does not match host name", "", ErrorCode::kUnreachable, false,
     "the server's certificate is made out to another name than the host's", "host,sslmode",
     "connect by the name in the certificate; verify-ca would not compare names"},
    {"certificate verify failed", "", ErrorCode::kUnreachable, false,
     "the server's certificate is not signed by the certificate authority in use", "sslrootcert,sslmode",
     "give the file of the authority that signed it"},
    {"root certificate file*does not exist", "", ErrorCode::kUnreachable, false,
     "sslmode asks to verify the server's certificate, and there is no file of certificate authorities",
     "sslmode,sslrootcert", "give the file of the authority that signed it"},
    {"could not read root certificate file", "", ErrorCode::kUnreachable, false,
     "the file of certificate authorities can't be read", "sslrootcert", ""},
    {"requires a valid client certificate", "", ErrorCode::kUnreachable, false,
     "the server asks for a client certificate", "sslcert,sslkey", ""},
    {"private key file", "", ErrorCode::kUnreachable, false, "the key of the client certificate can't be used",
     "sslkey,sslcert", "the key must belong to the certificate, and nobody else may read it (chmod 600)"},
    {"could not read certificate file", "", ErrorCode::kUnreachable, false, "the client certificate can't be read",
     "sslcert", ""},
    {"unknown ca", "", ErrorCode::kUnreachable, false, "the server does not trust the client certificate", "sslcert",
     "it must be signed by an authority in the server's ssl_ca_file"},
    {"SSL error", "", ErrorCode::kUnreachable, false, "TLS could not be set up", "sslmode,sslrootcert,sslcert", ""},
    {"GSSAPI encryption required", "", ErrorCode::kUnreachable, false,
     "GSSAPI encryption is asked for and can't be had", "gssencmode", ""},
    {"channel binding", "", ErrorCode::kUnreachable, false, "channel binding is asked for and can't be had",
     "channel_binding,sslmode", ""},

    // Who may come in.
    {"password authentication failed", "28P01", ErrorCode::kUnreachable, false,
     "the server refuses the password of role {user}", "user,password", ""},
    {"no password supplied", "", ErrorCode::kUnreachable, false, "the server asks for a password, and there is none",
     "password", "set it, or POSTGRES_PASSWORD_FILE, or use a password file (PGPASSFILE)"},
    {"Peer authentication failed", "", ErrorCode::kUnreachable, false,
     "on its socket the server lets only the system user of the same name be role {user}", "host,user",
     "set DB_HOST=localhost to come in with a password, or run as that user"},
    {"Ident authentication failed", "", ErrorCode::kUnreachable, false,
     "the server lets only the system user of the same name be role {user}", "user",
     "change the method of its line in pg_hba.conf to scram-sha-256"},
    {"role \"*\" does not exist", "", ErrorCode::kUnreachable, false, "there is no role {user}", "user", ""},
    {"is not permitted to log in", "", ErrorCode::kUnreachable, false, "role {user} may not log in", "user",
     "a superuser can allow it: ALTER ROLE … LOGIN"},
    {"no pg_hba.conf entry", "28000", ErrorCode::kUnreachable, false,
     "the server's pg_hba.conf has no line for this host, role, database and encryption", "user,dbname,sslmode",
     "add a line to pg_hba.conf and reload the server; a line of type hostssl needs sslmode=require"},
    {"pg_hba.conf rejects connection", "", ErrorCode::kUnreachable, false,
     "the server's pg_hba.conf rejects this host, role, database and encryption", "user,dbname,sslmode", ""},
    {"authentication method", "", ErrorCode::kUnreachable, false,
     "the server asks for an authentication method that is not allowed here", "require_auth", ""},
    {"requirepeer specifies", "", ErrorCode::kUnreachable, false, "the server runs as another system user than allowed",
     "requirepeer", ""},
    {"no such user", "", ErrorCode::kUnreachable, false, "the pooler knows no role {user}", "user", ""},
    {"permission denied for database", "42501", ErrorCode::kPermission, false,
     "role {user} may not connect to database {dbname}", "user,dbname",
     "the database's owner can allow it: GRANT CONNECT ON DATABASE … TO …"},
    {"database \"*\" does not exist", "3D000", ErrorCode::kUnreachable, false, "there is no database {dbname}",
     "dbname", "Sluice makes no databases: CREATE DATABASE, or createdb"},
    {"no such database", "", ErrorCode::kUnreachable, false, "the pooler knows no database {dbname}", "dbname", ""},
    {"is not currently accepting connections", "55000", ErrorCode::kUnreachable, false,
     "database {dbname} does not allow connections", "dbname", "ALTER DATABASE … ALLOW_CONNECTIONS true"},
    {"unsupported startup parameter", "", ErrorCode::kPooler, false, "the pooler refuses a parameter of the connection",
     "options", "remove it, connect to the server itself, or list it in PgBouncer's ignore_startup_parameters"},
    {"unrecognized configuration parameter", "42704", ErrorCode::kUnreachable, false,
     "the server does not know a parameter in the connection's options", "options", ""},
    {"invalid value for parameter", "22023", ErrorCode::kUnreachable, false,
     "the server refuses a value in the connection's options", "options", ""},

    // A server that can't serve yet.
    {"too many connections for", "", ErrorCode::kUnreachable, true,
     "the role or the database has as many connections as it may have", "user,dbname",
     "close some, or raise CONNECTION LIMIT"},
    {"too many clients", "53300", ErrorCode::kUnreachable, true, "the server has as many connections as it may have",
     "", "close some, raise max_connections, or put a pooler before the applications"},
    {"connection slots are reserved", "", ErrorCode::kUnreachable, true,
     "the server has as many connections as it may have", "",
     "close some, raise max_connections, or put a pooler before the applications"},
    {"starting up", "57P03", ErrorCode::kUnreachable, true, "the server is starting up", "",
     "--wait-for-database 60s waits for it"},
    {"not yet accepting connections", "", ErrorCode::kUnreachable, true, "the server is starting up", "",
     "--wait-for-database 60s waits for it; a standby needs hot_standby and a consistent state"},
    {"Hot standby mode is disabled", "", ErrorCode::kStandby, true, "the server is a standby that takes no connections",
     "host,port", "connect to the primary"},
    {"in recovery mode", "", ErrorCode::kUnreachable, true, "the server recovers from a crash", "",
     "--wait-for-database 60s waits for it"},
    {"shutting down", "", ErrorCode::kUnreachable, true, "the server is shutting down", "",
     "--wait-for-database 60s waits until it is back"},
    {"terminating connection", "57P01", ErrorCode::kUnreachable, true, "the server ended the connection", "",
     "it is restarting, or an administrator ended the session"},

    // No server.
    {"could not translate host name*Temporary failure", "", ErrorCode::kUnreachable, true,
     "the name of the host can't be looked up now", "host", "the name service does not answer"},
    {"could not translate host name", "", ErrorCode::kUnreachable, true, "there is no host of that name", "host",
     "a name from Docker Compose or Kubernetes is known inside its own network only"},
    {"could not parse network address", "", ErrorCode::kConfig, false, "an address is not one", "hostaddr", ""},
    {"on socket*No such file or directory", "", ErrorCode::kUnreachable, true, "there is no server at that socket",
     "host,port", "is it running, and does its unix_socket_directories name that directory?"},
    {"on socket*Permission denied", "", ErrorCode::kUnreachable, false, "this user may not use the server's socket",
     "host,port", "set DB_HOST=localhost to come in over TCP, or mend the directory's permissions"},
    {"Unix-domain socket path*is too long", "", ErrorCode::kConfig, false, "the socket's path is too long", "host", ""},
    {"Connection refused", "", ErrorCode::kUnreachable, true, "nothing listens there", "host,port",
     "is the server running? In a container localhost is the container itself; listen_addresses must include the "
     "address"},
    {"timeout expired", "", ErrorCode::kUnreachable, true, "no answer within {connect_timeout}", "host,port",
     "is a firewall or a security group in between?"},
    {"Connection timed out", "", ErrorCode::kUnreachable, true, "no answer", "host,port",
     "is a firewall or a security group in between?"},
    {"Network is unreachable", "", ErrorCode::kUnreachable, true, "there is no way to that network", "host", ""},
    {"No route to host", "", ErrorCode::kUnreachable, true, "there is no way to that host", "host,port",
     "is the host up, and is a firewall in between?"},
    {"invalid response to SSL negotiation", "", ErrorCode::kUnreachable, false, "what answers there is not PostgreSQL",
     "host,port", ""},
    {"expected authentication request", "", ErrorCode::kUnreachable, false, "what answers there is not PostgreSQL",
     "host,port", ""},
    {"server closed the connection unexpectedly", "", ErrorCode::kUnreachable, true,
     "the connection was closed before the server said anything", "host,port",
     "is the server restarting, or a proxy in between that has no server behind it?"},
    {"Connection reset", "", ErrorCode::kUnreachable, true, "the connection was cut", "host,port",
     "is the server restarting, or a proxy in between that has no server behind it?"},

    // The wrong one of several servers.
    {"session is read-only", "", ErrorCode::kStandby, true, "the server is a standby, or its sessions are read only",
     "host,port,target_session_attrs",
     "connect to the primary; default_transaction_read_only = on makes a primary read only too"},
    {"server is in hot standby mode", "", ErrorCode::kStandby, true, "the server is a standby",
     "host,port,target_session_attrs", "connect to the primary"},
    {"server is not in hot standby mode", "", ErrorCode::kConfig, false,
     "target_session_attrs asks for a standby, and the server is a primary", "target_session_attrs",
     "a migration needs read-write"},
    {"session is not read-only", "", ErrorCode::kConfig, false,
     "target_session_attrs asks for a read-only session, and this one is not", "target_session_attrs",
     "a migration needs read-write"},
};

constexpr Case kUnknownCase = {"", "", ErrorCode::kUnreachable, false, "the connection failed", "host,port,dbname,user",
                               ""};

bool HasWords(std::string_view message, std::string_view words) {
  for (const std::string_view word : SplitAt(words, '*')) {
    const std::size_t at = message.find(word);
    if (at == std::string_view::npos) return false;
    message.remove_prefix(at + word.size());
  }
  return true;
}

// The words are surer than the SQLSTATE, which is often shared (28000); that one is for a message in another language.
const Case& Classify(std::string_view message, std::string_view sqlstate) {
  for (const Case& one : kCases) {
    if (HasWords(message, one.words)) return one;
  }
  for (const Case& one : kCases) {
    if (!sqlstate.empty() && one.sqlstate == sqlstate) return one;
  }
  return kUnknownCase;
}

std::string ValueInUse(const ConnectionSettings& connection, std::string_view keyword) {
  if (keyword == "connect_timeout") return FormatDuration(connection.connect_timeout);
  const ConnectionKeyword* found = FindKeyword(connection, std::string(keyword));
  if (found != nullptr && !found->value.empty()) return found->value;
  if (keyword == "dbname") return ValueInUse(connection, "user");
  return "of this system user";
}

std::string Fill(std::string_view text, const ConnectionSettings& connection) {
  std::string filled;
  while (true) {
    const std::size_t open = text.find('{');
    filled += text.substr(0, open);
    if (open == std::string_view::npos) return filled;
    const std::size_t close = text.find('}', open);
    filled += ValueInUse(connection, text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

bool IsUrlSetting(const std::string& setting) {
  const std::string_view name = setting;
  return name.find("DATABASE_URL") != name.npos || name.find("database.url") != name.npos || name == "--database-url";
}

// What libpq does where nothing is set.
std::string_view WhenNotSet(std::string_view keyword) {
  if (keyword == "host") return ": the local socket";
  if (keyword == "port") return ": 5432";
  if (keyword == "dbname") return ": the role's name";
  if (keyword == "user") return ": the system user's name";
  if (keyword == "sslmode") return ": prefer";
  return "";
}

// A Secret made with `echo` ends in a line break that nobody sees.
std::string_view Suspicion(const ConnectionKeyword& keyword) {
  constexpr std::string_view kBlanks = " \t\r\n";
  if (!keyword.secret || keyword.value.empty()) return "";
  const bool blank =
      kBlanks.find(keyword.value.front()) != kBlanks.npos || kBlanks.find(keyword.value.back()) != kBlanks.npos;
  return blank ? " (it begins or ends with a blank or a line break)" : "";
}

// `DB_PORT=5433 from .env`, `DATABASE_URL from environment (port 5433)`, `DB_HOST (not set: …)`.
std::string DescribeSetting(const ConnectionSettings& connection, std::string_view keyword) {
  const ConnectionKeyword* found = FindKeyword(connection, std::string(keyword));
  if (found == nullptr) {
    const SettingRule& rule = *FindConnectionKeyword(keyword);
    const std::string_view name = rule.environment.front().empty() ? rule.key : rule.environment.front();
    return std::string(name) + " (not set" + std::string(WhenNotSet(keyword)) + ")";
  }
  const std::string from = found->source.empty() ? " (the default)" : " from " + found->source;
  const bool is_flag = found->source == found->setting;
  if (IsUrlSetting(found->setting)) {
    const std::string part = found->secret ? found->keyword : found->keyword + " " + found->value;
    return found->setting + (is_flag ? "" : from) + " (" + part + ")";
  }
  return found->setting + (found->secret ? "" : "=" + found->value) + (is_flag ? "" : from) +
         std::string(Suspicion(*found));
}

std::string DescribeHint(const Case& found, const ConnectionSettings& connection) {
  if (found.check.empty()) return std::string(found.mend);
  std::string hint;
  for (const std::string_view keyword : SplitAt(found.check, ',')) {
    hint += (hint.empty() ? "check " : ", ") + DescribeSetting(connection, keyword);
  }
  return found.mend.empty() ? hint : hint + "; " + std::string(found.mend);
}

// A line of libpq's text that begins with `name:  `, without it; empty when there is none.
std::string TakeField(std::string_view message, std::string_view name) {
  const std::size_t at = message.find(name);
  if (at == std::string_view::npos) return {};
  message.remove_prefix(at + name.size());
  return std::string(message.substr(0, message.find('\n')));
}

// What the server itself said is taken out of libpq's text; what libpq found out alone stays as it is.
ServerReport ReadReport(std::string_view message, std::string_view sqlstate) {
  while (message.ends_with('\n')) message.remove_suffix(1);
  ServerReport report;
  report.sqlstate = sqlstate;
  report.message = message;
  const bool one_attempt = message.find(" failed: ") == message.rfind(" failed: ");
  if (!one_attempt || message.find("FATAL:  ") == std::string_view::npos) return report;
  report.severity = "FATAL";
  report.message = TakeField(message, "FATAL:  ");
  report.detail = TakeField(message, "\nDETAIL:  ");
  report.hint = TakeField(message, "\nHINT:  ");
  return report;
}

}  // namespace

Error DiagnoseConnection(const ConnectionSettings& connection, std::string_view libpq_message,
                         std::string_view sqlstate) {
  const Case& found = Classify(libpq_message, sqlstate);
  Error error =
      MakeError(found.code, "can't connect to " + DescribeConnection(connection) + ": " + Fill(found.what, connection),
                DescribeHint(found, connection));
  error.server = ReadReport(libpq_message, sqlstate);
  return error;
}

bool MayPass(std::string_view libpq_message, std::string_view sqlstate) {
  return Classify(libpq_message, sqlstate).may_pass;
}

}  // namespace sluice
