// The statements that make Sluice's own tables what a run needs.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/db/bookkeeping.h"
#include "core/db/pg_session.h"
#include "core/db/version_store.h"
#include "core/graph/migration_plan.h"

namespace sluice {

// What is missing of the tables, and a version table that is wide enough for the plan's rows. Empty: nothing.
Result<std::string> TablesSql(ReadSession& session, const Bookkeeping& bookkeeping, const DatabaseState& database,
                              const MigrationPlan& plan);

// What an older program's tables lack. Empty: nothing, or they are another role's, and are used as they are.
Result<std::string> GrowthSql(ReadSession& session, const Bookkeeping& bookkeeping, const DatabaseState& database);

}  // namespace sluice
