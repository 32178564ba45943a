#include <algorithm>
#include <optional>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/history_graph.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/revision_report.h"
#include "cmd/sluice/workspace.h"
#include "core/engine/revision_state.h"
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

// What is shown, and how far it is applied.
struct History {
  const RevisionGraph& graph;
  std::vector<NodeId> nodes;               // newest first
  std::vector<RevisionState> states = {};  // by node; empty: no database
  std::string why_not;                     // why there is none
};

Result<std::vector<NodeId>> ShownRevisions(const std::string& written, const RevisionGraph& graph,
                                           const std::vector<std::string>& rows) {
  if (written.empty()) {
    const std::vector<NodeId> order = TopologicalOrder(graph);
    return std::vector<NodeId>(order.rbegin(), order.rend());
  }
  const std::optional<RevisionRange> range = ParseRange(written);
  if (!range) {
    return MakeError(ErrorCode::kUsage, "\"" + written + "\" is not a range of revisions",
                     "write FROM:TO, FROM: or :TO, for example -r base:head");
  }
  return ResolveHistory(graph, *range, rows);
}

// How a state is drawn, and what it is called in JSON.
struct StateName {
  std::string_view symbol;
  std::string_view name;
  std::string_view meaning;
};

StateName NameOf(RevisionState state) {
  switch (state) {
    case RevisionState::kApplied:
      return {"*", "applied", "applied"};
    case RevisionState::kPartial:
      return {"~", "partial", "applied in part"};
    case RevisionState::kWaiting:
      return {"c", "waiting", "waits for the rollout"};
    case RevisionState::kPending:
    case RevisionState::kForgotten:
      return {"o", "pending", "pending"};
  }
  return {};
}

// What the symbols mean, those that are there.
std::string Legend(const History& history, const Palette& palette) {
  std::string text;
  for (const RevisionState state :
       {RevisionState::kApplied, RevisionState::kPartial, RevisionState::kPending, RevisionState::kWaiting}) {
    const auto has_state = [&](NodeId node) { return history.states[node] == state; };
    if (std::none_of(history.nodes.begin(), history.nodes.end(), has_state)) continue;
    const StateName name = NameOf(state);
    text += (text.empty() ? "" : ", ") + std::string(name.symbol) + " " + std::string(name.meaning);
  }
  return palette.Dim(text) + "\n";
}

std::string Symbol(const History& history, NodeId node, const Palette& palette) {
  if (history.states.empty()) return "*";
  const RevisionState state = history.states[node];
  const std::string_view symbol = NameOf(state).symbol;
  if (state == RevisionState::kApplied) return palette.Green(symbol);
  return state == RevisionState::kPartial ? palette.Red(symbol) : std::string(symbol);
}

std::string HistoryText(const History& history, const Project& project, bool verbose, const Palette& palette) {
  std::vector<bool> is_shown(history.graph.size());
  for (const NodeId node : history.nodes) is_shown[node] = true;
  HistoryGraph drawing;
  std::string text;
  for (const NodeId node : history.nodes) {
    std::vector<std::size_t> parents;
    for (const NodeId parent : history.graph.parents(node)) {
      if (is_shown[parent]) parents.push_back(parent);
    }
    const HistoryGraph::Rows rows = drawing.Next(node, parents, Symbol(history, node, palette));
    text += rows.node + RevisionLine(history.graph, node, palette) + "\n";
    std::vector<std::string> details;
    if (verbose) {
      details = RevisionDetails(history.graph, node, FileOf(project, history.graph.revision(node).id));
      details.emplace_back();
    }
    for (std::size_t i = 0; i < std::max(details.size(), rows.below.size()); ++i) {
      std::string line = i < rows.below.size() ? rows.below[i] : rows.padding;
      if (i < details.size()) line += details[i];
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
  }
  return history.states.empty() ? text : text + Legend(history, palette);
}

std::string HistoryJson(const History& history, const Project& project) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("revisions").BeginArray();
  for (const NodeId node : history.nodes) {
    json.BeginObject();
    WriteRevisionMembers(json, history.graph, node, FileOf(project, history.graph.revision(node).id));
    json.Key("state");
    if (history.states.empty()) {
      json.Null();
    } else {
      json.String(NameOf(history.states[node]).name);
    }
    json.EndObject();
  }
  json.EndArray().Member("no_database", history.why_not).EndObject();
  return std::move(json).Finish();
}

Result<ExitCode> RunHistory(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  std::string why_not;
  const auto database = TryDatabase(invocation, console, workspace, &why_not);
  const std::vector<std::string> rows = database ? database->situation().database.rows : std::vector<std::string>();
  History history{database ? database->graph() : workspace.project.graph, {}, {}, why_not};
  SLUICE_TRY(history.nodes, ShownRevisions(invocation.Value(kRangeOption), history.graph, rows));
  if (database) {
    history.states = RevisionStates(workspace.project, database->situation());
    // Taken back, and the file is gone: no part of the history any more.
    std::erase_if(history.nodes, [&](NodeId node) { return history.states[node] == RevisionState::kForgotten; });
  }
  if (WantsJson(invocation)) {
    console.Print(HistoryJson(history, workspace.project));
    return ExitCode::kDone;
  }
  console.Print(HistoryText(history, workspace.project, invocation.Has(kVerboseOption), console.palette()));
  if (!database) console.PrintError("What is applied is not shown: " + why_not + "\n");
  return ExitCode::kDone;
}

constexpr const OptionSpec* kOptions[] = {&kRangeOption, &kVerboseOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kHistoryCommand{
    .name = "history",
    .summary = "Draw the revisions, newest first",
    .description =
        "Draws all revisions, newest first, with the branches and merges between them. Where a database is "
        "configured and answers, what is applied is marked, and revisions that only the database knows are there too.",
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice history -r 6ee0:head",
    .run = RunHistory};

}  // namespace sluice::cli
