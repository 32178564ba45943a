// Upgrades, downgrades and stamps a database. One Migrator is one run: it connects, decides, takes the lock when there
// is something to do, runs, and reports. docs/architecture.md follows a run through it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/engine/partial.h"
#include "core/engine/plan_check.h"
#include "core/engine/situation.h"
#include "core/engine/step_runner.h"
#include "core/engine/step_script.h"
#include "core/engine/unit_runner.h"
#include "core/graph/migration_plan.h"
#include "core/graph/plan_identity.h"

namespace sluice {

enum class TransactionMode {
  kEachSection,  // every section (and every statement outside a transaction) commits for itself
  kOne,          // --single-transaction: all steps or none
  kRollBack,     // --dry-run: all steps in one transaction that is rolled back
};

// Asked with the plan before anything runs, and again when the plan has changed meanwhile; not for an empty plan.
using PlanDemand = std::function<Status(const PlanIdentity& plan)>;

struct UpgradeRequest {
  std::vector<std::string> targets;  // identifiers; empty: heads
  PhaseFilter phase = PhaseFilter::kAll;
  TransactionMode mode = TransactionMode::kEachSection;
  PlanDemand demand = nullptr;
  std::optional<DemandedValidation> required = std::nullopt;  // only this plan runs, or what is left of it
};

struct DowngradeRequest {
  std::string target = "-1";
  TransactionMode mode = TransactionMode::kEachSection;
  std::vector<std::string> revisions = {};  // full ids: exactly these, in this order, instead of `target`
  PlanDemand demand = nullptr;
  std::optional<DemandedValidation> required = std::nullopt;  // as UpgradeRequest has it; with `target` only
  std::string undo = {};  // instead of `target`: what runs of the plan with this hash have applied (undo_plan.h)
};

struct StampRequest {
  std::vector<std::string> targets;
  bool purge = false;
  PlanDemand demand = nullptr;
};

// What `repair` decided about a revision that is applied in part.
struct SettleRequest {
  std::string command;                 // for table `run`
  std::string revision;                // full id
  std::optional<Direction> direction;  // to be run to its end in this one; empty: nothing runs
  // The statements that keep the decision, made with the lock held and committed before anything runs.
  std::function<Result<std::string>(const Situation& situation, std::int64_t run_id)> record;
};

struct FinishedStep {
  StepKind kind = StepKind::kUpgrade;
  std::string revision;
  std::string message;
  std::chrono::milliseconds elapsed{0};
};

// What a run did, also when it failed: `error` is set then, and everything else is true all the same.
struct RunReport {
  std::string database;
  std::string user;
  std::string server_version;
  std::string version_table;
  std::vector<std::string> rows_before;
  std::vector<std::string> rows_after;
  std::vector<FinishedStep> finished;  // committed steps, in order (with kRollBack: those that would have been)
  std::optional<PartialRevision> partial;
  std::size_t planned = 0;               // steps
  std::vector<WaitingRevision> waiting;  // left out by --phase expand
  std::vector<std::string> ahead;        // applied revisions that the files don't have
  std::vector<std::string> skipped;      // --dry-run: statements that can't be in a transaction, as `file:line`
  std::optional<Error> error;

  bool committed_something() const { return !finished.empty() || partial.has_value(); }
};

class Migrator {
 public:
  // `project` outlives this.
  Migrator(const RunContext& context, const Project& project);

  // Connects and reads what the database says, without a look at the project, which may still be loaded meanwhile;
  // Open() does it when it wasn't done.
  Status ReadAhead();

  // Finds out where the database stands; the others do it when it wasn't done.
  Status Open();

  // For a stamp that purges; before Open(). Version rows that nobody knows are no error then.
  void ForgetUnknownRows() { unknown_rows_ = UnknownRows::kForget; }

  RunReport Upgrade(const UpgradeRequest& request);
  RunReport Downgrade(const DowngradeRequest& request);
  RunReport Stamp(const StampRequest& request);
  RunReport Settle(const SettleRequest& request);

  // After Open().
  const Situation& situation() const { return situation_; }
  Database& database() { return database_; }

 private:
  struct Task;

  RunReport Run(const Task& task);
  Status RunTask(const Task& task, RunReport& report);
  Status Decide(const Task& task, MigrationPlan* plan, std::vector<StepScript>* steps);
  Status Identify(const Task& task, const MigrationPlan& plan, const std::vector<StepScript>& steps);
  Status Refresh();
  Status TakeStock(DatabaseState state);
  Status MakeTables(const MigrationPlan& plan);
  Status KeepDecision(const Task& task);
  Status BeginRun(const Task& task, const MigrationPlan& plan);
  Status RecordModified(const RecordWriter& writer);
  void EndRun(const RunReport& report);
  // What is done is let go of: its text and units are empty then.
  Status RunSteps(std::vector<StepScript>& steps, RunReport& report);
  Status RunStepToItsEnd(const StepScript& step, const StepPosition& position);
  Status TryStep(const StepScript& step, const StepPosition& position);
  StepRun RunOf(const StepScript& step, const StepPosition& position) const;
  Status RunAsOne(const Task& task, const MigrationPlan& plan, const std::vector<StepScript>& steps, RunReport& report);
  Status RunUnlessLost(const Task& task, const MigrationPlan& plan, const std::vector<StepScript>& steps,
                       const LockRetry& retry, RunReport& report);
  Status RunInOneTransaction(const Task& task, const MigrationPlan& plan, const std::vector<StepScript>& steps,
                             const LockRetry& retry, RunReport& report);
  void RecordFailureOfTransaction(const Task& task);
  Status RunStepsOfTransaction(bool rolls_back, const std::vector<StepScript>& steps, RunReport& report);
  Status RunStamp(const MigrationPlan& plan, RunReport& report);
  Result<bool> SettleAfterLoss(const StepScript& step, const StepScript* behind);
  void FillIn(RunReport& report);

  RunContext context_;
  const Project& project_;
  Database database_;
  std::optional<DatabaseState> read_ahead_;  // between ReadAhead() and Open()
  Situation situation_;
  bool open_ = false;
  UnknownRows unknown_rows_ = UnknownRows::kRefuse;
  std::optional<Bookkeeping> bookkeeping_;
  std::optional<UnitRunner> runner_;
  bool session_prepared_ = false;           // for runner_
  const StepScript* done_ahead_ = nullptr;  // a step that came to pass with the one before it, as a loss has shown
  std::vector<std::string> rows_now_;       // the version rows as the run has left them
  std::int64_t run_id_ = 0;
  std::string plan_hash_;  // of what is to be done; empty: nothing
  StepPosition position_;  // of the step that runs, where all are one transaction
  std::optional<Clock::TimePoint> deadline_;
};

}  // namespace sluice
