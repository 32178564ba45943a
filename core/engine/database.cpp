#include "core/engine/database.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "core/base/chance.h"
#include "core/base/duration.h"
#include "core/config/connection.h"
#include "core/config/connection_diagnosis.h"
#include "core/engine/lock_retry.h"
#include "core/engine/orphan_watch.h"
#include "core/engine/other_sessions.h"
#include "core/engine/own_statement.h"
#include "core/engine/pooler.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kConnectPause{500};
constexpr milliseconds kReconnectPause{250};
constexpr milliseconds kFirstLockPoll{20};
constexpr milliseconds kLongestLockPoll{500};
constexpr milliseconds kTellEvery{1'000};

milliseconds Since(Clock& clock, Clock::TimePoint begin) {
  return std::chrono::duration_cast<milliseconds>(clock.Now() - begin);
}

Error Interrupted() { return MakeError(ErrorCode::kInterrupted, "interrupted"); }

// Sees who is in the way of a statement of Sluice's own, before the server gives it up.
class OwnWatcher final : public MessageWatcher {
 public:
  OwnWatcher(ReadSession& reader, int pid, milliseconds lock_timeout)
      : reader_(reader), pid_(pid), look_at_(lock_timeout / 2) {}

  WaitAction OnTick(milliseconds elapsed, std::size_t /*results*/) override {
    if (blockers_.empty() && elapsed >= look_at_) blockers_ = FindBlockers(reader_, pid_);
    return WaitAction::kContinue;
  }

  const std::vector<OtherSession>& blockers() const { return blockers_; }

 private:
  ReadSession& reader_;
  int pid_;
  milliseconds look_at_;
  std::vector<OtherSession> blockers_;
};

Error OwnTablesLocked(const Settings& settings, const std::vector<OtherSession>& lockers) {
  const std::string who = lockers.empty() ? "" : ": held by " + DescribeSessions(lockers);
  return MakeError(
      ErrorCode::kLockBudget, "the version table, or a table of Sluice's own, is locked" + who,
      "end what holds the lock, or give more time: --lock-budget (now " + FormatDuration(settings.lock_budget) + ")");
}

}  // namespace

Error Database::Diagnose(const ConnectFailure& failure) const {
  return DiagnoseConnection(context_.settings.connection, failure.message, "");
}

Status Database::Connect() {
  const std::string conninfo = BuildConninfo(context_.settings.connection);
  const Clock::TimePoint begin = context_.clock.Now();
  while (true) {
    ConnectFailure failure;
    if (std::unique_ptr<ReadSession> reader = ReadSession::Open(conninfo, &failure)) {
      Adopt(std::move(reader));
      return {};
    }
    Error error = Diagnose(failure);
    const milliseconds waited = Since(context_.clock, begin);
    if (!MayPass(failure.message, "") || waited >= context_.settings.connection.wait_for_database) return error;
    if (context_.interrupt.Signal() != 0) return Interrupted();
    context_.observer.WaitingForDatabase(error.message, waited);
    context_.clock.SleepFor(kConnectPause);
  }
}

void Database::Adopt(std::unique_ptr<ReadSession> reader) {
  reader_ = std::move(reader);
  reader_->LookOnly([this](int attempt) { return WaitForOwnTables(attempt); });
  if (script_ != nullptr) ShowSignOfLife();
}

Status Database::WaitForOwnTables(int attempt) {
  const milliseconds waited = attempt * ReadSession::kLockTimeout;
  const std::vector<OtherSession> lockers = FindTableLockers(*reader_, context_.settings);
  if (context_.interrupt.Signal() != 0) return Interrupted();
  if (waited >= context_.settings.lock_budget) return OwnTablesLocked(context_.settings, lockers);
  context_.observer.WaitingForTables(lockers, waited);
  return {};
}

void Database::ShowSignOfLife() {
  (void)reader_->QueryOnce("SELECT pg_catalog.pg_try_advisory_lock_shared(" + std::to_string(kSignOfLifeClass) + ", " +
                           std::to_string(script_pid_) + ")");
}

void Database::RenewReader() {
  if (!reader_->lost()) return;
  ConnectFailure failure;
  std::unique_ptr<ReadSession> reader = ReadSession::Open(BuildConninfo(context_.settings.connection), &failure);
  if (reader != nullptr) Adopt(std::move(reader));
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

void Database::DialScriptSession() {
  if (dialled_.valid() || script_ != nullptr) return;
  dialled_ = std::async(std::launch::async, [conninfo = BuildConninfo(context_.settings.connection)] {
    Dialled dialled;
    dialled.session = ScriptSession::Open(conninfo, &dialled.failure);
    return dialled;
  });
}

Status Database::OpenScriptSession(const DatabaseState& state) {
  script_.reset();
  DialScriptSession();
  Dialled dialled = dialled_.get();
  if (dialled.session == nullptr) return Diagnose(dialled.failure);
  script_ = std::move(dialled.session);
  script_->OnNotice([this](const ServerReport& notice) { context_.observer.Notice(notice); });
  const MessageOutcome process = script_->Send("SELECT pg_catalog.pg_backend_pid()", nullptr);
  if (!process.ok()) return OwnStatementError(*process.failure);
  script_pid_ = std::atoi(process.results.front().first_rows.front().front().value_or("0").c_str());
  // Before anything is set: behind such a pooler somebody else would find it.
  SLUICE_TRY(const bool shares, SharesServerProcesses(*reader_, *script_, state.backend_pid, script_pid_));
  if (shares) {
    return MakeError(
        ErrorCode::kPooler,
        "this is a connection pooler in transaction mode: a connection doesn't keep its server process",
        "connect to PostgreSQL itself, or to a pool in session mode: the advisory lock and settings need a "
        "session of their own");
  }
  const MessageOutcome setup = script_->Send(SessionSetup(), nullptr);
  if (!setup.ok()) {
    Error error = OwnStatementError(*setup.failure);
    if (error.code == ErrorCode::kConnectionLost) return error;
    error.code = ErrorCode::kConfig;
    error.message = "PostgreSQL refused a configured setting: " + setup.failure->server.message;
    error.hint = "see `settings`, `search_path`, `role` and the timeouts in: sluice config";
    return error;
  }
  ShowSignOfLife();
  return {};
}

std::string Database::OwnPrelude() {
  return "SET LOCAL SESSION AUTHORIZATION DEFAULT;\nSET LOCAL ROLE none;\nSET LOCAL search_path = " +
         std::string(kOwnSearchPath) + ";\n";
}

Result<std::vector<CommandResult>> Database::RunOwn(const std::string& sql) {
  SLUICE_TRY(std::vector<CommandResult> results, SendOwn([&sql](milliseconds lock_timeout) {
               return "BEGIN;\n" + SetLocalLockTimeout(lock_timeout) + OwnPrelude() + sql + "COMMIT;\n";
             }));
  results.erase(results.begin(), results.begin() + 2 + kOwnPreludeStatements);
  results.pop_back();
  return results;
}

std::string Database::SetLocalLockTimeout(milliseconds lock_timeout) {
  return "SET LOCAL lock_timeout = '" + InMilliseconds(lock_timeout) + "';\n";
}

Result<std::vector<CommandResult>> Database::SendOwn(const OwnMessage& message) {
  LockRetry retry(context_, std::nullopt);
  while (true) {
    const milliseconds lock_timeout = retry.LockTimeout(context_.settings.lock_timeout);
    OwnWatcher watcher(*reader_, script_pid_, lock_timeout);
    MessageOutcome outcome = script_->Send(message(lock_timeout), &watcher);
    if (outcome.ok()) return std::move(outcome.results);
    if (script_->in_transaction()) (void)script_->Send("ROLLBACK", nullptr);
    Error error = OwnStatementError(*outcome.failure);
    if (error.code != ErrorCode::kLockBudget) return error;
    context_.observer.WaitingForTables(watcher.blockers(), retry.spent());
    Error locked = OwnTablesLocked(context_.settings, watcher.blockers());
    locked.server = std::move(error.server);
    SLUICE_CHECK(retry.PauseAfter(locked, lock_timeout, nullptr));
  }
}

Status Database::TakeLock(const AdvisoryLock& lock) {
  const Clock::TimePoint begin = context_.clock.Now();
  milliseconds poll = kFirstLockPoll;
  milliseconds told{0};
  OrphanWatch orphans(context_.settings.terminate_orphan_after);
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
      context_.observer.WaitingForMigrator(FindLockHolder(*reader_, lock), waited);
      told = waited + kTellEvery;
    }
    orphans.Look(*reader_, lock, waited);
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
