#include <algorithm>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/history_graph.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/project.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/revision_report.h"
#include "core/graph/migration_plan.h"
#include "core/graph/target.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kRangeOption{.name = "range",
                                  .short_name = 'r',
                                  .value = "FROM:TO",
                                  .help = "Only these, both ends included; an end may be left out."};
constexpr OptionSpec kVerboseOption{
    .name = "verbose", .short_name = 'v', .help = "Show all that is known of each revision."};

// Newest first.
Result<std::vector<NodeId>> ShownRevisions(const Invocation& invocation, const RevisionGraph& graph) {
  const std::string written = invocation.Value(kRangeOption);
  if (written.empty()) {
    const std::vector<NodeId> order = TopologicalOrder(graph);
    return std::vector<NodeId>(order.rbegin(), order.rend());
  }
  const std::optional<RevisionRange> range = ParseRange(written);
  if (!range) {
    return MakeError(ErrorCode::kUsage, "\"" + written + "\" is not a range of revisions",
                     "write FROM:TO, FROM: or :TO, for example -r base:head");
  }
  return ResolveHistory(graph, *range, {});
}

std::string HistoryText(const Project& project, const std::vector<NodeId>& nodes, bool verbose,
                        const Palette& palette) {
  const std::vector<NodeId>& shown = nodes;
  std::vector<bool> is_shown(project.graph.size());
  for (const NodeId node : shown) is_shown[node] = true;
  HistoryGraph drawing;
  std::string text;
  for (const NodeId node : shown) {
    std::vector<std::size_t> parents;
    for (const NodeId parent : project.graph.parents(node)) {
      if (is_shown[parent]) parents.push_back(parent);
    }
    const HistoryGraph::Rows rows = drawing.Next(node, parents, "*");
    text += rows.node + RevisionLine(project.graph, node, palette) + "\n";
    std::vector<std::string> details;
    if (verbose) {
      details = RevisionDetails(project.graph, node, project.script(node).path);
      details.emplace_back();
    }
    for (std::size_t i = 0; i < std::max(details.size(), rows.below.size()); ++i) {
      std::string line = i < rows.below.size() ? rows.below[i] : rows.padding;
      if (i < details.size()) line += details[i];
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
  }
  return text;
}

std::string HistoryJson(const Project& project, const std::vector<NodeId>& nodes) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("revisions").BeginArray();
  for (const NodeId node : nodes) {
    json.BeginObject();
    WriteRevisionMembers(json, project.graph, node, project.script(node).path);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return std::move(json).Finish();
}

Result<ExitCode> RunHistory(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Project project, LoadProject(invocation));
  SLUICE_TRY(const std::vector<NodeId> nodes, ShownRevisions(invocation, project.graph));
  console.Print(WantsJson(invocation) ? HistoryJson(project, nodes)
                                      : HistoryText(project, nodes, invocation.Has(kVerboseOption), console.palette()));
  return ExitCode::kDone;
}

constexpr const OptionSpec* kOptions[] = {&kRangeOption, &kVerboseOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kProjectOptions};

}  // namespace

constexpr CommandSpec kHistoryCommand{
    .name = "history",
    .summary = "Draw the revisions, newest first",
    .description = "Draws all revisions, newest first, with the branches and merges between them.",
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice history -r 6ee0:head",
    .run = RunHistory};

}  // namespace sluice::cli
