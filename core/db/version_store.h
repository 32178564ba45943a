// Reads what a database is at: the version rows, the stored revisions, partial work, the last run. Creates nothing and
// needs only SELECT; what is missing is told as missing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/db/bookkeeping.h"
#include "core/db/pg_session.h"
#include "core/model/revision.h"
#include "core/model/settings.h"

namespace sluice {

// A revision that is applied in part (table `progress`).
struct ProgressRow {
  std::string revision;
  Direction direction = Direction::kUpgrade;
  std::vector<std::string> done;  // the units done so far, in order: their hashes (core/engine/unit.h)
  std::optional<std::string>
      intent;  // of a statement outside a transaction that was begun: JSON (core/engine/intent.h)

  bool operator==(const ProgressRow&) const = default;
};

// A stored revision without its script.
struct StoredRevision {
  Revision revision;
  std::string file_name;
  std::string checksum;
  bool applied = false;
};

struct AppliedChecksum {
  std::string revision;
  std::string checksum;
};

struct DatabaseState {
  std::string database;
  std::string user;            // session_user
  std::string server_version;  // "15.4"
  int server_major = 0;
  int backend_pid = 0;  // of the reading session
  bool standby = false;
  std::string version_table_schema;
  bool has_version_table = false;
  bool has_schema = false;       // of the bookkeeping
  bool has_bookkeeping = false;  // all its tables are there
  int layout_major = 0;
  int layout_minor = 0;
  std::vector<std::string> rows;         // sorted bytewise
  std::vector<AppliedChecksum> applied;  // stored, and last moved by an upgrade of Sluice
  std::vector<ProgressRow> progress;
};

// One row of table `run`.
struct RunRow {
  std::string command;
  std::string who;
  std::string host;
  std::string program;
  std::string started_at;   // ISO 8601, UTC
  std::string finished_at;  // empty: no end is recorded
  std::string outcome;      // empty: no end is recorded
  std::string error;
  int backend_pid = 0;
};

// Where earlier runs began.
struct RunStart {
  std::vector<std::string> rows;  // the version rows
  std::string first_planned;      // the first revision that was planned
};

// Who has moved a revision last.
struct LastMove {
  std::string revision;
  bool of_plan = false;  // a run of the plan that was asked for
  std::string plan;      // the hash of its plan, or of the one that it was asked to keep to; empty: not recorded
};

// Two round trips. Errors: kPermission, kBookkeeping (tables of a later major layout), kConnectionLost.
Result<DatabaseState> ReadState(ReadSession& session, const Settings& settings);

// How many characters `version_num` of an existing version table holds; 0: no limit.
Result<std::size_t> ReadVersionWidth(ReadSession& session, const Bookkeeping& bookkeeping);

Result<std::vector<StoredRevision>> ReadStoredRevisions(ReadSession& session, const Bookkeeping& bookkeeping);

// The original bytes; kNoStoredScript when there are none.
Result<std::string> ReadStoredScript(ReadSession& session, const Bookkeeping& bookkeeping, std::string_view revision);

// Whether an event of the run has that outcome.
Result<bool> HasEvent(ReadSession& session, const Bookkeeping& bookkeeping, std::int64_t run_id,
                      std::string_view outcome);

// Whether the session's user may alter table `run`.
Result<bool> OwnsRuns(ReadSession& session, const Bookkeeping& bookkeeping);

// Of every revision that was ever moved, and last, once more, of those that are applied in part. `plan`: a hash.
// REQUIRES: the layout's minor version is 1 or later.
Result<std::vector<LastMove>> ReadLastMoves(ReadSession& session, const Bookkeeping& bookkeeping,
                                            std::string_view plan);

// Newest first, each once.
Result<std::vector<RunStart>> ReadRunStarts(ReadSession& session, const Bookkeeping& bookkeeping, int limit);

// Newest first.
Result<std::vector<RunRow>> ReadRuns(ReadSession& session, const Bookkeeping& bookkeeping, int limit);

}  // namespace sluice
