// The custom resource SchemaMigration (sluice.dev/v1alpha1): what somebody wants of a database's schema, and what the
// operator has seen and done. Passive data; schema_migration_codec.h reads and writes it, resource_schema.h describes
// every field of it for the API server and for people.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::api {

using Json = nlohmann::json;
using Time = std::chrono::system_clock::time_point;

// Spec ---------------------------------------------------------------------------------------------------------------

struct SecretKey {
  std::string name;  // of a Secret in the resource's namespace
  std::string key;

  bool operator==(const SecretKey&) const = default;
};

// Either `url_from`, or host, name, user and password_from. The operator never reads a Secret: its Jobs refer to it.
struct DatabaseRef {
  std::optional<SecretKey> url_from;
  std::string host;
  int port = 5432;
  std::string name;
  std::string user;
  std::optional<SecretKey> password_from;

  bool operator==(const DatabaseRef&) const = default;
};

enum class OnFailure { kDowngrade, kHalt };
enum class OnDataLoss { kRefuse, kAllow };
enum class Approval { kAutomatic, kManual };
enum class ContractTime { kAfterRollout, kWithNextRelease, kImmediately };

struct Policy {
  OnFailure on_failure = OnFailure::kDowngrade;  // after the retries
  int retries = 3;
  std::chrono::seconds timeout{3600};  // of one run of a Job's pod
  OnDataLoss on_data_loss = OnDataLoss::kRefuse;
  Approval approval = Approval::kAutomatic;
  std::string window;  // `Sat 02:00-05:00 Europe/Berlin`; empty: at any time
  ContractTime contract = ContractTime::kAfterRollout;

  bool operator==(const Policy&) const = default;
};

enum class ValidationMode { kUpgrade, kRoundTrip };

struct Validation {
  DatabaseRef database;  // the staging database
  ValidationMode mode = ValidationMode::kRoundTrip;

  bool operator==(const Validation&) const = default;
};

enum class OnFailedRollout { kHold, kUndo, kUndoAndDowngrade };
enum class OnDelete { kRelease, kLeave };

struct Gate {
  std::vector<std::string> deployments;  // of spec.gate.targets: every Deployment that uses the database
  OnFailedRollout on_failed_rollout = OnFailedRollout::kHold;
  bool restore_template = false;
  std::chrono::seconds rollout_timeout{600};  // from letting it go
  OnDelete on_delete = OnDelete::kRelease;

  bool operator==(const Gate&) const = default;
};

struct Spec {
  std::string image;              // carries sluice and the scripts
  std::string image_pull_policy;  // empty: Kubernetes' default
  DatabaseRef database;
  std::string target = "heads";  // or a revision
  Policy policy;
  std::optional<Validation> validation;
  std::optional<Gate> gate;
  std::chrono::seconds drift_interval{0};  // 0: never looked at
  std::string approved_plan;               // the hash of the plan that a person approves
  bool suspend = false;
  std::string service_account;
  std::vector<std::string> image_pull_secrets;
  Json pod_template;  // what is laid over the pods of Jobs; an object, or null

  bool operator==(const Spec&) const = default;
};

// Status -------------------------------------------------------------------------------------------------------------

enum class Phase {
  kPending,           // nothing was done yet, or something that only time or a person can mend is in the way
  kPlanning,          // a Job looks what is to be done
  kValidating,        // a Job rehearses it on staging
  kAwaitingApproval,  // a person, or a window in time, is waited for
  kMigrating,         // a Job upgrades
  kRollingOut,        // the Deployments were let go
  kContracting,       // the old pods are waited for, then a Job takes away what only they needed
  kReady,
  kDowngrading,  // a Job takes back
  kFailed,
};

inline constexpr int kMostSteps = 20;  // of a plan in a status
inline constexpr int kMostHistory = 5;
inline constexpr int kLargestStatus = 8 * 1024;  // bytes, in JSON

struct PlanStep {
  std::string revision;
  std::string message;
  bool transaction = true;
  bool contract = false;
  std::vector<std::string> hazards;

  bool operator==(const PlanStep&) const = default;
};

enum class Direction { kUpgrade, kDowngrade };

struct Plan {
  std::string hash;  // empty: nothing to do
  Direction direction = Direction::kUpgrade;
  std::vector<std::string> from;  // the version rows it starts at
  std::vector<PlanStep> steps;
  int steps_omitted = 0;
  int contracts = 0;  // contract revisions among all steps

  bool operator==(const Plan&) const = default;
  int count() const { return static_cast<int>(steps.size()) + steps_omitted; }
};

// What a way back would be, as it was known before the way there began.
struct DowngradePlan {
  std::vector<std::string> to;  // version rows; empty: base
  int steps = 0;
  std::vector<std::string> data_loss;  // in words, an item each
  int data_loss_omitted = 0;
  std::vector<std::string> irreversible;  // revisions without a way back

  bool operator==(const DowngradePlan&) const = default;
};

struct ValidationResult {
  std::string plan_hash;
  bool passed = false;
  std::optional<Time> at;
  std::string longest_lock;

  bool operator==(const ValidationResult&) const = default;
};

// What a Job came to.
struct Run {
  std::string job;
  std::string step;  // plan, validate, upgrade, contract, undo, downgrade, drift
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
  std::string outcome;  // Succeeded, Failed, Unknown
  std::string message;

  bool operator==(const Run&) const = default;
};

// One migration that came to an end.
struct HistoryEntry {
  std::int64_t generation = 0;
  std::string image;
  std::string from;  // revisions, separated by ", "; empty: base
  std::string to;
  std::string outcome;  // Succeeded, Failed, RolledBack
  std::optional<Time> at;

  bool operator==(const HistoryEntry&) const = default;
};

// The last state of the schema that was wanted and reached: what the gate compares a template with.
struct Reached {
  std::int64_t generation = 0;
  std::string image;
  std::vector<std::string> revisions;  // the version rows, then revisions that led there; at most 40
  std::optional<Time> at;

  bool operator==(const Reached&) const = default;
};

// A gated Deployment: the template that was approved last when the current plan was made.
struct GatedBefore {
  std::string deployment;
  std::string template_hash;
  std::string released_hash;  // of the template that rolled out for what is reached; empty: not known

  bool operator==(const GatedBefore&) const = default;
};

// What went wrong, until the resource changes.
struct Failure {
  std::string reason;  // as in the conditions
  std::string message;

  bool operator==(const Failure&) const = default;
};

// meta/v1.Condition.
struct Condition {
  std::string type;
  bool status = false;
  std::string reason;
  std::string message;
  std::int64_t observed_generation = 0;
  std::optional<Time> changed_at;

  bool operator==(const Condition&) const = default;
};

struct Status {
  std::int64_t observed_generation = -1;
  std::optional<Phase> phase;
  std::vector<Condition> conditions;  // by type
  std::string current;                // version rows, separated by ", "; `base` when there are none
  std::string target;
  int pending = 0;       // revisions that are not applied
  std::string database;  // that all of this is about, by what spec.database says (migration::NameOf)
  std::string database_id;
  std::string image;  // that the plan was made with
  std::optional<Plan> plan;
  std::optional<DowngradePlan> downgrade_plan;
  std::optional<ValidationResult> validation;
  std::optional<Run> last_run;
  std::vector<HistoryEntry> history;  // the newest first
  std::optional<Reached> reached;
  std::vector<GatedBefore> gated;
  std::vector<std::string> pending_contract;  // contract revisions of what was reached that are not applied yet
  std::optional<Failure> failure;             // why the phase is Failed, or is on the way there
  int attempt = 0;                            // Jobs of this generation that have ended: part of the next one's name
  int failures = 0;                           // Jobs that failed one after another in this phase
  std::optional<Time> phase_since;
  std::optional<Time> drift_checked_at;
  std::string drift;  // what differed at the last look; empty: nothing

  bool operator==(const Status&) const = default;
};

struct SchemaMigration {
  std::string namespace_name;
  std::string name;
  std::string uid;
  std::string resource_version;
  std::int64_t generation = 0;
  bool deleting = false;
  bool has_finalizer = false;  // ours
  std::vector<std::string> other_finalizers;
  Spec spec;
  Status status;

  bool operator==(const SchemaMigration&) const = default;
};

}  // namespace sluice::api
