// What `sluice` ends with (docs/exit-codes.md). Scripts and Kubernetes read these, so a number never changes its
// meaning.
#pragma once

#include "core/base/error_code.h"

namespace sluice::cli {

enum class ExitCode : int {
  kDone = 0,
  kFailed = 1,            // nothing of this run was committed
  kUsage = 2,             // the command line or the configuration
  kFailedPartly = 3,      // failed, and something was committed
  kNotUpToDate = 4,       // `wait` at its limit, an expand revision behind a contract revision
  kUnreachable = 5,       // no connection to the database
  kLockBudget = 6,        // the lock budget is spent, nothing of this run was committed
  kLockBudgetPartly = 7,  // the lock budget is spent, and something was committed
  kInterrupted = 130,     // SIGINT
  kTerminated = 143,      // SIGTERM
};

// `committed`: something of this run is in the database for good. kInterrupted as an error code means SIGINT here; who
// knows that it was SIGTERM says so with kTerminated.
ExitCode ExitCodeFor(ErrorCode code, bool committed = false);

}  // namespace sluice::cli
