#include "core/engine/step_runner.h"

#include "core/engine/resume_point.h"
#include "core/engine/step_reader.h"

namespace sluice {

QuestionHolders FindQuestionHolders(const ScriptUnits& units, std::size_t next) {
  QuestionHolders holders;
  const std::size_t end = units.units.size();
  if (next < end && units.units[next].kind == UnitKind::kSection) holders.first = next;
  if (next < end && units.units[end - 1].kind == UnitKind::kSection) holders.last = end - 1;
  return holders;
}

namespace {

bool NeedsOwnMessage(const Unit& unit) {
  return unit.kind == UnitKind::kBareStatement || unit.kind == UnitKind::kOwnTransaction;
}

std::string Place(const StepScript& step, const Unit& unit) {
  const UnitSection& section = step.units.sections[unit.section];
  return step.script.path + ":" + std::to_string(section.statements.statements[unit.first_statement].line);
}

class StepRunner {
 public:
  StepRunner(UnitRunner& runner, const StepRun& run) : runner_(runner), run_(run), units_(run.step.units) {}

  // The task for unit `i` of a run that begins with unit `next`.
  static UnitTask TaskFor(const StepRun& run, std::size_t i, std::size_t next) {
    const ScriptUnits& units = run.step.units;
    const QuestionHolders holders = FindQuestionHolders(units, next);
    const bool verifies_alone = !units.verifies.empty() && holders.last == kNoUnit;
    UnitTask task = Task(run, i);
    task.stores_script = i == next && run.step.direction() == Direction::kUpgrade;
    task.runs_checks = i == holders.first;
    task.runs_verifies = i == holders.last;
    task.finishes = i + 1 == units.units.size() && !verifies_alone;
    task.replays_settings = i == next && units.units[i].first_statement > 0;
    if (i == next && ResumesHere(run)) task.intent = run.progress->intent;
    return task;
  }

  Status Run(std::size_t next) {
    const std::size_t end = units_.units.size();
    const QuestionHolders holders = FindQuestionHolders(units_, next);
    if (next == end) return RunRecord();
    if (!units_.checks.empty() && holders.first == kNoUnit) {
      SLUICE_CHECK(runner_.RunChecksAlone(Task(run_, next), units_.checks));
    }
    const bool verifies_alone = !units_.verifies.empty() && holders.last == kNoUnit;
    for (std::size_t i = next; i < end; ++i) {
      const bool skip = run_.rolls_back && NeedsOwnMessage(units_.units[i]);
      if (skip) {
        run_.skipped->push_back(Place(run_.step, units_.units[i]));
        continue;
      }
      const UnitTask task = TaskFor(run_, i, next);
      SLUICE_CHECK(runner_.Run(task));
      finished_ = task.finishes;
    }
    if (verifies_alone) SLUICE_CHECK(runner_.RunChecksAlone(Task(run_, end), units_.verifies));
    return finished_ ? Status() : RunRecord();
  }

 private:
  static bool ResumesHere(const StepRun& run) {
    return run.progress != nullptr && run.progress->direction == run.step.direction();
  }

  static UnitTask Task(const StepRun& run, std::size_t unit) {
    const ScriptUnits& units = run.step.units;
    UnitTask task{run.step};
    task.unit = unit;
    task.position = run.position;
    if (unit < units.units.size()) {
      task.position.section = units.sections[units.units[unit].section].number;
      if (units.units[unit].kind != UnitKind::kSection) {
        task.position.statement = static_cast<int>(units.units[unit].first_statement) + 1;
      }
    }
    task.run_id = run.run_id;
    task.rows = run.step.step.rows;
    task.ends_progress = run.progress != nullptr || LeavesProgress(units);
    const bool edited = !run.stored_checksum.empty() && run.stored_checksum != run.step.stored.checksum;
    if (edited) task.note = "the script was edited after it was begun: checksum " + run.stored_checksum + " before";
    return task;
  }

  // The record alone: a marker, or a step whose work is all done.
  Status RunRecord() {
    UnitTask task = Task(run_, units_.units.size());
    task.finishes = true;
    task.stores_script = run_.step.direction() == Direction::kUpgrade;
    task.runs_checks = task.runs_verifies = units_.units.empty();
    return runner_.RunRecordOnly(task);
  }

  UnitRunner& runner_;
  const StepRun& run_;
  const ScriptUnits& units_;
  bool finished_ = false;
};

}  // namespace

namespace {

// The work was begun in the other direction, and one statement's outcome is not on record: it is found out first, for
// only what came to pass has to be undone.
Status SettleOpposite(UnitRunner& runner, const StepRun& run, const ScriptUnits& opposite, ProgressRow* progress) {
  if (!progress->intent || progress->done.size() >= opposite.units.size()) return {};
  UnitTask task{run.step};
  task.unit = run.step.units.units.size();
  task.position = run.position;
  SLUICE_TRY(const Settlement settled, runner.Settle(task, opposite, progress->done.size(), *progress->intent));
  if (settled == Settlement::kDone) progress->done.push_back(opposite.units[progress->done.size()].hash);
  return {};
}

}  // namespace

std::optional<UnitTask> OnlyUnit(const StepRun& run) {
  if (run.progress != nullptr || run.step.units.units.size() != 1) return std::nullopt;
  return StepRunner::TaskFor(run, 0, 0);
}

Status RunStep(UnitRunner& runner, const StepRun& run) {
  if (run.progress == nullptr) return StepRunner(runner, run).Run(0);
  ScriptUnits opposite;
  ProgressRow progress = *run.progress;
  if (progress.direction != run.step.direction()) {
    SLUICE_TRY(opposite, StepReader::ReadOpposite(run.step, run.server_major));
    SLUICE_CHECK(SettleOpposite(runner, run, opposite, &progress));
  }
  SLUICE_TRY(const ResumePoint point,
             FindResumePoint(run.step.step.revision, run.step.direction(), &progress, run.step.units, opposite));
  return StepRunner(runner, run).Run(point.next_unit);
}

}  // namespace sluice
