#include <string>
#include <string_view>
#include <vector>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/plan_report.h"
#include "cmd/sluice/project.h"
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

Result<MigrationPlan> MakePlan(const Invocation& invocation, const RevisionGraph& graph,
                               const std::vector<std::string>& rows) {
  const std::vector<std::string>& targets = invocation.arguments;
  if (invocation.Has(kStampOption)) return PlanStamp(graph, rows, targets, /*purge=*/false);
  const bool back = invocation.Has(kDowngradeOption) || (!targets.empty() && GoesBack(targets.front()));
  if (!back) {
    const PhaseFilter phase = invocation.Value(kPhaseOption) == "expand" ? PhaseFilter::kExpand : PhaseFilter::kAll;
    return PlanUpgrade(graph, rows, targets, phase);
  }
  if (targets.size() > 1) return MakeError(ErrorCode::kUsage, "a downgrade goes to one target only");
  if (invocation.Has(kPhaseOption)) return MakeError(ErrorCode::kUsage, "a downgrade has no --phase");
  return PlanDowngrade(graph, rows, targets.empty() ? "-1" : targets.front());
}

Status CheckOptions(const Invocation& invocation) {
  if (invocation.Has(kStampOption) && invocation.Has(kDowngradeOption)) {
    return MakeError(ErrorCode::kUsage, "--stamp and --downgrade are two different plans");
  }
  if (invocation.Has(kStampOption) && invocation.arguments.empty()) {
    return MakeError(ErrorCode::kUsage, "a stamp needs a target", "for example: sluice plan --stamp head");
  }
  if (!invocation.Has(kCurrentOption)) {
    return MakeError(ErrorCode::kUsage, "sluice plan needs --current", "--current \"\" plans from an empty database");
  }
  return {};
}

Result<ExitCode> RunPlan(const Invocation& invocation, Console& console) {
  SLUICE_CHECK(CheckOptions(invocation));
  SLUICE_TRY(const Project project, LoadProject(invocation));
  SLUICE_TRY(const std::vector<std::string> rows, CurrentRows(project.graph, invocation.Value(kCurrentOption)));
  SLUICE_TRY(const MigrationPlan plan, MakePlan(invocation, project.graph, rows));
  const ScriptSource source{[&](std::string_view revision) {
                              const NodeId node = project.graph.Find(revision);
                              return node == RevisionGraph::kNoNode ? nullptr : &project.script(node);
                            },
                            ReadScriptText};
  SLUICE_TRY(const PlanReport report, MakePlanReport(plan, source));
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
constexpr const OptionSpec* kOptions[] = {&kCurrentOption, &kDowngradeOption, &kStampOption, &kPhaseOption,
                                          &kPlanOutputOption};
constexpr const OptionGroup* kGroups[] = {&kProjectOptions};

}  // namespace

constexpr CommandSpec kPlanCommand{
    .name = "plan",
    .summary = "Show what an upgrade, a downgrade or a stamp would do",
    .description =
        "Shows the steps: per step the revision, its sections with the transaction they run in, their statements "
        "with file and line, and the version rows before and after. Nothing is changed.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice plan --current 6ee0 -o json",
    .run = RunPlan};

}  // namespace sluice::cli
