// The connections of one run: a reading session, and beside it, once there is something to do, the session that runs
// scripts and holds the advisory lock. Connects, waits, diagnoses, takes the lock, connects again.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/db/bookkeeping.h"
#include "core/db/pg_session.h"
#include "core/db/record.h"
#include "core/db/version_store.h"
#include "core/engine/interrupt.h"
#include "core/engine/observer.h"
#include "core/model/settings.h"

namespace sluice {

class StatementProbe;

// What a run works with besides its task. Nothing is owned; all of it outlives the run.
struct RunContext {
  const Settings& settings;
  Observer& observer;
  Clock& clock;
  const Interrupt& interrupt;
  StatementProbe* probe = nullptr;  // measures the statements of scripts, which then go one by one
};

class Database {
 public:
  explicit Database(const RunContext& context) : context_(context) {}

  // Opens the reading session; waits up to `wait_for_database` for a server that isn't there yet. Errors: those of
  // connection_diagnosis, kInterrupted.
  Status Connect();

  // Reads the state, connecting again when the reading session was lost.
  Result<DatabaseState> ReadState();

  // Begins to connect the script session, for an OpenScriptSession that comes soon.
  void DialScriptSession();
  // Opens the script session with Sluice's settings. kPooler behind a pooler that can't keep a session; kConfig when a
  // setting of sluice.yaml is refused.
  Status OpenScriptSession(const DatabaseState& state);

  // Takes the lock on the script session by polling, without an open transaction. kLockHeld at the limit, kInterrupted.
  Status TakeLock(const AdvisoryLock& lock);
  void ReleaseLock(const AdvisoryLock& lock);

  // After a lost connection, for at most `reconnect_budget`: the reading session again; or both sessions and the lock.
  Status ReconnectReader();
  Status Reconnect(const AdvisoryLock& lock);

  // Runs statements of Sluice's own on the script session in a transaction of their own: as the session user, with
  // kOwnSearchPath; tried again within the lock budget. Returns the results of `sql` itself. Errors: as
  // OwnStatementError, kLockBudget with those who hold the locks, kInterrupted while it waits.
  Result<std::vector<CommandResult>> RunOwn(const std::string& sql);

  // The same with a message of any form, made anew for each attempt with the lock_timeout it has to set.
  using OwnMessage = std::function<std::string(std::chrono::milliseconds lock_timeout)>;
  Result<std::vector<CommandResult>> SendOwn(const OwnMessage& message);

  static std::string SetLocalLockTimeout(std::chrono::milliseconds lock_timeout);

  // Opens another reading session when it was lost while the script session works, so that others see this migrator
  // alive. One attempt.
  void RenewReader();

  // What RunOwn and the record of a unit begin with inside a transaction, and how many statements that is.
  static constexpr std::size_t kOwnPreludeStatements = 3;
  static std::string OwnPrelude();

  // Takes everything back that a script may have left in the session, but prepared statements. Statements.
  static std::string ResetSession();
  // Sets what is configured for scripts. Statements; the first one is a query of one row. `server_version`: as
  // ScriptSession's; 0: not known.
  static std::string SessionSetup(const Settings& settings, int server_version);
  std::string SessionSetup() const { return SessionSetup(context_.settings, script_->server_version()); }

  ReadSession& reader() { return *reader_; }
  ScriptSession& script() { return *script_; }
  bool has_script_session() const { return script_ != nullptr; }
  int script_pid() const { return script_pid_; }

 private:
  Error Diagnose(const ConnectFailure& failure) const;
  void Adopt(std::unique_ptr<ReadSession> reader);
  void ShowSignOfLife();
  Status WaitForOwnTables(int attempt);
  Status Persist(const std::function<Status()>& connect);

  struct Dialled {
    std::unique_ptr<ScriptSession> session;
    ConnectFailure failure;
  };

  RunContext context_;
  std::future<Dialled> dialled_;
  std::unique_ptr<ReadSession> reader_;
  std::unique_ptr<ScriptSession> script_;
  int script_pid_ = 0;
};

}  // namespace sluice
