// Where a database stands: what `sluice status` shows on one screen. Reads only, needs only SELECT, works on a standby.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/db/version_store.h"
#include "core/engine/database.h"
#include "core/engine/partial_units.h"
#include "core/engine/situation.h"

namespace sluice {

struct StatusRevision {
  std::string revision;
  std::string message;
  Phase phase = Phase::kExpand;
  std::string contract;  // of a pending one: the contract revision that it is or stands behind; empty: none
};

struct ModifiedScript {
  std::string revision;
  std::string file;
};

struct InvalidIndex {
  std::string index;  // quoted and qualified
  std::string table;
};

struct StatusReport {
  std::string connection;  // as DescribeConnection says it: never a secret
  std::string database;
  std::string user;
  std::string server_version;
  bool standby = false;
  std::string version_table;       // `public.alembic_version`
  bool has_version_table = false;  // false: nothing was ever applied
  bool has_bookkeeping = false;    // false: `applied` and `ahead` come from the version rows and the files alone
  std::vector<std::string> rows;
  std::optional<Error> unknown_rows;  // rows that nobody knows; then applied, pending and ahead are not known
  std::size_t applied = 0;
  std::vector<StatusRevision> pending;  // of the files, in plan order
  std::vector<StatusRevision> ahead;    // applied revisions that the files don't have, in plan order
  std::vector<PartialDetails> partial;
  std::vector<ModifiedScript> modified;
  std::vector<RunRow> runs;            // newest first, at most kShownRuns
  OtherSession migrator;               // that holds the advisory lock; pid 0: none
  std::vector<OtherSession> blockers;  // that it waits for
  std::vector<InvalidIndex> invalid_indexes;
  std::vector<std::string> remarks;  // what could not be told, and why
};
inline constexpr int kShownRuns = 3;

// Connects and looks. Errors: those of Database::Connect and ReadState.
Result<StatusReport> ReadStatus(const RunContext& context, const Project& project);

// Indexes that an interrupted CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY left, not those being built right now.
Result<std::vector<InvalidIndex>> FindInvalidIndexes(ReadSession& session);

}  // namespace sluice
