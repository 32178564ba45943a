#include "core/engine/rehearsal.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "core/diff/difference_text.h"
#include "core/engine/database_plan.h"
#include "core/engine/plan_check.h"
#include "core/engine/project_inspection.h"
#include "core/engine/schema_change.h"
#include "core/engine/step_reader.h"
#include "core/engine/table_contents.h"

namespace sluice {
namespace {

std::string List(const std::vector<std::string>& texts, const std::string& separator, const std::string& none) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : separator) + text;
  return list.empty() ? none : list;
}

Error StagingDiffers(const std::string& message, const std::string& hint) {
  return MakeError(ErrorCode::kStagingDiffers, message, hint);
}

// What a database is at one moment.
struct Observation {
  Schema schema;
  TableContents tables;
};

std::optional<std::uint64_t> RowsOf(const Observation* observation, const std::string& table) {
  if (observation == nullptr) return std::nullopt;
  const auto found = observation->tables.find(table);
  return found == observation->tables.end() ? std::nullopt : std::optional(found->second.rows);
}

bool SameContent(const Observation& one, const Observation& other, const std::string& table) {
  const auto first = one.tables.find(table);
  const auto second = other.tables.find(table);
  const bool both = first != one.tables.end() && second != other.tables.end();
  return both && first->second.SameRows(second->second);
}

const TableContent* FindByOid(const Observation& observation, std::int64_t oid) {
  for (const auto& [table, content] : observation.tables) {
    if (content.oid == oid) return &content;
  }
  return nullptr;
}

class Rehearsal {
 public:
  Rehearsal(const RunContext& context, const Project& project, const RehearsalRequest& request)
      : context_(context), project_(project), request_(request), inspect_(ProjectInspectOptions(context.settings)) {
    report_.copy = request.copy;
    report_.goes_back = request.goes_back;
  }

  RehearsalReport Run() {
    Status status = MakePlan();
    if (status.ok() && !report_.plan.steps.empty()) status = RehearsePlan();
    FillInTables();
    if (!status.ok()) report_.error = std::move(status).error();
    return std::move(report_);
  }

 private:
  // The plan.
  Status MakePlan() {
    if (request_.plan) {
      SLUICE_CHECK(TakeGivenPlan());
    } else if (request_.has_database) {
      SLUICE_TRY(const DatabasePlan planned,
                 PlanForDatabase(context_, project_, {.targets = request_.targets, .phase = request_.phase}));
      report_.plan = IdentifyPlan(planned.plan, planned.steps, planned.situation.database);
    } else {
      SLUICE_TRY(report_.plan, PlanFromFiles({}, request_.targets, request_.phase, 0));
      report_.copy = CopyKind::kScripts;
    }
    report_.has_plan = true;
    if (report_.plan.partial.empty()) return CheckWayBack();
    return MakeError(ErrorCode::kPartial,
                     "revision " + report_.plan.partial.front() + " is applied in part: a copy can't stand there",
                     "complete it (sluice upgrade) or undo it (sluice downgrade) first; sluice status shows it");
  }

  Result<PlanIdentity> PlanFromFiles(const std::vector<std::string>& rows, const std::vector<std::string>& targets,
                                     PhaseFilter phase, int server_major) const {
    SLUICE_TRY(const MigrationPlan plan, PlanUpgrade(project_.graph, rows, targets, phase));
    std::vector<StepScript> steps;
    for (const PlannedStep& step : plan.steps) {
      SLUICE_TRY(StepScript script, ReadStepFromFiles(project_, step, server_major));
      steps.push_back(std::move(script));
    }
    DatabaseState nowhere;
    nowhere.server_major = server_major;
    return IdentifyPlan(plan, steps, nowhere);
  }

  Status TakeGivenPlan() {
    const PlanIdentity& given = *request_.plan;
    report_.plan = given;
    for (const PlanIdentity::Step& step : given.steps) {
      if (step.kind == StepKind::kUpgrade) continue;
      return MakeError(ErrorCode::kUsage, "the plan is not one of an upgrade", "only upgrades can be rehearsed");
    }
    if (given.steps.empty() || !given.partial.empty()) return {};
    SLUICE_TRY(const PlanIdentity here,
               PlanFromFiles(given.rows, given.RowsBefore(given.steps.size()), PhaseFilter::kAll, given.server_major));
    const std::vector<std::string> differences = PlanDifferences(given, here, "the plan", "what these files make");
    if (!differences.empty()) {
      return StagingDiffers("the files here are not those of the plan: " + List(differences, "; ", ""),
                            "use the same files (the same image) for the plan and for its validation");
    }
    return request_.has_database ? CompareRows(given) : RunScriptsInstead("no database is configured");
  }

  // Whether the configured database stands where the plan starts.
  Status CompareRows(const PlanIdentity& given) {
    if (report_.copy == CopyKind::kScripts) return {};
    Database database(context_);
    SLUICE_CHECK(database.Connect());
    SLUICE_TRY(const DatabaseState state, database.ReadState());
    if (state.rows == given.rows && state.progress.empty()) return {};
    const std::string where = "the database stands at " + List(state.rows, ", ", "no revision") +
                              (state.progress.empty() ? "" : ", with a revision in part") +
                              ", and the plan starts at " + List(given.rows, ", ", "no revision");
    return RunScriptsInstead(where);
  }

  Status RunScriptsInstead(const std::string& why) {
    if (report_.copy == CopyKind::kTemplate || report_.copy == CopyKind::kNone) {
      return StagingDiffers(why,
                            "bring the database there first, or let the plan run on what the scripts build: "
                            "--copy scripts");
    }
    if (report_.copy == CopyKind::kSchema) {
      report_.remarks.push_back(why + ": what the scripts build was taken instead");
      report_.copy = CopyKind::kScripts;
    }
    return {};
  }

  Status CheckWayBack() const {
    if (!request_.goes_back) return {};
    for (const PlanIdentity::Step& step : report_.plan.steps) {
      const auto back = ReadStepFromFiles(project_, {StepKind::kDowngrade, step.revision, {}}, 0);
      if (back.ok()) continue;
      Error error = back.error();
      if (error.code == ErrorCode::kIrreversible) {
        error.hint = "to rehearse the upgrade alone: --upgrade-only; " + error.hint;
      }
      return error;
    }
    return {};
  }

  // The runs.
  Status RehearsePlan() {
    SLUICE_TRY(RehearsalPlace place, MakeRehearsalPlace(context_, project_, report_.copy, report_.plan.rows));
    place_.emplace(std::move(place));
    report_.place = place_->words;
    report_.remarks.insert(report_.remarks.end(), place_->remarks.begin(), place_->remarks.end());
    SLUICE_CHECK(CheckServer());
    SLUICE_TRY(meter_, StatementMeter::Open(place_->conninfo(), inspect_.home_schema, context_.clock));
    SLUICE_CHECK(Observe(before_));
    SLUICE_CHECK(Upgrade());
    SLUICE_CHECK(Observe(upgraded_));
    SLUICE_CHECK(CheckUntouched(*upgraded_, "after the upgrade"));
    FindSchemaLosses();
    if (request_.goes_back) SLUICE_CHECK(GoBackAndForth());
    if (report_.data_losses.empty() || request_.allow_data_loss) return {};
    return MakeError(ErrorCode::kDataLoss, "the upgrade loses data: " + List(report_.data_losses, "; ", ""),
                     "when that is meant: --allow-destructive");
  }

  Status GoBackAndForth() {
    SLUICE_CHECK(Downgrade());
    SLUICE_CHECK(Observe(taken_back_));
    SLUICE_CHECK(CheckSchema(*taken_back_, *before_, "after the way back", "before the upgrade"));
    SLUICE_CHECK(CheckUntouched(*taken_back_, "after the way back"));
    FindLostRows();
    SLUICE_CHECK(Upgrade());
    SLUICE_CHECK(Observe(upgraded_again_));
    SLUICE_CHECK(CheckSchema(*upgraded_again_, *upgraded_, "after the second upgrade", "after the first"));
    return CheckUntouched(*upgraded_again_, "after the second upgrade");
  }

  Status CheckServer() {
    if (report_.plan.server_major == 0) report_.plan.server_major = place_->server_major;
    if (report_.plan.server_major == place_->server_major) return {};
    return StagingDiffers("the plan is for PostgreSQL " + std::to_string(report_.plan.server_major) + ", and " +
                              (place_->server ? place_->server->Describe() : "the database's server") +
                              " is PostgreSQL " + std::to_string(place_->server_major),
                          "rehearse on a server of the same major version (scratch_url names one)");
  }

  Status Observe(std::optional<Observation>& observation) {
    ConnectFailure failure;
    const std::unique_ptr<ReadSession> session = ReadSession::Open(place_->conninfo(), &failure);
    if (session == nullptr) return MakeError(ErrorCode::kUnreachable, "can't connect: " + failure.message);
    Observation made;
    SLUICE_TRY(made.schema, InspectSchema(*session, inspect_));
    SLUICE_TRY(made.tables, ReadTableContents(*session, inspect_));
    observation = std::move(made);
    return {};
  }

  Status Upgrade() {
    UpgradeRequest request;
    request.targets = report_.plan.RowsBefore(report_.plan.steps.size());
    request.demand = [this](const PlanIdentity& plan) -> Status {
      const std::vector<std::string> differences =
          PlanDifferences(report_.plan, plan, "the plan", "what is to run here");
      if (differences.empty()) return {};
      return StagingDiffers("not what was planned: " + List(differences, "; ", ""), "run sluice validate again");
    };
    return Move(Direction::kUpgrade, request.targets, [&](Migrator& migrator) { return migrator.Upgrade(request); });
  }

  Status Downgrade() {
    DowngradeRequest request;
    for (std::size_t i = report_.plan.steps.size(); i-- > 0;)
      request.revisions.push_back(report_.plan.steps[i].revision);
    return Move(Direction::kDowngrade, report_.plan.rows,
                [&](Migrator& migrator) { return migrator.Downgrade(request); });
  }

  template <typename Request>
  Status Move(Direction direction, const std::vector<std::string>& wanted_rows, const Request& request) {
    SLUICE_CHECK(meter_->Start());
    Migrator migrator({place_->settings, context_.observer, context_.clock, context_.interrupt, meter_.get()},
                      project_);
    RunReport run = request(migrator);
    report_.runs.push_back({direction, std::move(run.finished), meter_->Take()});
    NoteTouched(report_.runs.back().statements);
    if (run.error) return std::move(*run.error);
    if (run.rows_after == wanted_rows) return {};
    return MakeError(ErrorCode::kRehearsal,
                     "the version rows are " + List(run.rows_after, ", ", "none") + " after the " +
                         (direction == Direction::kUpgrade ? "upgrade" : "way back") + " and should be " +
                         List(wanted_rows, ", ", "none"),
                     "see what else migrates this database");
  }

  // A table is touched when its rows or its form may have been changed: every statement that does takes such a lock.
  void NoteTouched(const std::vector<MeasuredStatement>& statements) {
    for (const MeasuredStatement& statement : statements) {
      for (const MeasuredLock& lock : statement.locks) {
        if (lock.mode >= LockMode::kRowExclusive) touched_.insert(lock.oid);
      }
      // A procedure that commits lets its locks go before they are seen.
      const bool commits = !statement.transaction && (statement.tag == "CALL" || statement.tag == "DO");
      touches_anything_ = touches_anything_ || commits;
    }
  }

  // What has to be true after a run.
  Status CheckSchema(const Observation& found, const Observation& wanted, const std::string& when,
                     const std::string& other) {
    const std::vector<Difference> differences = WithoutPositions(CompareSchemas(found.schema, wanted.schema, {}));
    for (const Difference& difference : WithoutParts(differences, found.schema, wanted.schema)) {
      report_.differences.push_back(
          DifferenceText(difference, found.schema, wanted.schema, "what is there", "what was there"));
    }
    if (report_.differences.empty()) return {};
    const std::size_t more = report_.differences.size() - 1;
    return MakeError(ErrorCode::kRehearsal,
                     when + " the schema is not what it was " + other + ": " + report_.differences.front() +
                         (more == 0 ? "" : ", and " + std::to_string(more) + " more differences"),
                     "mend the downgrade of the revision that makes the difference");
  }

  Status CheckUntouched(const Observation& found, const std::string& when) const {
    for (const auto& [table, content] : before_->tables) {
      if (touched_.contains(content.oid) || touches_anything_) continue;
      const TableContent* now = FindByOid(found, content.oid);
      if (now != nullptr && now->SameRows(content)) continue;
      return MakeError(
          ErrorCode::kRehearsal,
          when + " table " + table + ", which no step touches, is not what it was: " + std::to_string(content.rows) +
              " rows before, " + (now != nullptr ? std::to_string(now->rows) : std::string("no such table")) + " now",
          "see who else writes to this database, or which trigger does");
    }
    return {};
  }

  void FindSchemaLosses() {
    std::set<std::string> seen;
    for (const SchemaStep& step : PlanSchemaChange(before_->schema, upgraded_->schema, {}).steps) {
      if (!step.data_loss.empty() && seen.insert(step.data_loss).second) report_.data_losses.push_back(step.data_loss);
    }
  }

  void FindLostRows() {
    for (const auto& [table, content] : before_->tables) {
      if (content.rows == 0 || SameContent(*before_, *taken_back_, table)) continue;
      report_.data_losses.push_back("the rows of table " + table + " are not the same after the way back (" +
                                    std::to_string(content.rows) + " before, " +
                                    std::to_string(RowsOf(&*taken_back_, table).value_or(0)) + " after)");
    }
  }

  void FillInTables() {
    std::set<std::string> names;
    std::set<std::string> touched;
    for (const auto* observation : {&before_, &upgraded_, &taken_back_, &upgraded_again_}) {
      if (!*observation) continue;
      for (const auto& [table, content] : (*observation)->tables) {
        names.insert(table);
        if (touched_.contains(content.oid)) touched.insert(table);
      }
    }
    const auto rows = [](const std::optional<Observation>& observation, const std::string& table) {
      return RowsOf(observation ? &*observation : nullptr, table);
    };
    for (const std::string& name : names) {
      RehearsedTable table;
      table.name = name;
      table.touched = touched.contains(name);
      table.before = rows(before_, name);
      table.upgraded = rows(upgraded_, name);
      table.taken_back = rows(taken_back_, name);
      table.upgraded_again = rows(upgraded_again_, name);
      if (taken_back_ && table.before) table.same_after_way_back = SameContent(*before_, *taken_back_, name);
      if (table.touched || !table.same_after_way_back) {
        report_.tables.push_back(std::move(table));
      } else if (table.before) {
        ++report_.untouched_tables;
      }
    }
  }

  const RunContext& context_;
  const Project& project_;
  const RehearsalRequest& request_;
  const InspectOptions inspect_;
  std::optional<RehearsalPlace> place_;
  std::unique_ptr<StatementMeter> meter_;  // its session ends before the place
  std::optional<Observation> before_;
  std::optional<Observation> upgraded_;
  std::optional<Observation> taken_back_;
  std::optional<Observation> upgraded_again_;
  std::set<std::int64_t> touched_;  // by oid: a table may be renamed, and its schema, too
  bool touches_anything_ = false;   // locks could not be seen
  RehearsalReport report_;
};

}  // namespace

RehearsalReport Rehearse(const RunContext& context, const Project& project, const RehearsalRequest& request) {
  return Rehearsal(context, project, request).Run();
}

LongestLock FindLongestLock(const RehearsalReport& report) {
  LongestLock longest;
  if (report.runs.empty()) return longest;
  for (const MeasuredStatement& statement : report.runs.front().statements) {
    for (const MeasuredLock& lock : statement.locks) {
      if (lock.is_new || lock.mode < LockMode::kShare) continue;
      if (longest.lock == nullptr || longest.lock->held < lock.held) longest = {&statement, &lock};
    }
  }
  return longest;
}

}  // namespace sluice
