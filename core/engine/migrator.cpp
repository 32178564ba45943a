#include "core/engine/migrator.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/engine/database_plan.h"
#include "core/engine/own_statement.h"
#include "core/engine/own_tables.h"
#include "core/engine/partial.h"
#include "core/engine/plan_rest.h"
#include "core/engine/run_planner.h"
#include "core/engine/stamp_records.h"
#include "core/engine/step_reader.h"
#include "core/engine/step_runner.h"
#include "core/engine/undo_plan.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

// A server that breaks the connection this often at the very same step won't carry it out the next time either.
constexpr int kLossesPerStep = 5;

bool IsLost(const Status& status) { return !status.ok() && status.error().code == ErrorCode::kConnectionLost; }

std::string HostName() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

// A statement of Sluice's own, outside RunOwn's transaction.
Status RunSql(ScriptSession& session, const std::string& sql) {
  const MessageOutcome outcome = session.Send(sql, nullptr);
  if (!outcome.ok()) return OwnStatementError(*outcome.failure);
  return {};
}

std::string_view OutcomeOf(const RunReport& report) {
  if (!report.error) return "done";
  return report.error->code == ErrorCode::kInterrupted ? "interrupted" : "failed";
}

StepPosition PositionOf(const std::vector<StepScript>& steps, std::size_t i) {
  const StepScript& step = steps[i];
  return {i, steps.size(), step.step.kind, step.step.revision, step.script.revision.message, 0, 0};
}

Error ChangedMeanwhile() {
  return MakeError(ErrorCode::kVersionChanged, "while the connection was lost somebody else changed the version table",
                   "see who else migrates this database, then run sluice status");
}

}  // namespace

// One of the public requests: how it plans, and how its steps are carried out.
struct Migrator::Task {
  enum class Work { kScripts, kStamp, kRecordOnly };

  std::string_view command;
  TransactionMode mode = TransactionMode::kEachSection;
  Work work = Work::kScripts;
  std::function<Result<MigrationPlan>()> plan;
  std::function<Result<std::string>(const Situation&, std::int64_t)> record = nullptr;  // as SettleRequest has it
  PlanDemand demand = nullptr;
  std::optional<DemandedValidation> required = std::nullopt;  // as UpgradeRequest has it
  PlanRequest asked = {};                                     // with `required`: what `plan` plans
  std::string kept_to = {};                                   // the hash for the record; empty: that of `required`
};

Migrator::Migrator(const RunContext& context, const Project& project)
    : context_(context), project_(project), database_(context) {
  if (context.settings.run_timeout.count() > 0) deadline_ = context.clock.Now() + context.settings.run_timeout;
}

Status Migrator::ReadAhead() {
  SLUICE_CHECK(database_.Connect());
  SLUICE_TRY(read_ahead_, database_.ReadState());
  return {};
}

Status Migrator::Open() {
  if (open_) return {};
  if (!read_ahead_) SLUICE_CHECK(ReadAhead());
  SLUICE_CHECK(TakeStock(*std::exchange(read_ahead_, std::nullopt)));
  open_ = true;
  return {};
}

Status Migrator::Refresh() {
  SLUICE_TRY(DatabaseState state, database_.ReadState());
  return TakeStock(std::move(state));
}

Status Migrator::TakeStock(DatabaseState state) {
  SLUICE_TRY(situation_, Assess(database_.reader(), context_.settings, project_, std::move(state), unknown_rows_));
  bookkeeping_.emplace(context_.settings, situation_.database.version_table_schema);
  rows_now_ = situation_.database.rows;
  rows_now_.insert(rows_now_.end(), situation_.forgotten.begin(), situation_.forgotten.end());
  std::sort(rows_now_.begin(), rows_now_.end());
  return {};
}

RunReport Migrator::Upgrade(const UpgradeRequest& request) {
  const PlanRequest asked{StepKind::kUpgrade, request.targets, request.phase};
  const auto plan = [&] { return PlanRun(project_, situation_, asked); };
  return Run({"upgrade", request.mode, Task::Work::kScripts, plan, nullptr, request.demand, request.required, asked});
}

RunReport Migrator::Downgrade(const DowngradeRequest& request) {
  const PlanRequest asked{StepKind::kDowngrade, {request.target}, PhaseFilter::kAll};
  const auto plan = [&] {
    if (!request.undo.empty()) {
      return PlanUndo(database_.reader(), context_.settings, project_, situation_, request.undo);
    }
    return request.revisions.empty() ? PlanRun(project_, situation_, asked)
                                     : PlanWayBack(project_, situation_, request.revisions);
  };
  return Run({"downgrade", request.mode, Task::Work::kScripts, plan, nullptr, request.demand, request.required, asked,
              request.undo});
}

RunReport Migrator::Stamp(const StampRequest& request) {
  if (request.purge) ForgetUnknownRows();
  const auto plan = [&]() -> Result<MigrationPlan> {
    SLUICE_TRY(MigrationPlan plan,
               PlanStamp(situation_.graph(project_), situation_.database.rows, request.targets, request.purge));
    for (const std::string& row : situation_.forgotten) {
      plan.steps.insert(plan.steps.begin(), {StepKind::kStamp, row, {{row}, {}}});
    }
    return plan;
  };
  return Run({"stamp", TransactionMode::kOne, Task::Work::kStamp, plan, nullptr, request.demand});
}

RunReport Migrator::Settle(const SettleRequest& request) {
  const Task::Work work = request.direction ? Task::Work::kScripts : Task::Work::kRecordOnly;
  const auto plan = [&]() -> Result<MigrationPlan> {
    if (request.direction) return PlanPartialRun(project_, situation_, request.revision, *request.direction);
    MigrationPlan unmoved;
    unmoved.rows_at_start = unmoved.rows_at_end = situation_.database.rows;
    unmoved.steps.push_back({StepKind::kUpgrade, request.revision, {}});
    return unmoved;
  };
  return Run({request.command, TransactionMode::kEachSection, work, plan, request.record});
}

RunReport Migrator::Run(const Task& task) {
  RunReport report;
  if (Status opened = Open(); !opened.ok()) {
    report.error = std::move(opened).error();
    return report;
  }
  FillIn(report);
  report.rows_before = rows_now_;
  Status status = RunTask(task, report);
  // As long as nothing is begun it can all be done again.
  const auto nothing_begun = [&] {
    return run_id_ == 0 && (IsLost(status) || (!status.ok() && status.error().code == ErrorCode::kUnreachable));
  };
  for (int losses = 1; nothing_begun() && losses < kLossesPerStep; ++losses) {
    context_.observer.Reconnecting(status.error().server.message);
    report.finished.clear();
    report.skipped.clear();
    status = database_.ReconnectReader();
    if (status.ok()) status = Refresh();
    if (status.ok()) status = RunTask(task, report);
  }
  if (!status.ok()) report.error = std::move(status).error();
  if (report.error && report.error->code == ErrorCode::kPermission) {
    report.error->hint = GrantsHint(*bookkeeping_, situation_.database);
  }
  if (run_id_ != 0) EndRun(report);
  report.rows_after = rows_now_;
  return report;
}

void Migrator::FillIn(RunReport& report) {
  const DatabaseState& database = situation_.database;
  report.database = database.database;
  report.user = database.user;
  report.server_version = database.server_version;
  report.version_table = bookkeeping_->version_table_key();
  report.ahead = situation_.ahead;
}

// What there is to do, as the database stands now.
Status Migrator::Decide(const Task& task, MigrationPlan* plan, std::vector<StepScript>* steps) {
  if (situation_.database.standby) {
    return MakeError(ErrorCode::kStandby, "this server is a standby: it can't be written to",
                     "connect to the primary (several hosts and target_session_attrs=read-write find it)");
  }
  if (task.work != Task::Work::kRecordOnly) {
    SLUICE_CHECK(CheckModified(context_.settings, project_, situation_));
  }
  SLUICE_TRY(*plan, task.plan());
  if (task.work == Task::Work::kScripts) {
    if (!plan->steps.empty()) database_.DialScriptSession();
    StepReader reader(context_.settings, project_, situation_, database_.reader(), context_.observer);
    SLUICE_TRY(*steps, reader.ReadSteps(plan->steps));
  }
  SLUICE_CHECK(Identify(task, *plan, *steps));
  if (task.mode == TransactionMode::kOne) SLUICE_CHECK(CheckOneTransaction(*steps));
  return {};
}

// Which plan it is, for the record, and whether it is one that may run.
Status Migrator::Identify(const Task& task, const MigrationPlan& plan, const std::vector<StepScript>& steps) {
  plan_hash_.clear();
  if (plan.steps.empty() || task.work == Task::Work::kRecordOnly) return {};
  plan_hash_ = PlanHash(IdentifySteps(plan, steps, situation_.database));
  if (!task.demand && !task.required) return {};
  const PlanIdentity identity = IdentifyPlan(plan, steps, situation_.database);
  if (task.demand) SLUICE_CHECK(task.demand(identity));
  if (!task.required) return {};
  return CheckRequired(database_.reader(), context_.settings, project_, situation_, task.asked, identity,
                       *task.required);
}

Status Migrator::RunTask(const Task& task, RunReport& report) {
  MigrationPlan plan;
  std::vector<StepScript> steps;
  SLUICE_CHECK(Decide(task, &plan, &steps));
  report.waiting = plan.waiting;
  if (plan.steps.empty()) return {};
  // Another migrator may do the work meanwhile: with the lock held nothing changes any more.
  const std::vector<std::string> rows = situation_.database.rows;
  const std::vector<ProgressRow> progress = situation_.database.progress;
  SLUICE_CHECK(database_.OpenScriptSession(situation_.database));
  if (task.mode != TransactionMode::kRollBack) SLUICE_CHECK(MakeTables(plan));
  SLUICE_CHECK(database_.TakeLock(bookkeeping_->migrator_lock()));
  SLUICE_CHECK(Refresh());
  if (rows != situation_.database.rows || progress != situation_.database.progress) {
    const std::size_t done = StepsDone(plan, situation_.database.rows);
    plan.steps.erase(plan.steps.begin(), plan.steps.begin() + static_cast<std::ptrdiff_t>(done));
    if (task.work == Task::Work::kScripts)
      steps.erase(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(done));
    plan.rows_at_start = situation_.database.rows;
    if (done == 0) SLUICE_CHECK(Decide(task, &plan, &steps));
  }
  report.planned = plan.steps.size();
  report.waiting = plan.waiting;
  report.rows_before = rows_now_;
  if (plan.steps.empty()) return {};
  if (task.mode != TransactionMode::kRollBack) SLUICE_CHECK(BeginRun(task, plan));
  if (task.record) SLUICE_CHECK(KeepDecision(task));
  if (task.work == Task::Work::kRecordOnly) return {};
  if (task.mode != TransactionMode::kEachSection) return RunAsOne(task, plan, steps, report);
  runner_.emplace(context_, database_, *bookkeeping_, deadline_);
  Status status = RunSteps(steps, report);
  if (!status.ok()) report.partial = FindPartial(situation_, steps, database_);
  return status;
}

// Commits what `repair` decided. When the connection is lost meanwhile, its event tells whether that came to pass.
Status Migrator::KeepDecision(const Task& task) {
  const auto keep = [&]() -> Status {
    SLUICE_TRY(const std::string record, task.record(situation_, run_id_));
    SLUICE_CHECK(database_.RunOwn(record));
    return {};
  };
  for (int losses = 1;; ++losses) {
    Status status = keep();
    if (!IsLost(status) || losses == kLossesPerStep) return status;
    context_.observer.Reconnecting(status.error().server.message);
    SLUICE_CHECK(database_.Reconnect(bookkeeping_->migrator_lock()));
    SLUICE_CHECK(Refresh());
    SLUICE_TRY(const bool kept, HasEvent(database_.reader(), *bookkeeping_, run_id_, kRepaired));
    if (kept) return {};
  }
}

Status Migrator::MakeTables(const MigrationPlan& plan) {
  const auto missing = [&]() -> Result<std::string> {
    SLUICE_TRY(std::string sql, TablesSql(database_.reader(), *bookkeeping_, situation_.database, plan));
    SLUICE_TRY(const std::string growth, GrowthSql(database_.reader(), *bookkeeping_, situation_.database));
    return sql + growth;
  };
  SLUICE_TRY(std::string sql, missing());
  if (sql.empty()) return {};
  const AdvisoryLock lock = bookkeeping_->bookkeeping_lock();
  SLUICE_CHECK(database_.TakeLock(lock));
  const auto make = [&]() -> Status {
    // Another migrator may have made them meanwhile.
    SLUICE_CHECK(Refresh());
    SLUICE_TRY(sql, missing());
    if (sql.empty()) return {};
    SLUICE_CHECK(database_.RunOwn(sql));
    return Refresh();
  };
  Status status = make();
  database_.ReleaseLock(lock);
  return status;
}

Status Migrator::BeginRun(const Task& task, const MigrationPlan& plan) {
  RunRecord run{.command = std::string(task.command), .rows_before = rows_now_, .host = HostName()};
  run.planned.reserve(plan.steps.size());
  for (const PlannedStep& step : plan.steps) run.planned.push_back(step.revision);
  run.program = context_.settings.program;
  run.image = context_.settings.image;
  if (situation_.database.layout_minor >= 1) {
    run.plan_hash = plan_hash_;
    run.required_plan = task.required ? task.required->hash : task.kept_to;
  }
  const RecordWriter writer(*bookkeeping_);
  SLUICE_TRY(const std::vector<CommandResult> results, database_.RunOwn(writer.BeginRun(run)));
  run_id_ = std::stoll(results.front().first_rows.front().front().value_or("0"));
  return RecordModified(writer);
}

// --allow-modified accepts scripts that were changed after they were applied; that somebody did so stays on record.
Status Migrator::RecordModified(const RecordWriter& writer) {
  SLUICE_TRY(const std::vector<const Script*> modified, FindModified(project_, situation_));
  std::string sql;
  for (const Script* script : modified) {
    EventRecord event;
    event.run_id = run_id_;
    event.revision = script->revision.id;
    event.outcome = "accepted";
    event.note = "--allow-modified: the file was changed after it was applied, its checksum is now " + script->checksum;
    sql += writer.Event(event, "", "");
  }
  if (!sql.empty()) SLUICE_CHECK(database_.RunOwn(sql));
  return {};
}

void Migrator::EndRun(const RunReport& report) {
  const bool connected = database_.has_script_session() && database_.script().alive();
  if (!connected && report.error) return;
  const RecordWriter writer(*bookkeeping_);
  std::string sql;
  if (runner_ && !runner_->row_counts().empty()) sql += writer.RowCounts(run_id_, runner_->row_counts());
  sql += writer.EndRun(run_id_, OutcomeOf(report), report.error ? report.error->message : "");
  const bool told = connected && database_.RunOwn(sql).ok();
  if (told || report.error) return;
  // A run without an end is closed by the next one as "interrupted", which would not be true of one that has done it
  // all.
  if (database_.Reconnect(bookkeeping_->migrator_lock()).ok()) (void)database_.RunOwn(sql);
}

Status Migrator::RunSteps(std::vector<StepScript>& steps, RunReport& report) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    StepScript& step = steps[i];
    const StepPosition position = PositionOf(steps, i);
    context_.observer.StepStarted(position);
    const Clock::TimePoint begin = context_.clock.Now();
    const bool more = i + 1 < steps.size();
    runner_->Announce(more ? OnlyUnit(RunOf(steps[i + 1], PositionOf(steps, i + 1))) : std::nullopt);
    if (std::exchange(done_ahead_, nullptr) != &step) SLUICE_CHECK(RunStepToItsEnd(step, position));
    rows_now_ = ApplyEdit(std::move(rows_now_), step.step.rows);
    const milliseconds elapsed = std::chrono::duration_cast<milliseconds>(context_.clock.Now() - begin);
    report.finished.push_back({step.step.kind, step.step.revision, step.script.revision.message, elapsed});
    context_.observer.StepFinished(position, elapsed);
    // Now, while the server works on the next one.
    step.text = std::string();
    step.units = {};
  }
  return {};
}

// Runs a step; when the connection is lost, finds out how far it came and goes on.
Status Migrator::RunStepToItsEnd(const StepScript& step, const StepPosition& position) {
  for (int losses = 1;; ++losses) {
    Status status = TryStep(step, position);
    if (!IsLost(status) || losses == kLossesPerStep) return status;
    context_.observer.Reconnecting(status.error().server.message);
    SLUICE_CHECK(database_.Reconnect(bookkeeping_->migrator_lock()));
    session_prepared_ = false;
    SLUICE_TRY(const bool done, SettleAfterLoss(step, runner_->sent_behind()));
    if (done) return {};
  }
}

Status Migrator::TryStep(const StepScript& step, const StepPosition& position) {
  if (!session_prepared_) SLUICE_CHECK(runner_->PrepareSession());
  session_prepared_ = true;
  StepRun run = RunOf(step, position);
  if (run.progress != nullptr) {
    SLUICE_TRY(run.stored_checksum, ReadStoredChecksum(database_.reader(), *bookkeeping_, step.step.revision));
  }
  return RunStep(*runner_, run);
}

StepRun Migrator::RunOf(const StepScript& step, const StepPosition& position) const {
  StepRun run{step};
  run.position = position;
  run.run_id = run_id_;
  run.progress = situation_.Progress(step.step.revision);
  run.server_major = situation_.database.server_major;
  return run;
}

// With the lock held again no COMMIT of the lost connection can be under way: what the tables say is what came to pass.
// `behind`: the step that was sent together with this one; nullptr: none.
Result<bool> Migrator::SettleAfterLoss(const StepScript& step, const StepScript* behind) {
  const std::vector<std::string> before = rows_now_;
  const std::vector<std::string> after = ApplyEdit(before, step.step.rows);
  SLUICE_CHECK(Refresh());
  const std::vector<std::string> found = std::exchange(rows_now_, before);
  const bool partial = situation_.Progress(step.step.revision) != nullptr;
  if (found == after && !partial) return true;
  if (behind != nullptr && !partial && found == ApplyEdit(after, behind->step.rows)) {
    done_ahead_ = behind;
    return true;
  }
  if (found == before) return false;
  return ChangedMeanwhile();
}

// A run of one transaction. When it can't have its locks it is rolled back, so that nobody waits for what it has locked
// already, and tried again as a whole.
Status Migrator::RunAsOne(const Task& task, const MigrationPlan& plan, const std::vector<StepScript>& steps,
                          RunReport& report) {
  LockRetry retry(context_, deadline_);
  runner_.emplace(context_, database_, *bookkeeping_, deadline_, &retry);
  while (true) {
    Status status = RunUnlessLost(task, plan, steps, retry, report);
    // A stamp's statements are Sluice's own, which are tried again where they run.
    if (status.ok() || task.work == Task::Work::kStamp) return status;
    if (status.error().code == ErrorCode::kLockBudget) {
      status = retry.PauseAfter(status.error(), runner_->lock_timeout(), &position_);
    }
    if (!status.ok()) {
      RecordFailureOfTransaction(task);
      return status;
    }
    report.finished.clear();
    report.skipped.clear();
  }
}

void Migrator::RecordFailureOfTransaction(const Task& task) {
  if (task.mode == TransactionMode::kRollBack || !database_.script().alive()) return;
  if (!runner_->failure_event().empty()) (void)database_.RunOwn(runner_->failure_event());
}

// When the connection is lost the version rows tell whether the transaction has committed: all of it, or nothing, and
// then it runs again.
Status Migrator::RunUnlessLost(const Task& task, const MigrationPlan& plan, const std::vector<StepScript>& steps,
                               const LockRetry& retry, RunReport& report) {
  for (int losses = 1;; ++losses) {
    Status status = task.work == Task::Work::kStamp ? RunStamp(plan, report)
                                                    : RunInOneTransaction(task, plan, steps, retry, report);
    if (!IsLost(status) || task.mode == TransactionMode::kRollBack || losses == kLossesPerStep) return status;
    context_.observer.Reconnecting(status.error().server.message);
    const std::vector<std::string> before = rows_now_;
    SLUICE_CHECK(database_.Reconnect(bookkeeping_->migrator_lock()));
    SLUICE_CHECK(Refresh());
    if (rows_now_ == before) continue;
    if (rows_now_ != plan.rows_at_end) return ChangedMeanwhile();
    for (const PlannedStep& step : plan.steps)
      report.finished.push_back({step.kind, step.revision, "", milliseconds(0)});
    return {};
  }
}

Status Migrator::RunInOneTransaction(const Task& task, const MigrationPlan& plan, const std::vector<StepScript>& steps,
                                     const LockRetry& retry, RunReport& report) {
  const bool rolls_back = task.mode == TransactionMode::kRollBack;
  std::string tables;
  if (rolls_back) {
    SLUICE_TRY(tables, TablesSql(database_.reader(), *bookkeeping_, situation_.database, plan));
  }
  SLUICE_CHECK(RunSql(database_.script(), "BEGIN"));
  const std::string set_timeout = Database::SetLocalLockTimeout(retry.LockTimeout(context_.settings.lock_timeout));
  Status status = rolls_back ? RunSql(database_.script(), set_timeout + tables) : Status();
  runner_->StartOver();
  if (status.ok()) status = runner_->PrepareSession();
  if (status.ok()) status = RunStepsOfTransaction(rolls_back, steps, report);
  if (status.ok() && !rolls_back) status = RunSql(database_.script(), "COMMIT");
  if (!status.ok() || rolls_back) {
    if (database_.script().alive()) (void)RunSql(database_.script(), "ROLLBACK");
    if (!rolls_back) report.finished.clear();
    return status;
  }
  for (const StepScript& step : steps) rows_now_ = ApplyEdit(std::move(rows_now_), step.step.rows);
  return {};
}

Status Migrator::RunStepsOfTransaction(bool rolls_back, const std::vector<StepScript>& steps, RunReport& report) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    StepRun run = RunOf(steps[i], PositionOf(steps, i));
    position_ = run.position;
    run.rolls_back = rolls_back;
    run.skipped = &report.skipped;
    context_.observer.StepStarted(run.position);
    const Clock::TimePoint begin = context_.clock.Now();
    SLUICE_CHECK(RunStep(*runner_, run));
    const milliseconds elapsed = std::chrono::duration_cast<milliseconds>(context_.clock.Now() - begin);
    report.finished.push_back({run.position.kind, run.position.revision, run.position.message, elapsed});
    context_.observer.StepFinished(run.position, elapsed);
  }
  return {};
}

Status Migrator::RunStamp(const MigrationPlan& plan, RunReport& report) {
  const RecordWriter writer(*bookkeeping_);
  std::string sql = writer.DemandRows(rows_now_);
  for (const PlannedStep& step : plan.steps) sql += writer.EditRows(step.rows);
  EventRecord event;
  event.run_id = run_id_;
  SLUICE_TRY(const std::string records, StampRecords(project_, situation_, plan, writer, std::move(event)));
  sql += records;
  SLUICE_CHECK(database_.RunOwn(sql));
  for (const PlannedStep& step : plan.steps) {
    rows_now_ = ApplyEdit(std::move(rows_now_), step.rows);
    report.finished.push_back({step.kind, step.revision, "", milliseconds(0)});
  }
  return {};
}

}  // namespace sluice
