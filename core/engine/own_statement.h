// Statements of Sluice's own that fail: what that means.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/db/bookkeeping.h"
#include "core/db/pg_session.h"
#include "core/db/version_store.h"

namespace sluice {

// The error of a statement of Sluice's own that failed.
Error OwnStatementError(const MessageFailure& failure);

// The hint for a role that may not do what Sluice needs: the statements for a database administrator, in one line.
std::string GrantsHint(const Bookkeeping& bookkeeping, const DatabaseState& state);

}  // namespace sluice
