// The closed list of error codes. Programs read their names in `-o json` (docs/exit-codes.md), so a name never changes.
#pragma once

#include <optional>
#include <string_view>

namespace sluice {

enum class ErrorCode {
  // The command line, the configuration, the files.
  kUsage,           // the command line can't be understood
  kConfig,          // a setting is wrong, unknown or missing
  kFile,            // a file can't be read or written
  kScript,          // a revision script is broken
  kExists,          // something would be overwritten
  kModel,           // a declared model doesn't load, or there is none
  kScratch,         // no scratch database can be made
  kDataLoss,        // a generated revision would lose data, and nobody said that it may
  kProof,           // a generated revision doesn't do what it should: a defect of Sluice
  kRehearsal,       // `validate`: the way up and back doesn't end where it began
  kStagingDiffers,  // `validate`: the plan is not one for this database
  kNotValidated,    // the plan is not the one that was validated
  // The graph (docs/revisions.md).
  kUnknownRevision,
  kAmbiguousPrefix,
  kMultipleHeads,
  kNotInBranch,    // the revision is not a member of the branch named
  kNotReachable,   // the destination can't be reached in this direction
  kEdge,           // a relative walk past the first or last revision
  kAmbiguousWalk,  // a relative walk that could go several ways
  kOverlappingTargets,
  kCycle,
  kMissingRevision,  // a parent or dependency that no script has
  kDuplicateRevision,
  kDuplicateLabel,
  kInvalidIdentifier,  // not of the form that ids, labels and targets have
  // The state of the database.
  kUnreachable,  // no connection
  kStandby,      // connected, to a server that is read only
  kPooler,       // behind a pooler that can't keep a session
  kPermission,
  kBookkeeping,     // the tables of Sluice are missing, foreign or of a later layout
  kVersionChanged,  // a version row changed under us
  kModified,        // an applied script differs from the stored one
  kPartial,         // a revision that is applied in part is in the way
  kAhead,           // the database is ahead of the files
  kApplied,         // the revision is applied, and must not be for this command
  kIrreversible,    // a revision has no way back
  kNoStoredScript,  // neither the database nor the files have the text that is needed
  kNeedsDecision,   // only a person can say what came to pass (`sluice repair`)
  kNotUpToDate,     // `wait` at its limit, drift
  kBehindContract,  // an expand revision stands behind a contract revision
  // Running.
  kStatementFailed,  // PostgreSQL refused a statement of a script
  kCheckFailed,      // a check or verify section said no
  kLockHeld,         // another migrator has the advisory lock, and the limit is spent
  kLockBudget,       // strong locks could not be had within the lock budget
  kTimeout,          // --timeout is spent
  kConnectionLost,   // and could not be had again
  kOutcomeUnknown,   // the server did not answer; the next run settles it
  kInterrupted,      // SIGINT or SIGTERM
  kInternal,         // a defect of Sluice
};

// The name in JSON: `ambiguous_prefix` for kAmbiguousPrefix.
std::string_view ErrorCodeName(ErrorCode code);

// The code of that name; empty when there is none.
std::optional<ErrorCode> ErrorCodeOf(std::string_view name);

}  // namespace sluice
