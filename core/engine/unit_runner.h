// Runs one unit of a script with its record: the place through which every statement of a script goes. A unit that is a
// transaction of its own is tried again when it could not have its locks; none leaves a transaction open.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/bare_statement.h"
#include "core/engine/database.h"
#include "core/engine/lock_retry.h"
#include "core/engine/sections_ahead.h"
#include "core/engine/statement_error.h"
#include "core/engine/unit_frame.h"
#include "core/engine/unit_task.h"
#include "core/engine/unit_watcher.h"

namespace sluice {

class UnitRunner {
 public:
  // With `whole` the caller has begun a transaction that holds all units, and ends it; units neither begin nor commit,
  // and lock trouble is the caller's: it rolls back and tries all of them again. Not owned.
  UnitRunner(const RunContext& context, Database& database, const Bookkeeping& bookkeeping,
             std::optional<Clock::TimePoint> deadline, const LockRetry* whole = nullptr);

  // Once a session, and after a new one was opened.
  Status PrepareSession();

  // Errors: kStatementFailed, kCheckFailed, kLockBudget, kTimeout, kInterrupted, kOutcomeUnknown, kConnectionLost,
  // kVersionChanged, kNeedsDecision, kInternal. Except for kConnectionLost and kOutcomeUnknown the unit is rolled back
  // (a bare statement: its intent is on record) and the failure is recorded as an event.
  Status Run(const UnitTask& task);

  // The unit that Run will be given next, if anything: it may be sent while the one before it still runs. The server
  // comes to it only when that one has succeeded. Not owned: what it refers to lives until the run ends.
  void Announce(const std::optional<UnitTask>& next);

  // After kConnectionLost: the step that was sent behind the one that Run was given, and may be done too; nullptr:
  // none.
  const StepScript* sent_behind() const { return ahead_.behind(); }

  // The record alone, for a revision without units, or whose units are all done.
  Status RunRecordOnly(const UnitTask& task);

  // Check or verify sections in a read-only transaction of their own, where no transactional section can hold them.
  Status RunChecksAlone(const UnitTask& task, const std::vector<UnitSection>& sections);

  // Finds out what became of a bare statement that an earlier run began, and removes what it left. `units` are those
  // `unit` belongs to; `task` has no unit. Errors: as Run.
  Result<Settlement> Settle(const UnitTask& task, const ScriptUnits& units, std::size_t unit,
                            const std::string& intent);

  // With `whole`: the units from the first one on are run again, after a rollback.
  void StartOver();

  // How long the unit that ran last could queue for a lock.
  std::chrono::milliseconds lock_timeout() const { return lock_timeout_; }

  // With `whole`: statements that record the failure of the unit that failed, to be run after the rollback; empty: none
  // did.
  const std::string& failure_event() const { return failure_event_; }

  // Rows that statements changed, for RecordWriter::RowCounts.
  const std::vector<RecordWriter::RowCount>& row_counts() const { return row_counts_; }

 private:
  struct Attempt;
  struct Delivery {
    Status status;
    std::vector<CommandResult> results;
  };

  Status RunOnce(const UnitTask& task, Attempt& attempt);
  Status RunAhead(const UnitTask& task, Attempt& attempt);
  Status RunInBlockIfItMay(const UnitTask& task, Attempt& attempt);
  Status RunInBlock(const UnitTask& task, Attempt& attempt);
  Status RunOwnTransaction(const UnitTask& task, Attempt& attempt);
  Status RunBare(const UnitTask& task, Attempt& attempt);
  Status ReplaySettings(const UnitTask& task, Attempt& attempt);
  Status SendSection(const UnitTask& task, Attempt& attempt);
  Status SendStreamed(const UnitTask& task, Attempt& attempt);
  Status SendStatements(const UnitTask& task, Attempt& attempt, const SectionStatements& section, std::size_t first,
                        std::size_t end, bool last);
  Status SendPart(const UnitTask& task, Attempt& attempt, const Statement* statements, std::size_t count, bool last);
  Status SendOneByOne(const UnitTask& task, Attempt& attempt, const Statement* statements, std::size_t count,
                      bool last);
  Delivery DeliverProbed(const UnitTask& task, Attempt& attempt, const Section& section, const Statement& statement,
                         std::chrono::milliseconds lock_timeout);
  Status RollBackAfter(Status probed);
  Status SendBare(const UnitTask& task, Attempt& attempt, const Statement& statement);
  Status SendOwn(const UnitTask& task, Attempt& attempt);
  Status SendSettling(const UnitTask& task, Attempt& attempt, const std::string& statement);
  Status SetBareLockTimeout(const Attempt& attempt);
  Delivery Deliver(const UnitTask& task, Attempt& attempt, const MessageMap& map,
                   std::chrono::milliseconds lock_timeout);
  Status RunChecks(const UnitTask& task, Attempt& attempt, const std::vector<UnitSection>& sections);
  Status StoreLargeScript(const UnitTask& task);
  Status Judge(const UnitTask& task, Attempt& attempt, const UnitWatcher& watcher, const MessageOutcome& outcome,
               const MessageMap& map);
  void NameBlockers(const UnitTask& task, const UnitWatcher& watcher, Error& error);
  void RecordFailure(const UnitTask& task, const Attempt& attempt, const Error& error);

  RunContext context_;
  Database& database_;
  RecordWriter writer_;
  UnitFrame frame_;
  SectionsAhead ahead_;
  std::optional<UnitTask> next_;  // a plain section, as announced
  std::optional<Clock::TimePoint> deadline_;
  const LockRetry* whole_;
  bool one_transaction_;
  std::chrono::milliseconds lock_timeout_{0};
  std::string failure_event_;
  std::optional<std::string> bare_intent_;  // of the unit that runs, when an attempt before left one
  std::vector<OtherSession> blockers_;      // of a unit's locks, as last seen: an attempt may be too short for a look
  std::string blocked_;                     // … and which unit that was
  std::vector<RecordWriter::RowCount> row_counts_;
};

}  // namespace sluice
