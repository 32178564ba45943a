// Statements that PostgreSQL refuses inside a transaction block (CREATE INDEX CONCURRENTLY, VACUUM, …): nothing can
// commit together with them, so an intent is committed first, and after a crash the catalog tells what came to pass.
#pragma once

#include <functional>
#include <string>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/sql/statement_info.h"

namespace sluice {

struct BareStatement {
  std::string revision;
  std::string hash;  // of its text
  const StatementInfo& info;
};

// What to remember before the statement runs, as JSON: the rule by which it is settled, the oid of its relation as
// search_path finds it now, the indexes that are there already.
std::string IntentQuery(const BareStatement& statement);  // a query of one row with one column, `intent`
Result<std::string> CaptureIntent(ScriptSession& session, const BareStatement& statement);

enum class Settlement {
  kDone,  // it came to pass
  kRun,   // it didn't, or may simply run again; what it left behind has been removed
};

// Sends one statement that may wait and work for long, alone in its message, and looks after it meanwhile.
using SendWatched = std::function<Status(const std::string& statement)>;

// Settles a statement whose outcome nobody recorded. `intent`: as CaptureIntent made it. Drops only what was not there
// before; `send` carries that out. kNeedsDecision when only a person can know (`sluice repair`); those of `send`.
Result<Settlement> SettleIntent(ScriptSession& session, const BareStatement& statement, const std::string& intent,
                                const SendWatched& send);

// After the statement succeeded: CREATE INDEX … IF NOT EXISTS also succeeds over an index that is not valid.
// kStatementFailed when the index is not valid.
Status DemandValidIndex(ScriptSession& session, const BareStatement& statement);
// The same as a statement that raises; empty when there is nothing to demand.
std::string DemandValidIndexSql(const BareStatement& statement);

}  // namespace sluice
