#include "core/engine/offline_sql.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/error_list.h"
#include "core/engine/psql_script.h"
#include "core/engine/run_planner.h"
#include "core/engine/stamp_records.h"
#include "core/engine/step_reader.h"
#include "core/graph/target.h"
#include "core/sql/lexer.h"

namespace sluice {
namespace {

// Where the version table will be, when nobody can ask the server: see Settings::version_table_schema.
std::string VersionTableSchema(const Settings& settings) {
  if (!settings.version_table_schema.empty()) return settings.version_table_schema;
  Lexer lexer(settings.search_path, 0, settings.search_path.size(), true);
  const Token first = lexer.Next();
  const std::string_view text = lexer.Text(first);
  if (first.kind == TokenKind::kWord) return std::string(text);
  const bool quoted = first.kind == TokenKind::kQuotedIdentifier && text != "\"$user\"";
  return quoted ? std::string(text.substr(1, text.size() - 2)) : "public";
}

Result<MigrationPlan> PlanStampRange(const RevisionGraph& graph, const RevisionRange& range) {
  SLUICE_TRY(const std::vector<NodeId> start, ResolveRevisions(graph, range.from.empty() ? "base" : range.from, {}));
  std::vector<std::string> rows;
  for (const NodeId node : start) rows.push_back(graph.id(node));
  return PlanStamp(graph, rows, {range.to.empty() ? "heads" : range.to}, /*purge=*/false);
}

Result<MigrationPlan> Plan(const Project& project, const OfflineRequest& request) {
  const std::vector<std::string>& targets = request.targets;
  const auto range = targets.size() == 1 ? ParseRange(targets.front()) : std::nullopt;
  switch (request.kind) {
    case StepKind::kUpgrade:
      if (range) return PlanRange(project.graph, *range, Direction::kUpgrade, request.phase);
      return PlanUpgradeRun(project, Situation(), targets, request.phase);
    case StepKind::kDowngrade:
      if (range) return PlanRange(project.graph, *range, Direction::kDowngrade, request.phase);
      return MakeError(ErrorCode::kUsage, "a downgrade that is printed has to say where it starts",
                       "name both ends, for example: sluice downgrade --sql head:base");
    case StepKind::kStamp:
      if (range && request.purge) {
        return MakeError(ErrorCode::kUsage, "a stamp that purges takes any rows away, so it has no range",
                         "name where the database is to be only, for example: sluice stamp --sql --purge heads");
      }
      if (range) return PlanStampRange(project.graph, *range);
      return PlanStamp(project.graph, {}, targets, request.purge);
  }
  return MigrationPlan();
}

Result<std::vector<StepScript>> ReadSteps(const Project& project, const MigrationPlan& plan) {
  std::vector<StepScript> steps;
  steps.reserve(plan.steps.size());
  ErrorList errors;
  for (const PlannedStep& planned : plan.steps) {
    Result<StepScript> step = ReadStepFromFiles(project, planned, 0);
    if (step.ok()) {
      steps.push_back(std::move(*step));
    } else {
      errors.Add(std::move(step).error());
    }
  }
  if (!errors.empty()) return std::move(errors).Take();
  return steps;
}

Status PrintForPsql(const Settings& settings, const Bookkeeping& bookkeeping, const MigrationPlan& plan,
                    const std::vector<StepScript>& steps, const SqlSink& sink) {
  PsqlScript script(settings, bookkeeping, sink);
  script.Begin(StepKindName(plan.steps.front().kind), plan);
  for (const StepScript& step : steps) SLUICE_CHECK(script.WriteStep(step));
  script.End();
  return {};
}

Status PrintStampForPsql(const Settings& settings, const Bookkeeping& bookkeeping, const Project& project,
                         const MigrationPlan& plan, bool purge, const SqlSink& sink) {
  PsqlScript script(settings, bookkeeping, sink);
  const RecordWriter& writer = script.writer();
  SLUICE_TRY(const std::string records, StampRecords(project, Situation(), plan, writer, PsqlScript::Event()));
  std::string sql = purge ? writer.ForgetRows(PsqlScript::Event().run) : "";
  for (const PlannedStep& step : plan.steps) sql += writer.EditRows(step.rows);
  script.Begin(StepKindName(StepKind::kStamp), plan, purge);
  script.WriteOwn(sql + records);
  script.End();
  return {};
}

// A section without a transaction of Sluice's has none here either; each of the others commits by itself, or a new enum
// value could not be used in the next one.
Status PrintBareStep(const Bookkeeping& bookkeeping, const StepScript& step, const SqlPrinter& printer) {
  const std::string edits = RecordWriter(bookkeeping).EditRows(step.step.rows);
  printer.Print("\n");
  printer.Comment(std::string(StepKindName(step.step.kind)) + " " + step.step.revision + ": " +
                  step.script.revision.message);
  const std::vector<UnitSection>& sections = step.units.sections;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const bool transaction = sections[i].section.transaction;
    if (transaction) printer.Print("BEGIN;\n");
    SLUICE_CHECK(printer.Section(step, sections[i]));
    if (i + 1 == sections.size()) printer.Print(edits);
    if (transaction) printer.Print("COMMIT;\n");
  }
  if (sections.empty()) printer.Print(edits);
  return {};
}

Status PrintBare(const Bookkeeping& bookkeeping, const MigrationPlan& plan, const std::vector<StepScript>& steps,
                 bool purge, const SqlSink& sink) {
  const SqlPrinter printer(sink, false);
  if (plan.rows_at_start.empty()) {
    std::size_t longest = 0;
    for (const PlannedStep& step : plan.steps) {
      for (const std::string& row : step.rows.add) longest = std::max(longest, row.size());
    }
    printer.Print(bookkeeping.CreateVersionTable(longest));
  }
  for (const StepScript& step : steps) SLUICE_CHECK(PrintBareStep(bookkeeping, step, printer));
  if (!steps.empty()) return {};
  printer.Print("BEGIN;\n");
  if (purge) printer.Print("DELETE FROM " + bookkeeping.version_table() + ";\n");
  for (const PlannedStep& step : plan.steps) printer.Print(RecordWriter(bookkeeping).EditRows(step.rows));
  printer.Print("COMMIT;\n");
  return {};
}

}  // namespace

Result<std::vector<WaitingRevision>> PrintOfflineSql(const Settings& settings, const Project& project,
                                                     const OfflineRequest& request, const SqlSink& sink) {
  SLUICE_TRY(MigrationPlan plan, Plan(project, request));
  if (plan.steps.empty() && !request.purge) return std::move(plan.waiting);
  const Bookkeeping bookkeeping(settings, VersionTableSchema(settings));
  const bool stamp = request.kind == StepKind::kStamp;
  std::vector<StepScript> steps;
  if (!stamp) {
    SLUICE_TRY(steps, ReadSteps(project, plan));
  }
  if (request.bare) {
    SLUICE_CHECK(PrintBare(bookkeeping, plan, steps, request.purge, sink));
  } else if (stamp) {
    SLUICE_CHECK(PrintStampForPsql(settings, bookkeeping, project, plan, request.purge, sink));
  } else {
    SLUICE_CHECK(PrintForPsql(settings, bookkeeping, plan, steps, sink));
  }
  return std::move(plan.waiting);
}

}  // namespace sluice
