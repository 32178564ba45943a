#include "cmd/sluice/exit_code.h"

namespace sluice::cli {

ExitCode ExitCodeFor(ErrorCode code, bool committed) {
  switch (code) {
    case ErrorCode::kUsage:
    case ErrorCode::kConfig:
      return ExitCode::kUsage;
    case ErrorCode::kNotUpToDate:
    case ErrorCode::kBehindContract:
    case ErrorCode::kStagingDiffers:
    case ErrorCode::kNotValidated:
      return ExitCode::kNotUpToDate;
    case ErrorCode::kUnreachable:
      // A server that stayed away in the middle of a run.
      return committed ? ExitCode::kFailedPartly : ExitCode::kUnreachable;
    case ErrorCode::kLockBudget:
      return committed ? ExitCode::kLockBudgetPartly : ExitCode::kLockBudget;
    case ErrorCode::kInterrupted:
      return ExitCode::kInterrupted;
    default:
      return committed ? ExitCode::kFailedPartly : ExitCode::kFailed;
  }
}

}  // namespace sluice::cli
