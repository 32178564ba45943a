// The reasons in conditions and events. docs/operator.md lists them with what to do; a name keeps its meaning.
#pragma once

namespace sluice::migration::reason {

// On its way.
inline constexpr const char* kPlanning = "Planning";
inline constexpr const char* kValidating = "Validating";
inline constexpr const char* kMigrating = "Migrating";
inline constexpr const char* kRollingOut = "RollingOut";
inline constexpr const char* kContracting = "Contracting";
inline constexpr const char* kDowngrading = "Downgrading";
inline constexpr const char* kWaitingForOldPods = "WaitingForOldPods";
inline constexpr const char* kWaitingForTemplate = "WaitingForTemplate";
// Something else has to happen first; it goes on by itself.
inline constexpr const char* kDatabaseBusy = "DatabaseBusy";
inline constexpr const char* kJobLimit = "JobLimit";
inline constexpr const char* kPodNotStarted = "PodNotStarted";
inline constexpr const char* kDatabaseUnreachable = "DatabaseUnreachable";
inline constexpr const char* kConfigurationWrong = "ConfigurationWrong";
inline constexpr const char* kTryingAgain = "TryingAgain";
// For a person, or a time.
inline constexpr const char* kSuspended = "Suspended";
inline constexpr const char* kAwaitingApproval = "AwaitingApproval";
inline constexpr const char* kAwaitingWindow = "AwaitingWindow";
// There.
inline constexpr const char* kUpToDate = "UpToDate";
inline constexpr const char* kContractPending = "ContractPending";
// Only a person can mend it.
inline constexpr const char* kAccountNotAllowed = "AccountNotAllowed";
inline constexpr const char* kUnknownTimeZone = "UnknownTimeZone";
inline constexpr const char* kUnknownRevision = "UnknownRevision";
inline constexpr const char* kBehindContract = "BehindContract";
inline constexpr const char* kImageTooOld = "ImageTooOld";
inline constexpr const char* kImageTooNew = "ImageTooNew";
inline constexpr const char* kPlanFailed = "PlanFailed";
inline constexpr const char* kValidationFailed = "ValidationFailed";
inline constexpr const char* kStagingDiffers = "StagingDiffers";
inline constexpr const char* kDataLossRefused = "DataLossRefused";
inline constexpr const char* kIrreversible = "Irreversible";
inline constexpr const char* kMigrationFailed = "MigrationFailed";
inline constexpr const char* kContractFailed = "ContractFailed";
inline constexpr const char* kDowngradeFailed = "DowngradeFailed";
inline constexpr const char* kRolloutFailed = "RolloutFailed";
inline constexpr const char* kRolledBack = "RolledBack";
inline constexpr const char* kNoApprovedTemplate = "NoApprovedTemplate";

}  // namespace sluice::migration::reason
