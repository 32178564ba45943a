#include "core/engine/repair.h"

#include <algorithm>
#include <utility>

#include "core/db/record.h"
#include "core/engine/situation.h"
#include "core/engine/step_reader.h"
#include "core/engine/unit_runner.h"
#include "core/graph/identifier.h"

namespace sluice {
namespace {

Error NotPartial(const std::string& message, const std::vector<ProgressRow>& progress) {
  std::string hint = "nothing of this database is applied in part";
  for (std::size_t i = 0; i < progress.size(); ++i) {
    hint = (i == 0 ? "applied in part: " : hint + ", ") + progress[i].revision;
  }
  return MakeError(ErrorCode::kUsage, message, hint);
}

// The record that is meant: by id, by a unique prefix, or the only one.
Result<ProgressRow> FindRow(const std::vector<ProgressRow>& progress, const std::string& revision) {
  std::vector<ProgressRow> found;
  for (const ProgressRow& row : progress) {
    if (row.revision == revision) return row;
    const bool prefix = revision.size() >= kShortestPrefix && row.revision.starts_with(revision);
    if (revision.empty() || prefix) found.push_back(row);
  }
  if (found.size() == 1) return found.front();
  if (!found.empty()) return NotPartial("several revisions are applied in part: say which", found);
  if (revision.empty()) return NotPartial("there is nothing to repair", progress);
  return NotPartial("revision " + revision + " is not applied in part", progress);
}

Direction Opposite(Direction direction) {
  return direction == Direction::kUpgrade ? Direction::kDowngrade : Direction::kUpgrade;
}

Error WrongUnit(const RepairRequest& request, const std::string& why) {
  return MakeError(
      ErrorCode::kUsage,
      "--" + std::string(RepairActionName(request.action)) + " " + std::to_string(request.unit) + ": " + why,
      "sluice repair lists the units of what is applied in part, with their numbers");
}

// What `done` is after the decision.
Result<std::vector<std::string>> DoneAfter(const RepairRequest& request, const ProgressRow& row,
                                           const PartialDetails& details) {
  const int done = static_cast<int>(row.done.size());
  if (request.action == RepairAction::kRedo) {
    if (request.unit < 1 || request.unit > done + 1)
      return WrongUnit(request, "units up to " + std::to_string(done) + " are done");
    return std::vector<std::string>(row.done.begin(), row.done.begin() + request.unit - 1);
  }
  if (details.trouble) return *details.trouble;
  const int total = static_cast<int>(details.units.size());
  if (request.unit < 1 || request.unit > total) {
    return WrongUnit(request, "revision " + row.revision + " has " + std::to_string(total) + " units");
  }
  const bool changed = std::any_of(details.units.begin(), details.units.begin() + std::min(done, total),
                                   [](const PartialUnit& unit) { return unit.changed; });
  if (request.unit < done || (request.unit == done && !changed)) {
    return WrongUnit(request, "units up to " + std::to_string(done) + " are done already");
  }
  std::vector<std::string> hashes;
  for (int i = 0; i < request.unit; ++i) hashes.push_back(details.units[static_cast<std::size_t>(i)].hash);
  return hashes;
}

EventRecord DecisionEvent(const RepairRequest& request, const ProgressRow& row, const PartialDetails& details,
                          std::int64_t run_id) {
  EventRecord event;
  event.run_id = run_id;
  event.revision = row.revision;
  event.direction = row.direction;
  event.outcome = kRepaired;
  event.note = RepairActionName(request.action);
  if (request.unit == 0) return event;
  event.note += " " + std::to_string(request.unit);
  const std::size_t index = static_cast<std::size_t>(request.unit) - 1;
  if (index < details.units.size()) {
    const PartialUnit& unit = details.units[index];
    event.section = unit.section;
    event.statement = unit.statement;
    event.note += ": " + unit.file + ":" + std::to_string(unit.line) + " " + unit.text;
  }
  return event;
}

// Finds out what became of the statement in doubt and removes what it left, so that it can run again: the invalid index
// of a failed CREATE INDEX CONCURRENTLY would be in its way. True when it came to pass after all.
Result<bool> SettleDoubt(const RunContext& context, const Project& project, const Situation& situation,
                         Database& database, const ProgressRow& row) {
  StepReader reader(context.settings, project, situation, database.reader(), context.observer);
  const StepKind kind = row.direction == Direction::kUpgrade ? StepKind::kUpgrade : StepKind::kDowngrade;
  SLUICE_TRY(const std::vector<StepScript> steps, reader.ReadSteps({{kind, row.revision, {}}}));
  const StepScript& step = steps.front();
  if (row.done.size() >= step.units.units.size()) return false;
  UnitRunner runner(context, database, Bookkeeping(context.settings, situation.database.version_table_schema), {});
  UnitTask task{step};
  task.unit = step.units.units.size();
  task.position = {0, 1, kind, row.revision, step.script.revision.message, 0, 0};
  const Result<Settlement> settled = runner.Settle(task, step.units, row.done.size(), *row.intent);
  if (settled.ok()) return *settled == Settlement::kDone;
  // What only a person knows has just been said.
  if (settled.error().code == ErrorCode::kNeedsDecision) return false;
  return settled.error();
}

// The statements that keep the decision. `came_to_pass`: the statement in doubt is known to be done.
Result<std::string> RecordDecision(const RepairRequest& request, const ProgressRow& row, const PartialDetails& details,
                                   bool came_to_pass, const RecordWriter& writer, std::int64_t run_id) {
  std::string sql;
  if (request.action == RepairAction::kForget) sql += writer.DropProgress(row.revision);
  if (request.action == RepairAction::kMarkDone || request.action == RepairAction::kRedo) {
    SLUICE_TRY(const std::vector<std::string> done, DoneAfter(request, row, details));
    // Whether a statement beyond the ones marked came to pass is as open as before.
    const bool open = request.action == RepairAction::kMarkDone || came_to_pass;
    const std::string intent = open && done.size() == row.done.size() ? row.intent.value_or("") : "";
    sql += done.empty() && intent.empty() ? writer.DropProgress(row.revision)
                                          : writer.SetProgress(row.revision, row.direction, done, intent);
  }
  return sql + writer.Event(DecisionEvent(request, row, details, run_id), "", "");
}

const PartialDetails* FindDetails(const std::vector<PartialDetails>& all, const std::string& revision) {
  for (const PartialDetails& details : all) {
    if (details.summary.revision == revision) return &details;
  }
  return nullptr;
}

// What is left of the revision, read again.
std::optional<PartialRevision> WhatIsLeft(const RunContext& context, const Project& project, Migrator& migrator,
                                          const std::string& revision) {
  Result<DatabaseState> state = migrator.database().ReadState();
  if (!state.ok()) return std::nullopt;
  Situation now = migrator.situation();
  now.database = std::move(*state);
  const Result<std::vector<PartialDetails>> all = ReadPartials(context, project, now, migrator.database().reader());
  if (!all.ok()) return std::nullopt;
  const PartialDetails* details = FindDetails(*all, revision);
  return details == nullptr ? std::nullopt : std::make_optional(details->summary);
}

}  // namespace

std::string_view RepairActionName(RepairAction action) {
  switch (action) {
    case RepairAction::kResume:
      return "resume";
    case RepairAction::kUndo:
      return "undo";
    case RepairAction::kMarkDone:
      return "mark-done";
    case RepairAction::kRedo:
      return "redo";
    case RepairAction::kForget:
      break;
  }
  return "forget";
}

Result<std::vector<PartialDetails>> ReadPartialRevisions(const RunContext& context, const Project& project) {
  Migrator migrator(context, project);
  SLUICE_CHECK(migrator.Open());
  return ReadPartials(context, project, migrator.situation(), migrator.database().reader());
}

RunReport Repair(const RunContext& context, const Project& project, const RepairRequest& request) {
  Migrator migrator(context, project);
  RunReport report;
  if (Status opened = migrator.Open(); !opened.ok()) {
    report.error = std::move(opened).error();
    return report;
  }
  const Result<ProgressRow> chosen = FindRow(migrator.situation().database.progress, request.revision);
  if (!chosen.ok()) {
    report.error = chosen.error();
    return report;
  }
  SettleRequest settle;
  settle.command = "repair --" + std::string(RepairActionName(request.action));
  settle.revision = chosen->revision;
  if (request.action == RepairAction::kResume) settle.direction = chosen->direction;
  if (request.action == RepairAction::kUndo) settle.direction = Opposite(chosen->direction);
  settle.record = [&](const Situation& situation, std::int64_t run_id) -> Result<std::string> {
    // Another migrator may have gone on with it while this one waited for the lock.
    SLUICE_TRY(const ProgressRow row, FindRow(situation.database.progress, chosen->revision));
    SLUICE_TRY(const std::vector<PartialDetails> all,
               ReadPartials(context, project, situation, migrator.database().reader()));
    const PartialDetails& details = *FindDetails(all, row.revision);
    const bool settles = request.action == RepairAction::kRedo && row.intent && !details.trouble;
    bool came_to_pass = false;
    if (settles) {
      SLUICE_CHECK(DoneAfter(request, row, details));
      SLUICE_TRY(came_to_pass, SettleDoubt(context, project, situation, migrator.database(), row));
    }
    const RecordWriter writer(Bookkeeping(context.settings, situation.database.version_table_schema));
    return RecordDecision(request, row, details, came_to_pass, writer, run_id);
  };
  report = migrator.Settle(settle);
  if (!settle.direction && !report.partial) report.partial = WhatIsLeft(context, project, migrator, chosen->revision);
  return report;
}

}  // namespace sluice
