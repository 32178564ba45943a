#include "cmd/sluice/generated_revision.h"

#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include "cmd/sluice/database_access.h"
#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/not_applied.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/revision_report.h"
#include "cmd/sluice/schema_report.h"
#include "core/base/file_system.h"
#include "core/engine/autogenerate.h"
#include "core/graph/target.h"

namespace sluice::cli {
namespace {

RenameQuestion QuestionFor(const Invocation& invocation, Console& console) {
  if (invocation.Has(kNoInputOption) || WantsJson(invocation) || !console.can_ask()) return {};
  return [&console](const RenameHint& hint) {
    const bool is_table = hint.kind == RenameHint::Kind::kTable;
    const std::string old_name = is_table ? "table " + hint.old_name : "column " + hint.table + "." + hint.old_name;
    return console.Ask("Was " + old_name + " renamed to " + (is_table ? hint.table : hint.column) +
                       "? Otherwise its rows are lost.");
  };
}

Result<AutogenerateRequest> MakeRequest(const Invocation& invocation, Console& console, Revision revision,
                                        std::string contract_id) {
  AutogenerateRequest request;
  request.revision = std::move(revision);
  request.contract_id = std::move(contract_id);
  request.allow_destructive = invocation.Has(kAllowDestructiveOption);
  SLUICE_TRY(request.renames, ChosenRenames(invocation));
  request.ask_rename = QuestionFor(invocation, console);
  return request;
}

std::string NotesText(const AutogenerateResult& result, bool verbose) {
  std::string text = RenderModelNotes(result.notes) + RenderUnmanaged(result.unmanaged, "models", verbose);
  for (const std::string& reported : result.reported) text += "note: " + reported + "\n";
  if (!result.proof.why_not.empty()) text += "note: pg_dump took no part in the proof: " + result.proof.why_not + "\n";
  return text;
}

std::string ResultText(const AutogenerateResult& result, const std::vector<std::string>& paths) {
  if (paths.empty()) return "The models and the scripts agree: nothing to write\n";
  std::string text;
  for (const std::string& change : result.changes) text += "  " + change + "\n";
  for (const DataLossReport& loss : result.losses) {
    text += "Loses data: " + loss.what + (loss.counted.empty() ? "" : " (" + loss.counted + ")") + "\n";
  }
  text += "Proven on a scratch database";
  text += result.proof.by_dump ? " by inspection and by pg_dump" : "";
  text += ": up gives the models, down gives what was before\n";
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const bool waits = result.revisions[i].revision.phase == Phase::kContract;
    text += "Wrote " + paths[i] + (waits ? " (contract: it waits for the rollout)" : "") + "\n";
  }
  return text;
}

std::string ResultJson(const AutogenerateResult& result, const std::vector<std::string>& paths) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("revisions").BeginArray();
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const Revision& revision = result.revisions[i].revision;
    json.BeginObject().Member("revision", revision.id).Key("down_revisions").Strings(revision.down_revisions);
    json.Member("phase", PhaseName(revision.phase)).Member("file", paths[i]).EndObject();
  }
  json.EndArray()
      .Key("proven_by_pg_dump")
      .Bool(result.proof.by_dump)
      .Key("changes")
      .Strings(result.changes)
      .Key("losses")
      .BeginArray();
  for (const DataLossReport& loss : result.losses) {
    json.BeginObject().Member("what", loss.what).Member("counted", loss.counted).EndObject();
  }
  json.EndArray().EndObject();
  return std::move(json).Finish();
}

void Show(const Invocation& invocation, Console& console, const AutogenerateResult& result,
          const std::vector<std::string>& paths) {
  const bool json = WantsJson(invocation);
  if (!json) console.PrintError(NotesText(result, invocation.Has(kVerboseOption)));
  console.Print(json ? ResultJson(result, paths) : ResultText(result, paths));
}

// What is regenerated: the revision, and the contract revision that was generated with it.
struct Regenerated {
  const Script* script = nullptr;
  const Script* contract = nullptr;
};

Result<Regenerated> ChooseRegenerated(const Project& project, NodeId node) {
  const RevisionGraph& graph = project.graph;
  Regenerated chosen{&ScriptOf(project, node), nullptr};
  const std::vector<NodeId>& children = graph.children(node);
  if (children.empty()) return chosen;
  const Revision& child = graph.revision(children.front());
  if (children.size() == 1 && child.phase == Phase::kContract && graph.children(children.front()).empty()) {
    chosen.contract = &ScriptOf(project, children.front());
    return chosen;
  }
  return MakeError(ErrorCode::kUsage, child.id + " follows " + graph.revision(node).id + ", so it stays as it is",
                   "regenerate what comes last, or make a new revision");
}

Result<Project> Without(const Project& project, const Regenerated& regenerated) {
  Project rest;
  for (const Script& script : project.scripts.scripts) {
    if (&script != regenerated.script && &script != regenerated.contract) rest.scripts.scripts.push_back(script);
  }
  SLUICE_TRY(rest.graph, RevisionGraph::Build(rest.scripts.Revisions()));
  return rest;
}

}  // namespace

Result<ExitCode> GenerateRevision(const Invocation& invocation, Console& console, const Workspace& workspace,
                                  const NewRevision& wanted, std::vector<std::string>* paths) {
  SLUICE_TRY(const PlannedRevision planned, PlanNewRevision(workspace, wanted));
  SLUICE_TRY(const AutogenerateRequest request, MakeRequest(invocation, console, planned.revision, NewRevisionId()));
  DatabaseAccess access(invocation, console, workspace.config.settings, workspace.project);
  SLUICE_TRY(const AutogenerateResult result, Autogenerate(access.context(), workspace.project, request));
  for (const GeneratedRevision& generated : result.revisions) {
    SLUICE_TRY(std::string path, WriteRevision(planned.location, generated.revision, generated.body));
    paths->push_back(std::move(path));
  }
  Show(invocation, console, result, *paths);
  return ExitCode::kDone;
}

Result<ExitCode> RegenerateRevision(const Invocation& invocation, Console& console, const Workspace& workspace,
                                    const std::string& identifier, std::vector<std::string>* paths) {
  const Project& project = workspace.project;
  SLUICE_TRY(const NodeId node, ResolveRevision(project.graph, identifier, {}));
  SLUICE_TRY(const Regenerated old, ChooseRegenerated(project, node));
  SLUICE_CHECK(CheckNotApplied(invocation, console, workspace, node));
  SLUICE_TRY(const Project rest, Without(project, old));
  const std::vector<NodeId> heads = rest.graph.heads();
  if (heads.size() > 1) {
    return MakeError(ErrorCode::kMultipleHeads,
                     "there are several heads that it could follow: " + Join(Ids(rest.graph, heads)),
                     "make one of them with `sluice merge`");
  }
  Revision revision = old.script->revision;
  revision.down_revisions.clear();
  for (const NodeId head : heads) revision.down_revisions.push_back(rest.graph.revision(head).id);
  const std::string contract_id = old.contract == nullptr ? NewRevisionId() : old.contract->revision.id;
  SLUICE_TRY(const AutogenerateRequest request, MakeRequest(invocation, console, std::move(revision), contract_id));
  DatabaseAccess access(invocation, console, workspace.config.settings, rest);
  SLUICE_TRY(const AutogenerateResult result, Autogenerate(access.context(), rest, request));
  if (result.revisions.empty()) {
    console.Print("The other scripts build what the models declare: " + old.script->path + " is not needed any more\n");
    return ExitCode::kDone;
  }
  const std::string location = old.script->path.substr(0, old.script->path.find_last_of('/') + 1);
  for (std::size_t i = 0; i < result.revisions.size(); ++i) {
    const GeneratedRevision& generated = result.revisions[i];
    const Script* replaced = i == 0 ? old.script : old.contract;
    const std::string text = RevisionText(generated.revision, generated.body);
    if (replaced != nullptr) {
      SLUICE_CHECK(ReplaceFile(replaced->path, text));
      paths->push_back(replaced->path);
    } else {
      SLUICE_TRY(std::string path, WriteRevision(location, generated.revision, generated.body));
      paths->push_back(std::move(path));
    }
  }
  if (result.revisions.size() == 1 && old.contract != nullptr) SLUICE_CHECK(RemoveFile(old.contract->path));
  Show(invocation, console, result, *paths);
  return ExitCode::kDone;
}

}  // namespace sluice::cli
