#include "core/base/error_code.h"

namespace sluice {

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
      return "usage";
    case ErrorCode::kConfig:
      return "config";
    case ErrorCode::kFile:
      return "file";
    case ErrorCode::kScript:
      return "script";
    case ErrorCode::kExists:
      return "exists";
    case ErrorCode::kModel:
      return "model";
    case ErrorCode::kScratch:
      return "scratch";
    case ErrorCode::kDataLoss:
      return "data_loss";
    case ErrorCode::kProof:
      return "proof";
    case ErrorCode::kRehearsal:
      return "rehearsal";
    case ErrorCode::kStagingDiffers:
      return "staging_differs";
    case ErrorCode::kNotValidated:
      return "not_validated";
    case ErrorCode::kUnknownRevision:
      return "unknown_revision";
    case ErrorCode::kAmbiguousPrefix:
      return "ambiguous_prefix";
    case ErrorCode::kMultipleHeads:
      return "multiple_heads";
    case ErrorCode::kNotInBranch:
      return "not_in_branch";
    case ErrorCode::kNotReachable:
      return "not_reachable";
    case ErrorCode::kEdge:
      return "edge";
    case ErrorCode::kAmbiguousWalk:
      return "ambiguous_walk";
    case ErrorCode::kOverlappingTargets:
      return "overlapping_targets";
    case ErrorCode::kCycle:
      return "cycle";
    case ErrorCode::kMissingRevision:
      return "missing_revision";
    case ErrorCode::kDuplicateRevision:
      return "duplicate_revision";
    case ErrorCode::kDuplicateLabel:
      return "duplicate_label";
    case ErrorCode::kInvalidIdentifier:
      return "invalid_identifier";
    case ErrorCode::kUnreachable:
      return "unreachable";
    case ErrorCode::kStandby:
      return "standby";
    case ErrorCode::kPooler:
      return "pooler";
    case ErrorCode::kPermission:
      return "permission";
    case ErrorCode::kBookkeeping:
      return "bookkeeping";
    case ErrorCode::kVersionChanged:
      return "version_changed";
    case ErrorCode::kModified:
      return "modified";
    case ErrorCode::kPartial:
      return "partial";
    case ErrorCode::kAhead:
      return "ahead";
    case ErrorCode::kApplied:
      return "applied";
    case ErrorCode::kIrreversible:
      return "irreversible";
    case ErrorCode::kNoStoredScript:
      return "no_stored_script";
    case ErrorCode::kNeedsDecision:
      return "needs_decision";
    case ErrorCode::kNotUpToDate:
      return "not_up_to_date";
    case ErrorCode::kBehindContract:
      return "behind_contract";
    case ErrorCode::kStatementFailed:
      return "statement_failed";
    case ErrorCode::kCheckFailed:
      return "check_failed";
    case ErrorCode::kLockHeld:
      return "lock_held";
    case ErrorCode::kLockBudget:
      return "lock_budget";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kConnectionLost:
      return "connection_lost";
    case ErrorCode::kOutcomeUnknown:
      return "outcome_unknown";
    case ErrorCode::kInterrupted:
      return "interrupted";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

std::optional<ErrorCode> ErrorCodeOf(std::string_view name) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    if (ErrorCodeName(static_cast<ErrorCode>(code)) == name) return static_cast<ErrorCode>(code);
  }
  return std::nullopt;
}

}  // namespace sluice
