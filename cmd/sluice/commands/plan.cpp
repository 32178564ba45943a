#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/migration_run.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/plan_report.h"
#include "cmd/sluice/termination_log.h"
#include "core/base/file_system.h"
#include "core/engine/database_plan.h"
#include "core/engine/plan_check.h"
#include "core/graph/migration_plan.h"
#include "core/graph/target.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kCurrentOption{
    .name = "current",
    .value = "REV,...",
    .help = "Plan from these version rows without a database: ids or unique prefixes; \"\" is an empty database."};
constexpr OptionSpec kDowngradeOption{.name = "downgrade",
                                      .help = "Plan a downgrade; TARGET is -1 where it isn't given."};
constexpr OptionSpec kSyncOption{.name = "sync",
                                 .help =
                                     "Plan whichever way leads to exactly TARGET: up when it isn't applied yet, down "
                                     "when something stands above it."};
constexpr OptionSpec kStampOption{.name = "stamp", .help = "Plan a stamp: the version rows change, no script runs."};
constexpr OptionSpec kPlanOutputOption{.name = "output",
                                       .short_name = 'o',
                                       .value = "text|json|markdown",
                                       .help = "Print for people, for programs (docs/json.md), or for a pull request.",
                                       .default_value = "text"};

std::vector<std::string> SplitRows(std::string_view text) {
  std::vector<std::string> rows;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    if (comma != 0) rows.emplace_back(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return rows;
}

// `-1` and `LABEL@-1` go back from where the database is.
bool GoesBack(std::string_view target) {
  const std::size_t at = target.find('@');
  return target.substr(at == std::string_view::npos ? 0 : at + 1).starts_with('-');
}

// The full ids of `--current`.
Result<std::vector<std::string>> CurrentRows(const RevisionGraph& graph, std::string_view text) {
  SLUICE_TRY(const std::vector<NodeId> nodes, ResolveRows(graph, SplitRows(text), /*allow_prefixes=*/true));
  std::vector<std::string> rows;
  for (const NodeId node : nodes) rows.push_back(graph.revision(node).id);
  return rows;
}

// What doesn't go together of the ways to say what is planned.
Status CheckWays(const Invocation& invocation, const PlanRequest& request) {
  const bool undoes = !request.undo.empty();
  if (undoes && !invocation.Has(kDowngradeOption)) {
    return MakeError(ErrorCode::kUsage, "--undo is a downgrade", "sluice plan --downgrade --undo " + request.undo);
  }
  if (request.sync && (invocation.Has(kDowngradeOption) || invocation.Has(kStampOption))) {
    return MakeError(ErrorCode::kUsage,
                     "--sync finds out which way to go: it goes with neither --downgrade nor --stamp");
  }
  if ((request.sync || undoes) && invocation.Has(kCurrentOption)) {
    return MakeError(ErrorCode::kUsage, "--sync and --undo ask the database, and --current does without one");
  }
  return {};
}

Result<PlanRequest> ChosenRequest(const Invocation& invocation) {
  PlanRequest request;
  request.targets = invocation.arguments;
  request.phase = ChosenPhase(invocation);
  const bool downgrade = invocation.Has(kDowngradeOption);
  SLUICE_TRY(request.undo, ChosenUndo(invocation));
  request.sync = invocation.Has(kSyncOption);
  SLUICE_CHECK(CheckWays(invocation, request));
  if (request.sync) return request;
  if (invocation.Has(kStampOption)) {
    if (downgrade) return MakeError(ErrorCode::kUsage, "--stamp and --downgrade are two different plans");
    if (request.targets.empty()) {
      return MakeError(ErrorCode::kUsage, "a stamp needs a target", "for example: sluice plan --stamp head");
    }
    request.kind = StepKind::kStamp;
  } else if (downgrade || (!request.targets.empty() && GoesBack(request.targets.front()))) {
    if (request.targets.size() > 1) return MakeError(ErrorCode::kUsage, "a downgrade goes to one target only");
    if (invocation.Has(kPhaseOption)) return MakeError(ErrorCode::kUsage, "a downgrade has no --phase");
    request.kind = StepKind::kDowngrade;
  }
  return request;
}

// From the rows of `--current`, without a database.
Result<MigrationPlan> PlanFromRows(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                   const PlanRequest& request) {
  switch (request.kind) {
    case StepKind::kUpgrade:
      return PlanUpgrade(graph, rows, request.targets, request.phase);
    case StepKind::kDowngrade:
      return PlanDowngrade(graph, rows, request.targets.empty() ? "-1" : request.targets.front());
    case StepKind::kStamp:
      return PlanStamp(graph, rows, request.targets, /*purge=*/false);
  }
  return MigrationPlan{};
}

Result<PlanReport> PlanOffline(const Invocation& invocation, const PlanRequest& request, const Project& project) {
  const RevisionGraph& graph = project.graph;
  SLUICE_TRY(const std::vector<std::string> rows, CurrentRows(graph, invocation.Value(kCurrentOption)));
  SLUICE_TRY(const MigrationPlan plan, PlanFromRows(graph, rows, request));
  const auto find = [&](std::string_view revision) {
    const NodeId node = graph.Find(revision);
    return node == RevisionGraph::kNoNode ? nullptr : &ScriptOf(project, node);
  };
  return MakePlanReport(plan, {find, ReadScriptText});
}

// What the run would do now: partial revisions first, a downgrade with the texts that the database remembers.
Result<PlanReport> PlanOnline(const PlanRequest& request, DatabaseAccess& database) {
  SLUICE_TRY(const DatabasePlan planned, PlanForDatabase(database.context(), database.project(), request));
  std::unordered_map<std::string_view, const StepScript*> scripts;
  for (const StepScript& step : planned.steps) scripts.emplace(step.step.revision, &step);
  const auto find = [&](std::string_view revision) {
    const auto found = scripts.find(revision);
    return found == scripts.end() ? nullptr : &found->second->script;
  };
  const auto read = [&](const Script& script) -> Result<std::string> { return scripts.at(script.revision.id)->text; };
  SLUICE_TRY(PlanReport report, MakePlanReport(planned.plan, {find, read}));
  report.identity = IdentifyPlan(planned.plan, planned.steps, planned.situation.database);
  PlanRisks risks = FindRisks(planned.plan, planned.steps);
  for (std::size_t i = 0; i < report.steps.size(); ++i) report.steps[i].hazards = std::move(risks.losses[i]);
  report.back = std::move(risks.back);
  return report;
}

Result<PlanReport> MakePlan(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const PlanRequest request, ChosenRequest(invocation));
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  if (invocation.Has(kCurrentOption)) return PlanOffline(invocation, request, workspace.project);
  DatabaseAccess database(invocation, console, workspace.config.settings, workspace.project);
  if (invocation.report != nullptr) {
    // A standby can be planned for, but not opened.
    const Status opened = database.Open();
    if (opened.ok()) NoteDatabase(invocation.report, database);
    if (!opened.ok() && opened.error().code == ErrorCode::kUnreachable) return opened.error();
  }
  return PlanOnline(request, database);
}

Result<ExitCode> RunPlan(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const PlanReport report, MakePlan(invocation, console));
  NotePlan(invocation.report, report);
  if (invocation.Has(kReportOption)) {
    SLUICE_CHECK(ReplaceFile(invocation.Value(kReportOption), RenderPlanJson(report)));
  }
  const std::string output = invocation.Value(kPlanOutputOption);
  console.Print(output == "json"       ? RenderPlanJson(report)
                : output == "markdown" ? RenderPlanMarkdown(report)
                                       : RenderPlan(report, console.palette()));
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {{.name = "TARGET",
                                        .help =
                                            "Where to: any identifier of docs/revisions.md. `-1` plans a downgrade. "
                                            "The default is heads.",
                                        .at_most = ArgumentSpec::kUnlimited}};
constexpr const OptionSpec* kOptions[] = {&kCurrentOption,    &kDowngradeOption, &kUndoPlanOption,
                                          &kSyncOption,       &kStampOption,     &kPhaseOption,
                                          &kPlanOutputOption, &kReportOption,    &kTerminationLogOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kPlanCommand{
    .name = "plan",
    .summary = "Show what an upgrade, a downgrade or a stamp would do",
    .description =
        "Shows the steps: per step the revision, its sections with the transaction they run in, their statements "
        "with file and line, and the version rows before and after. Nothing is changed. With --current it needs no "
        "database.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice plan --current 6ee0 -o json",
    .run = RunPlan};

}  // namespace sluice::cli
