#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/project.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/revision_report.h"
#include "core/graph/target.h"

namespace sluice::cli {
namespace {

Result<std::string> ShowText(const Project& project, NodeId node, const Palette& palette) {
  SLUICE_TRY(const std::string script, ReadScriptText(project.script(node)));
  std::string text = RevisionLine(project.graph, node, palette) + "\n";
  for (const std::string& line : RevisionDetails(project.graph, node, project.script(node).path)) text += line + "\n";
  return text + "\n" + script + (script.ends_with('\n') ? "" : "\n");
}

Result<std::string> ShowJson(const Project& project, const std::vector<NodeId>& nodes) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("revisions").BeginArray();
  for (const NodeId node : nodes) {
    SLUICE_TRY(const std::string script, ReadScriptText(project.script(node)));
    json.BeginObject();
    WriteRevisionMembers(json, project.graph, node, project.script(node).path);
    json.Member("script", script).EndObject();
  }
  json.EndArray().EndObject();
  return std::move(json).Finish();
}

Result<ExitCode> RunShow(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Project project, LoadProject(invocation));
  const std::string target = invocation.arguments.empty() ? "heads" : invocation.arguments.front();
  SLUICE_TRY(const std::vector<NodeId> nodes, ResolveRevisions(project.graph, target, {}));
  if (WantsJson(invocation)) {
    SLUICE_TRY(const std::string json, ShowJson(project, nodes));
    console.Print(json);
    return ExitCode::kDone;
  }
  for (const NodeId node : nodes) {
    SLUICE_TRY(const std::string text, ShowText(project, node, console.palette()));
    console.Print(text);
  }
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "REV", .help = "Any identifier of docs/revisions.md; the heads without one."}};
constexpr const OptionSpec* kOptions[] = {&kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kProjectOptions};

}  // namespace

constexpr CommandSpec kShowCommand{
    .name = "show",
    .summary = "Show a revision: its place in the history and its script",
    .description =
        "Shows what a revision revises, what follows it, its labels and dependencies, and the text of its script.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice show 6ee0",
    .run = RunShow};

}  // namespace sluice::cli
