#include "core/engine/own_statement.h"

#include <algorithm>

#include "core/db/record.h"
#include "core/engine/retry_policy.h"

namespace sluice {

Error OwnStatementError(const MessageFailure& failure) {
  if (failure.connection_lost) {
    Error error = MakeError(ErrorCode::kConnectionLost, "the connection to PostgreSQL broke");
    error.server = failure.server;
    return error;
  }
  const std::string& text = failure.server.message;
  if (text.find(kRowsChangedMark) != std::string::npos) {
    return MakeError(ErrorCode::kVersionChanged, "the version table was changed by somebody else during the run",
                     "nothing of this step was kept; see who else migrates this database, then run sluice status");
  }
  if (text.find(kLockLostMark) != std::string::npos) {
    return MakeError(ErrorCode::kLockHeld, "the session lost its advisory lock while the script ran",
                     "nothing of this step was kept; the script (or a function it calls) releases advisory locks");
  }
  if (IsLockTrouble(failure.server.sqlstate)) {
    Error error = MakeError(ErrorCode::kLockBudget, "a statement of Sluice's own could not have its locks: " + text);
    error.server = failure.server;
    return error;
  }
  Error error = MakeError(failure.server.sqlstate == "42501" ? ErrorCode::kPermission : ErrorCode::kInternal,
                          "PostgreSQL refused a statement of Sluice's own: " + text);
  error.server = failure.server;
  return error;
}

std::string GrantsHint(const Bookkeeping& bookkeeping, const DatabaseState& state) {
  std::string statements = bookkeeping.Grants(state.user, {state.has_bookkeeping, state.has_version_table});
  statements.pop_back();
  std::replace(statements.begin(), statements.end(), '\n', ' ');
  return "a database administrator runs: " + statements;
}

}  // namespace sluice
