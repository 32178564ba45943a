// `--sql`: an upgrade, a downgrade or a stamp as a script, made without a database. Where the database is is the start
// of the range `from:to`; without a range an upgrade and a stamp start at base, as Alembic's do.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/situation.h"
#include "core/engine/sql_printer.h"
#include "core/graph/migration_plan.h"
#include "core/model/settings.h"

namespace sluice {

struct OfflineRequest {
  StepKind kind = StepKind::kUpgrade;
  std::vector<std::string> targets;  // identifiers, or one range; a downgrade takes a range only
  PhaseFilter phase = PhaseFilter::kAll;
  bool bare = false;   // the scripts and the edits of the version table alone, for any client
  bool purge = false;  // of a stamp: whatever rows the database has, they are removed first; no range then
};

// Prints the script piece by piece; nothing is printed when a revision can't be. psql runs it (`psql -X -f FILE`) to
// the same end as `sluice` itself: it stops at the first error, takes the advisory lock or fails, demands the version
// rows that it starts from, makes the tables, and every section commits with its version rows, stored script and event.
// Only what a client alone knows is missing: counts of rows and lock waits, retries, the events of failures. Returns
// what the phase leaves out. Errors: kUsage, those of the plan and of the scripts.
Result<std::vector<WaitingRevision>> PrintOfflineSql(const Settings& settings, const Project& project,
                                                     const OfflineRequest& request, const SqlSink& sink);

}  // namespace sluice
