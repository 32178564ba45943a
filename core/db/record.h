// The statements that write Sluice's own tables. What belongs to a unit of a script (a section, or a statement of a
// section outside a transaction) is one prepared statement, executed in the unit's own transaction: the version rows,
// the stored script, the event and the progress commit with the work or not at all.
//
// Text of SQL only; nothing here talks to a server. Every text reads the same with standard_conforming_strings off.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/bookkeeping.h"
#include "core/db/version_store.h"
#include "core/graph/migration_plan.h"
#include "core/model/revision.h"

namespace sluice {

// A run that begins, for table `run`.
struct RunRecord {
  std::string command;
  std::vector<std::string> planned = {};  // revisions
  std::vector<std::string> rows_before = {};
  std::string host = {};
  std::string program = {};
  std::string image = {};
  std::string plan_hash = {};      // empty: not known, or the tables are of layout 1.0
  std::string required_plan = {};  // the hash of the plan that the run was asked to be of; empty: of none, or as above
};

// What a unit did, for table `event`.
struct EventRecord {
  std::int64_t run_id = 0;
  std::string run = {};  // SQL that stands for the run's id where that isn't known yet; empty: `run_id`
  std::string revision;
  Direction direction = Direction::kUpgrade;
  int section = 0;    // 1-based among the revision's sections of that direction; 0: the revision as a whole
  int statement = 0;  // 1-based in the section; 0: the section as a whole
  std::string outcome = "done";
  std::string note;
  std::chrono::milliseconds lock_wait{0};
};

// A script to be stored with its revision.
struct ScriptRecord {
  StoredRevision revision;
  std::string_view bytes;  // the original ones; not owned
};

// A unit that completes its revision's step.
struct FinishRecord {
  EventRecord event;
  RowEdit rows;
  bool ends_progress = false;            // a row of table `progress` goes
  const ScriptRecord* script = nullptr;  // an upgrade's, when it is not stored yet; not owned
};

// Any other unit.
struct ProgressRecord {
  EventRecord event;
  std::vector<std::string> done;         // all units done so far, this one included
  const ScriptRecord* script = nullptr;  // as above
};

// A version row that is not what the plan started from makes FinishRecord's statement fail with SQLSTATE 22P02 and this
// text in the message; likewise an advisory lock that is no longer held. Both roll the unit back.
inline constexpr std::string_view kRowsChangedMark = "sluice: version rows changed";
inline constexpr std::string_view kLockLostMark = "sluice: advisory lock lost";

// The outcome of an event that is a decision of `repair`.
inline constexpr std::string_view kRepaired = "repaired";

// The setting in which a unit's transaction keeps the WAL position it began at.
inline constexpr std::string_view kWalStartSetting = "sluice.wal_start";

class RecordWriter {
 public:
  explicit RecordWriter(const Bookkeeping& bookkeeping) : bookkeeping_(bookkeeping) {}

  // PREPARE of everything that Finish and Progress execute; once a session. Whatever the search_path is, these say and
  // do the same; but under another one than they were prepared with they are planned anew every time.
  std::string PrepareRecords() const;
  // The same under `search_path` (SQL; empty: the session's own), in place of all that are prepared.
  std::string PrepareAnew(std::string_view search_path) const;
  // PREPARE of what Begin executes, under the search_path of scripts.
  static std::string PrepareBegin();
  // After BEGIN: the unit's lock_timeout, and the WAL position that it begins at. One statement.
  static std::string Begin(std::chrono::milliseconds lock_timeout);

  std::string Finish(const FinishRecord& record) const;
  std::string Progress(const ProgressRecord& record) const;

  // Statements of their own, outside a unit:
  // the row of the run that begins, returning its id; earlier runs without an end are closed as "interrupted".
  std::string BeginRun(const RunRecord& run) const;
  std::string EndRun(std::int64_t run_id, std::string_view outcome, std::string_view error) const;
  // `run`: SQL, as EventRecord's.
  std::string EndRun(std::string_view run, std::string_view outcome, std::string_view error) const;
  // An event that no unit commits: a failure, a decision of `repair`.
  std::string Event(const EventRecord& event, std::string_view sqlstate, std::string_view error) const;
  // What is known of rows once the client has the results; one statement for all units of a run.
  struct RowCount {
    std::string revision;
    int section = 0;
    int statement = 0;
    std::uint64_t rows = 0;
  };
  std::string RowCounts(std::int64_t run_id, const std::vector<RowCount>& counts) const;
  // Progress as it is set by hand or turned round: `intent` is JSON, or empty for none.
  std::string SetProgress(std::string_view revision, Direction direction, const std::vector<std::string>& done,
                          std::string_view intent) const;
  // The same with the intent as SQL.
  std::string SetProgressSql(std::string_view revision, Direction direction, const std::vector<std::string>& done,
                             std::string_view intent) const;
  std::string DropProgress(std::string_view revision) const;
  // Inserts or replaces the stored script, as applied or not.
  std::string StoreScript(const ScriptRecord& script, bool applied) const;
  // `COPY … FROM STDIN` of a stored script, and its line up to the script's hex digits (script_copy.h).
  std::string CopyScript() const;
  std::string CopyLineStart(const ScriptRecord& script) const;
  std::string MarkNotApplied(std::string_view revision) const;
  std::string ForgetScript(std::string_view revision) const;
  // Locks the version table against other writers to the end of the transaction, and fails with kRowsChangedMark unless
  // its rows are exactly these.
  std::string DemandRows(const std::vector<std::string>& rows) const;
  // For a stamp that purges: no row is left, nothing counts as applied, and the run (`run`: SQL, as EventRecord's) says
  // which rows there were.
  std::string ForgetRows(std::string_view run) const;
  // Plain edits of the version rows, after DemandRows.
  std::string EditRows(const RowEdit& rows) const;

 private:
  std::string Ours() const;
  std::string InsertEvent(const std::string& version_table) const;
  std::string Demanding(std::string_view rows_changed, std::string_view row_value) const;

  Bookkeeping bookkeeping_;
};

std::string HexDigits(std::string_view bytes);

// A text[] literal.
std::string TextArray(const std::vector<std::string>& values);

}  // namespace sluice
