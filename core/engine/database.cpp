#include "core/engine/database.h"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <utility>

#include "core/base/duration.h"
#include "core/config/connection.h"
#include "core/config/connection_diagnosis.h"
#include "core/engine/retry_policy.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kConnectPause{500};
constexpr milliseconds kReconnectPause{250};
constexpr milliseconds kFirstLockPoll{20};
constexpr milliseconds kLongestLockPoll{500};
constexpr milliseconds kTellEvery{1'000};

double Chance() {
  static thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

milliseconds Since(Clock& clock, Clock::TimePoint begin) {
  return std::chrono::duration_cast<milliseconds>(clock.Now() - begin);
}

Error Interrupted() { return MakeError(ErrorCode::kInterrupted, "interrupted"); }

OtherSession ReadOtherSession(const Row& row) {
  OtherSession session;
  const auto text = [&row](std::size_t i) { return row[i].value_or(""); };
  session.pid = std::atoi(text(0).c_str());
  session.user = text(1);
  session.application = text(2);
  session.host = text(3);
  session.state = text(4);
  session.age = milliseconds(std::atoll(text(5).c_str()));
  session.query = text(6);
  return session;
}

std::string SelectSessions(const std::string& where) {
  return "SELECT a.pid, a.usename, a.application_name, coalesce(a.client_hostname, host(a.client_addr)), a.state, "
         "(extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.backend_start)) * 1000)::bigint, "
         "left(regexp_replace(a.query, '\\s+', ' ', 'g'), 200) FROM pg_catalog.pg_stat_activity a WHERE " +
         where;
}

}  // namespace

Error OwnStatementError(const MessageFailure& failure) {
  if (failure.connection_lost) {
    Error error = MakeError(ErrorCode::kConnectionLost, "the connection to PostgreSQL broke");
    error.server = failure.server;
    return error;
  }
  const std::string& text = failure.server.message;
  if (text.find(kRowsChangedMark) != std::string::npos) {
    return MakeError(ErrorCode::kVersionChanged, "the version table was changed by somebody else during the run",
                     "nothing of this step was kept; see who else migrates this database, then run sluice status");
  }
  if (text.find(kLockLostMark) != std::string::npos) {
    return MakeError(ErrorCode::kLockHeld, "the session lost its advisory lock while the script ran",
                     "nothing of this step was kept; the script (or a function it calls) releases advisory locks");
  }
  if (IsLockTrouble(failure.server.sqlstate)) {
    Error error = MakeError(ErrorCode::kLockBudget, "a statement of Sluice's own could not have its locks: " + text);
    error.server = failure.server;
    return error;
  }
  Error error = MakeError(failure.server.sqlstate == "42501" ? ErrorCode::kPermission : ErrorCode::kInternal,
                          "PostgreSQL refused a statement of Sluice's own: " + text);
  error.server = failure.server;
  return error;
}

std::string GrantsHint(const Bookkeeping& bookkeeping, const DatabaseState& state) {
  std::string statements = bookkeeping.Grants(state.user, {state.has_bookkeeping, state.has_version_table});
  statements.pop_back();
  std::replace(statements.begin(), statements.end(), '\n', ' ');
  return "a database administrator runs: " + statements;
}

OtherSession FindLockHolder(ReadSession& session, const AdvisoryLock& lock) {
  const auto as_oid = [](std::int32_t key) { return std::to_string(static_cast<std::uint32_t>(key)); };
  Result<std::vector<Row>> rows = session.Query(
      SelectSessions("a.pid IN (SELECT l.pid FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = "
                     "2 AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = "
                     "current_database()) AND l.classid = " +
                     as_oid(lock.class_id) + " AND l.objid = " + as_oid(lock.key) + ")"));
  if (!rows.ok() || rows->empty()) return {};
  return ReadOtherSession(rows->front());
}

std::vector<OtherSession> FindBlockers(ReadSession& session, int pid) {
  std::vector<OtherSession> blockers;
  Result<std::vector<Row>> rows = session.Query(
      SelectSessions("a.pid = ANY (pg_catalog.pg_blocking_pids(" + std::to_string(pid) + ")) ORDER BY a.xact_start"));
  if (!rows.ok()) return blockers;
  for (const Row& row : *rows) blockers.push_back(ReadOtherSession(row));
  return blockers;
}

Result<std::vector<OtherSession>> FindOldTransactions(ReadSession& session, std::chrono::seconds age) {
  SLUICE_TRY(const std::vector<Row> rows,
             session.Query(SelectSessions("a.datname = current_database() AND a.pid <> pg_backend_pid() AND "
                                          "a.backend_type = 'client backend' AND a.xact_start <= clock_timestamp() - "
                                          "interval '" +
                                          std::to_string(age.count()) + " seconds' ORDER BY a.xact_start")));
  std::vector<OtherSession> sessions;
  for (const Row& row : rows) sessions.push_back(ReadOtherSession(row));
  return sessions;
}

Error Database::Diagnose(const ConnectFailure& failure) const {
  return DiagnoseConnection(context_.settings.connection, failure.message, "");
}

Status Database::Connect() {
  const std::string conninfo = BuildConninfo(context_.settings.connection);
  const Clock::TimePoint begin = context_.clock.Now();
  while (true) {
    ConnectFailure failure;
    reader_ = ReadSession::Open(conninfo, &failure);
    if (reader_ != nullptr) return {};
    Error error = Diagnose(failure);
    const milliseconds waited = Since(context_.clock, begin);
    if (!MayPass(failure.message, "") || waited >= context_.settings.connection.wait_for_database) return error;
    if (context_.interrupt.Signal() != 0) return Interrupted();
    context_.observer.WaitingForDatabase(error.message, waited);
    context_.clock.SleepFor(kConnectPause);
  }
}

Result<DatabaseState> Database::ReadState() {
  // There is none after a server stayed away.
  if (reader_ == nullptr) SLUICE_CHECK(Connect());
  Result<DatabaseState> state = sluice::ReadState(*reader_, context_.settings);
  if (state.ok() || state.error().code != ErrorCode::kConnectionLost) return state;
  SLUICE_CHECK(ReconnectReader());
  return sluice::ReadState(*reader_, context_.settings);
}

std::string Database::SessionSetup(const Settings& settings, int server_version) {
  std::vector<std::pair<std::string, std::string>> wanted;
  // A migrator that is gone must not go on holding locks (PostgreSQL 14 and later).
  if (server_version >= 140000) {
    wanted.emplace_back("client_connection_check_interval", "500ms");
    wanted.emplace_back("idle_session_timeout", "0");
  }
  wanted.emplace_back("idle_in_transaction_session_timeout", "0");
  wanted.emplace_back("statement_timeout", std::to_string(settings.statement_timeout.count()) + "ms");
  if (!settings.search_path.empty()) wanted.emplace_back("search_path", settings.search_path);
  wanted.insert(wanted.end(), settings.session_settings.begin(), settings.session_settings.end());
  std::string sql = "SELECT ";
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (i > 0) sql += ", ";
    sql +=
        "pg_catalog.set_config(" + QuoteLiteral(wanted[i].first) + ", " + QuoteLiteral(wanted[i].second) + ", false)";
  }
  sql += ";\n";
  if (!settings.role.empty()) sql += "SET ROLE " + QuoteIdentifier(settings.role) + ";\n";
  return sql;
}

std::string Database::ResetSession() {
  return "RESET SESSION AUTHORIZATION;\nRESET ROLE;\nRESET ALL;\nCLOSE ALL;\nUNLISTEN *;\nDISCARD TEMP;\nDISCARD "
         "SEQUENCES;\n";
}

Status Database::OpenScriptSession(const DatabaseState& state) {
  ConnectFailure failure;
  script_ = ScriptSession::Open(BuildConninfo(context_.settings.connection), &failure);
  if (script_ == nullptr) return Diagnose(failure);
  script_->OnNotice([this](const ServerReport& notice) { context_.observer.Notice(notice); });
  const MessageOutcome setup = script_->Send("SELECT pg_catalog.pg_backend_pid();\n" + SessionSetup(), nullptr);
  if (!setup.ok()) {
    Error error = OwnStatementError(*setup.failure);
    if (error.code == ErrorCode::kConnectionLost) return error;
    error.code = ErrorCode::kConfig;
    error.message = "PostgreSQL refused a configured setting: " + setup.failure->server.message;
    error.hint = "see `settings`, `search_path`, `role` and the timeouts in: sluice config";
    return error;
  }
  script_pid_ = std::atoi(setup.results.front().first_rows.front().front().value_or("0").c_str());
  if (script_pid_ == state.backend_pid) {
    return MakeError(
        ErrorCode::kPooler,
        "this is a connection pooler in transaction mode: two connections were given the same server process",
        "connect to PostgreSQL itself, or to a pool in session mode: the advisory lock and settings need a "
        "session of their own");
  }
  return {};
}

std::string Database::OwnPrelude() {
  return "SET LOCAL SESSION AUTHORIZATION DEFAULT;\nSET LOCAL ROLE none;\nSET LOCAL search_path = " +
         std::string(kOwnSearchPath) + ";\n";
}

Result<std::vector<CommandResult>> Database::RunOwn(const std::string& sql) {
  MessageOutcome outcome = script_->Send("BEGIN;\n" + OwnPrelude() + sql + "COMMIT;\n", nullptr);
  if (!outcome.ok()) {
    if (script_->in_transaction()) (void)script_->Send("ROLLBACK", nullptr);
    return OwnStatementError(*outcome.failure);
  }
  outcome.results.erase(outcome.results.begin(), outcome.results.begin() + 1 + kOwnPreludeStatements);
  outcome.results.pop_back();
  return std::move(outcome.results);
}

Status Database::TakeLock(const AdvisoryLock& lock) {
  const Clock::TimePoint begin = context_.clock.Now();
  milliseconds poll = kFirstLockPoll;
  milliseconds told{0};
  OtherSession holder;
  while (true) {
    const MessageOutcome outcome = script_->Send(TryLock(lock), nullptr);
    if (!outcome.ok()) return OwnStatementError(*outcome.failure);
    if (outcome.results.front().first_rows.front().front() == "t") {
      // Once more, for HoldsLock.
      const MessageOutcome again = script_->Send(TryLock(lock), nullptr);
      return again.ok() ? Status() : Status(OwnStatementError(*again.failure));
    }
    const milliseconds waited = Since(context_.clock, begin);
    if (context_.interrupt.Signal() != 0) return Interrupted();
    if (waited >= context_.settings.migrator_wait) {
      return MakeError(ErrorCode::kLockHeld,
                       "another migrator works on this database, for longer than migrator_wait (" +
                           FormatDuration(context_.settings.migrator_wait) +
                           "): " + DescribeSession(FindLockHolder(*reader_, lock)),
                       "let it finish; sluice status shows what it does");
    }
    if (waited >= told) {
      holder = FindLockHolder(*reader_, lock);
      context_.observer.WaitingForMigrator(holder, waited);
      told = waited + kTellEvery;
    }
    const auto& patience = context_.settings.terminate_orphan_after;
    if (patience && waited >= *patience && holder.pid != 0) {
      (void)reader_->Query("SELECT pg_catalog.pg_terminate_backend(" + std::to_string(holder.pid) + ")");
    }
    context_.clock.SleepFor(std::chrono::duration_cast<milliseconds>(poll * (0.5 + Chance())));
    poll = std::min(poll * 3 / 2, kLongestLockPoll);
  }
}

void Database::ReleaseLock(const AdvisoryLock& lock) {
  for (int taken = 0; taken < 2; ++taken) (void)script_->Send(Unlock(lock), nullptr);
}

Status Database::ReconnectReader() {
  reader_.reset();
  return Persist([this] { return Connect(); });
}

Status Database::Reconnect(const AdvisoryLock& lock) {
  script_.reset();
  reader_.reset();
  return Persist([&]() -> Status {
    SLUICE_CHECK(Connect());
    SLUICE_TRY(const DatabaseState seen, sluice::ReadState(*reader_, context_.settings));
    SLUICE_CHECK(OpenScriptSession(seen));
    return TakeLock(lock);
  });
}

// Tries until the server is back.
Status Database::Persist(const std::function<Status()>& connect) {
  const Clock::TimePoint begin = context_.clock.Now();
  while (true) {
    Status connected = connect();
    if (connected.ok()) return connected;
    const ErrorCode code = connected.error().code;
    const bool may_pass =
        code == ErrorCode::kUnreachable || code == ErrorCode::kConnectionLost || code == ErrorCode::kStandby;
    const milliseconds waited = Since(context_.clock, begin);
    if (!may_pass || waited >= context_.settings.reconnect_budget) return connected;
    if (context_.interrupt.Signal() != 0) return Interrupted();
    context_.observer.WaitingForDatabase(connected.error().message, waited);
    context_.clock.SleepFor(kReconnectPause);
  }
}

}  // namespace sluice
