#include "core/engine/server_checks.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <utility>

#include "core/engine/other_sessions.h"
#include "core/engine/own_statement.h"
#include "core/engine/status.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

constexpr int kOldestServer = 13;
constexpr int kNewestServer = 18;
constexpr std::chrono::seconds kLongTransaction{60};
constexpr double kClockTolerance = 5;  // seconds
constexpr std::uintmax_t kLittleSpace = std::uintmax_t{256} << 20;
constexpr std::size_t kNamed = 3;

DoctorCheck Ok(std::string name, std::string message) {
  return {std::move(name), CheckOutcome::kOk, std::move(message), ""};
}

DoctorCheck Warning(std::string name, std::string message, std::string hint) {
  return {std::move(name), CheckOutcome::kWarning, std::move(message), std::move(hint)};
}

DoctorCheck Failure(std::string name, std::string message, std::string hint) {
  return {std::move(name), CheckOutcome::kFailure, std::move(message), std::move(hint)};
}

// The server doesn't answer: that is worth a word, and no reason to stop.
DoctorCheck Unanswered(std::string name, const Error& error) {
  const std::string& why = error.server.message.empty() ? error.message : error.server.message;
  return Warning(std::move(name), "can't be told: " + why, "");
}

bool IsTrue(const std::optional<std::string>& field) { return field == "t"; }

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i) text += (i > 0 ? "; " : "") + names[i];
  if (names.size() > kNamed) text += "; and " + std::to_string(names.size() - kNamed) + " more";
  return text;
}

// SQL: this role has each of the privileges on the table.
std::string HasAll(const std::string& table, const std::vector<std::string_view>& privileges) {
  std::string sql;
  for (const std::string_view privilege : privileges) {
    if (!sql.empty()) sql += " AND ";
    sql += "has_table_privilege(" + QuoteLiteral(table) + ", '" + std::string(privilege) + "')";
  }
  return "(" + sql + ")";
}

// SQL: this role may create tables in the schema; false where it isn't there.
std::string MayCreateIn(const std::string& schema) {
  return "coalesce((SELECT has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE') FROM "
         "pg_namespace "
         "WHERE nspname = " +
         QuoteLiteral(schema) + "), false)";
}

// SQL: the bookkeeping can be written, or made.
std::string MayKeepBooks(const ServerView& view) {
  if (!view.state.has_bookkeeping) {
    if (view.state.has_schema) return MayCreateIn(view.bookkeeping.schema());
    return "has_database_privilege(current_database(), 'CREATE')";
  }
  std::string sql;
  for (const std::string_view table : {"run", "revision", "event", "progress"}) {
    if (!sql.empty()) sql += " AND ";
    sql += HasAll(view.bookkeeping.Table(table), {"SELECT", "INSERT", "UPDATE", "DELETE"});
  }
  return "(" + sql + ")";
}

std::string Bytes(std::uintmax_t bytes) {
  constexpr std::string_view kUnits[] = {"bytes", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (bytes >= 10 * 1024 && unit + 1 < std::size(kUnits)) {
    bytes /= 1024;
    ++unit;
  }
  return std::to_string(bytes) + " " + std::string(kUnits[unit]);
}

}  // namespace

DoctorCheck CheckServerVersion(const DatabaseState& state) {
  const std::string name = "server version";
  const std::string range = std::to_string(kOldestServer) + " to " + std::to_string(kNewestServer);
  if (state.server_major < kOldestServer) {
    return Failure(name, "PostgreSQL " + state.server_version + " is too old",
                   "upgrade the server: Sluice works with " + range);
  }
  if (state.server_major > kNewestServer) {
    return Warning(name, "PostgreSQL " + state.server_version + " is newer than this Sluice was tested with",
                   "see whether there is a newer Sluice; this one was tested with " + range);
  }
  return Ok(name, "PostgreSQL " + state.server_version);
}

DoctorCheck CheckWritable(const DatabaseState& state) {
  if (!state.standby) return Ok("standby", "the server is a primary");
  return Failure("standby", "this server is a standby: it can't be written to",
                 "connect to the primary (several hosts and target_session_attrs=read-write find it)");
}

DoctorCheck CheckBookkeeping(const DatabaseState& state, const Bookkeeping& bookkeeping) {
  const std::string name = "bookkeeping";
  const std::string schema = "schema " + bookkeeping.schema();
  if (state.has_bookkeeping) return Ok(name, "layout " + std::to_string(state.layout_major) + " in " + schema);
  if (!state.has_version_table)
    return Ok(name, "not there yet: the first run makes " + schema + " and the version table");
  return Ok(name, "not there yet, beside a version table that another program made: the first run makes " + schema);
}

DoctorCheck CheckPrivileges(const ServerView& view) {
  const std::string name = "privileges";
  const std::string version_table =
      view.state.has_version_table ? HasAll(view.bookkeeping.version_table(), {"SELECT", "INSERT", "UPDATE", "DELETE"})
                                   : MayCreateIn(view.state.version_table_schema);
  const std::string& role = view.settings.role;
  const std::string may_set_role =
      role.empty() ? "true"
                   : "coalesce((SELECT pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = " +
                         QuoteLiteral(role) + "), false)";
  const Result<std::vector<Row>> rows =
      view.session.Query("SELECT " + version_table + ", " + MayKeepBooks(view) + ", " + may_set_role);
  if (!rows.ok()) return Unanswered(name, rows.error());
  const Row& may = rows->front();
  std::vector<std::string> missing;
  if (!IsTrue(may[0]))
    missing.push_back((view.state.has_version_table ? "write " : "create ") + view.bookkeeping.version_table_key());
  if (!IsTrue(may[1])) {
    missing.push_back((view.state.has_bookkeeping ? "write the tables in schema " : "create the tables in schema ") +
                      view.bookkeeping.schema());
  }
  if (!missing.empty()) {
    return Failure(name, "role " + view.state.user + " may not: " + Join(missing),
                   GrantsHint(view.bookkeeping, view.state));
  }
  if (!IsTrue(may[2])) {
    return Failure(name, "role " + view.state.user + " may not become role " + role + ", which scripts are to run as",
                   "GRANT " + QuoteIdentifier(role) + " TO " + QuoteIdentifier(view.state.user) +
                       ", or change the setting `role`");
  }
  return Ok(name, "role " + view.state.user + " may do what Sluice needs");
}

DoctorCheck CheckSearchPath(const ServerView& view) {
  const std::string name = "search_path";
  const std::string& configured = view.settings.search_path;
  const Result<std::vector<Row>> rows = view.session.Query(
      "SET LOCAL search_path " + (configured.empty() ? "TO DEFAULT" : "= " + configured) + "; " +
      std::string("SELECT pg_catalog.current_schema(), pg_catalog.current_setting('search_path'), (SELECT "
                  "pg_catalog.string_agg(n.nspname, ', ' ORDER BY n.nspname) FROM pg_catalog.pg_class c JOIN "
                  "pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE c.relkind "
                  "OPERATOR(pg_catalog.=) 'r' AND c.relname OPERATOR(pg_catalog.=) ") +
      QuoteLiteral(view.settings.version_table) + " AND n.nspname OPERATOR(pg_catalog.<>) " +
      QuoteLiteral(view.state.version_table_schema) + ")");
  if (!rows.ok()) return Unanswered(name, rows.error());
  const Row& found = rows->front();
  const std::string path = found[1].value_or("");
  if (!found[0]) {
    return Failure(name, "no schema of search_path (" + path + ") is there: a script's CREATE TABLE would fail",
                   "create the schema, or change the setting `search_path`");
  }
  if (found[2]) {
    return Warning(name,
                   "there are version tables of this name in other schemas too: " + *found[2] + "; " +
                       view.bookkeeping.version_table_key() + " is the one in use",
                   "say which one is meant: --version-table SCHEMA." + view.settings.version_table);
  }
  return Ok(name, path + "; scripts create objects in schema " + *found[0]);
}

DoctorCheck CheckClock(ReadSession& session) {
  const auto now = [] {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  };
  const double before = now();
  const Result<std::vector<Row>> rows = session.Query("SELECT extract(epoch FROM clock_timestamp())");
  if (!rows.ok()) return Unanswered("clock", rows.error());
  const double here = (before + now()) / 2;
  const double ahead = std::strtod(rows->front().front().value_or("0").c_str(), nullptr) - here;
  const auto seconds = static_cast<long long>(std::fabs(ahead) + 0.5);
  if (std::fabs(ahead) <= kClockTolerance) return Ok("clock", "the server's clock agrees with this machine's");
  return Warning("clock",
                 "the server's clock is " + std::to_string(seconds) + " s " + (ahead > 0 ? "ahead of" : "behind") +
                     " this machine's",
                 "the times in Sluice's tables are the server's; let both follow a time server");
}

DoctorCheck CheckDiskSpace(ReadSession& session) {
  const std::string name = "disk space";
  // It opens every table, and some may be locked.
  const Result<std::vector<Row>> rows = session.QueryOnce(
      "SELECT coalesce(max(pg_total_relation_size(oid)), 0), inet_server_addr() IS NULL FROM pg_class "
      "WHERE relkind IN ('r', 'm')");
  if (!rows.ok()) return Unanswered(name, rows.error());
  const std::uintmax_t largest = std::strtoull(rows->front()[0].value_or("0").c_str(), nullptr, 10);
  const std::string need = "a rewrite of the largest table needs " + Bytes(largest);
  // Over a Unix socket the server is on this machine, and some roles may see where its files are.
  const Result<std::vector<Row>> directory = session.Query("SELECT current_setting('data_directory')");
  std::error_code trouble;
  if (IsTrue(rows->front()[1]) && directory.ok()) {
    const std::filesystem::space_info space = std::filesystem::space(directory->front().front().value_or(""), trouble);
    if (!trouble) {
      const std::string message = Bytes(space.available) + " free in the data directory; " + need;
      if (space.available >= std::max(largest, kLittleSpace)) return Ok(name, message);
      return Warning(name, message, "make room before a revision that rewrites a table or builds an index");
    }
  }
  return Ok(name, "can't be known from here: PostgreSQL doesn't tell; " + need);
}

DoctorCheck CheckIndexes(ReadSession& session) {
  const std::string name = "indexes";
  const Result<std::vector<InvalidIndex>> invalid = FindInvalidIndexes(session);
  if (!invalid.ok()) return Unanswered(name, invalid.error());
  if (invalid->empty()) return Ok(name, "all valid");
  std::vector<std::string> names;
  for (const InvalidIndex& index : *invalid) names.push_back(index.index + " on " + index.table);
  return Warning(name, "not valid, and kept up to date for nothing: " + Join(names),
                 "a revision that is applied in part makes its own again (sluice upgrade); otherwise DROP INDEX "
                 "CONCURRENTLY, or REINDEX INDEX CONCURRENTLY");
}

DoctorCheck CheckRuns(const ServerView& view) {
  const std::string name = "runs";
  const OtherSession holder = FindLockHolder(view.session, view.bookkeeping.migrator_lock());
  if (holder.pid != 0) return Ok(name, "a migrator is at work: " + DescribeSession(holder));
  if (!view.state.has_bookkeeping) return Ok(name, "none yet");
  const Result<std::vector<RunRow>> runs = ReadRuns(view.session, view.bookkeeping, 1);
  if (!runs.ok()) return Unanswered(name, runs.error());
  if (runs->empty()) return Ok(name, "none yet");
  const RunRow& last = runs->front();
  const std::string told = last.command + " by " + last.who + " from " + last.host + " at " + last.started_at;
  if (!last.outcome.empty()) return Ok(name, "the last one: " + told + ", " + last.outcome);
  return Warning(name, "the last one was interrupted: " + told,
                 "nothing has to be done: the next run closes its record and goes on where it stopped");
}

DoctorCheck CheckPartialWork(const DatabaseState& state) {
  const std::string name = "partial work";
  if (state.progress.empty()) return Ok(name, "no revision is applied in part");
  std::vector<std::string> names;
  for (const ProgressRow& row : state.progress) names.push_back(row.revision);
  return Warning(name, "applied in part: " + Join(names),
                 "sluice upgrade completes, sluice downgrade takes back, sluice repair settles it");
}

DoctorCheck CheckLongTransactions(ReadSession& session) {
  const std::string name = "long transactions";
  const Result<std::vector<OtherSession>> old = FindOldTransactions(session, kLongTransaction);
  if (!old.ok()) return Unanswered(name, old.error());
  const Result<std::vector<Row>> rows = session.Query(
      "SELECT pg_has_role(session_user, 'pg_read_all_stats', 'USAGE'), (SELECT string_agg(gid, ', ') FROM "
      "pg_prepared_xacts WHERE database = current_database() AND prepared <= clock_timestamp() - interval '" +
      std::to_string(kLongTransaction.count()) + " seconds')");
  if (!rows.ok()) return Unanswered(name, rows.error());
  std::vector<std::string> found;
  for (const OtherSession& one : *old) found.push_back(DescribeSession(one));
  if (const auto& prepared = rows->front()[1]) found.push_back("prepared transactions: " + *prepared);
  if (!found.empty()) {
    return Warning(name, "older than a minute, and in the way of DDL on what they touched: " + Join(found),
                   "end them first (COMMIT PREPARED, pg_terminate_backend), or let the migrator do it: "
                   "--terminate-blockers-after");
  }
  if (IsTrue(rows->front()[0])) return Ok(name, "none older than a minute");
  return Ok(name, "none older than a minute among the sessions that this role may see (pg_read_all_stats shows all)");
}

}  // namespace sluice
