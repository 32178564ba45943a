#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/editor.h"
#include "cmd/sluice/generated_revision.h"
#include "cmd/sluice/new_revision.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/revision_report.h"
#include "cmd/sluice/workspace.h"
#include "core/graph/target.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kHeadOption{
    .name = "head",
    .value = "REV",
    .help = "The revision to follow: a head, LABEL@head, or base for one without a parent.",
    .default_value = "the only head"};
constexpr OptionSpec kSpliceOption{.name = "splice",
                                   .help = "Allow a --head that is not a head: a branch begins there."};
constexpr OptionSpec kDependsOnOption{.name = "depends-on",
                                      .value = "REV",
                                      .help = "A revision of another branch that must be applied before.",
                                      .repeatable = true};
constexpr OptionSpec kEditOption{.name = "edit", .help = "Open the script in $VISUAL or $EDITOR."};

constexpr OptionSpec kAutogenerateOption{
    .name = "autogenerate",
    .help = "Write what the models declare and the scripts don't build; the default with models."};
constexpr OptionSpec kEmptyOption{.name = "empty", .help = "Write empty sections, also where models are configured."};
constexpr OptionSpec kRegenerateOption{
    .name = "regenerate",
    .value = "REV",
    .help = "Make this revision, which isn't applied yet, again from the models, on top of the other head."};

Error SeveralHeads(const RevisionGraph& graph) {
  return MakeError(ErrorCode::kMultipleHeads, "there are several heads to follow: " + Join(Ids(graph, graph.heads())),
                   "say which with --head REV, or make one of them with `sluice merge`");
}

Result<std::vector<NodeId>> ChooseParents(const Invocation& invocation, const RevisionGraph& graph) {
  if (!invocation.Has(kHeadOption)) {
    std::vector<NodeId> heads = graph.heads();  // g++ 14 sees an overrun in a copy made at the return
    if (heads.size() > 1) return SeveralHeads(graph);
    return heads;
  }
  SLUICE_TRY(const std::vector<NodeId> parents, ResolveRevisions(graph, invocation.Value(kHeadOption), {}));
  for (const NodeId parent : parents) {
    if (graph.children(parent).empty() || invocation.Has(kSpliceOption)) continue;
    return MakeError(ErrorCode::kUsage,
                     graph.revision(parent).id + " is not a head: " + Join(Ids(graph, graph.children(parent))) +
                         " revises it already",
                     "to begin a branch there, add --splice");
  }
  return parents;
}

Result<std::string> ChooseMessage(const Invocation& invocation) {
  const std::string option = invocation.Value(kMessageOption);
  const std::string argument = invocation.arguments.empty() ? "" : invocation.arguments.front();
  if (!option.empty() && !argument.empty()) {
    return MakeError(ErrorCode::kUsage, "the message is there twice: as an argument and with --message");
  }
  if (option.empty() && argument.empty()) {
    return MakeError(ErrorCode::kUsage, "a revision needs a message",
                     "for example: sluice revision \"add tenant webhook\"");
  }
  return option.empty() ? argument : option;
}

Status OpenAll(const Invocation& invocation, const std::vector<std::string>& paths) {
  if (!invocation.Has(kEditOption)) return {};
  for (const std::string& path : paths) SLUICE_CHECK(OpenInEditor(path));
  return {};
}

Result<ExitCode> RunRevision(const Invocation& invocation, Console& console) {
  std::vector<std::string> paths;
  if (invocation.Has(kRegenerateOption)) {
    SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
    SLUICE_TRY(const ExitCode code,
               RegenerateRevision(invocation, console, workspace, invocation.Value(kRegenerateOption), &paths));
    SLUICE_CHECK(OpenAll(invocation, paths));
    return code;
  }
  NewRevision wanted;
  SLUICE_TRY(wanted.message, ChooseMessage(invocation));
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  const Project& project = workspace.project;
  SLUICE_TRY(wanted.parents, ChooseParents(invocation, project.graph));
  wanted.depends_on = invocation.Values(kDependsOnOption);
  wanted.branch_labels = invocation.Values(kBranchLabelOption);
  wanted.revision_id = invocation.Value(kRevisionIdOption);
  wanted.version_path = invocation.Value(kVersionPathOption);
  const bool has_models = !workspace.config.settings.models.empty();
  if (invocation.Has(kAutogenerateOption) || (has_models && !invocation.Has(kEmptyOption))) {
    SLUICE_TRY(const ExitCode code, GenerateRevision(invocation, console, workspace, wanted, &paths));
    SLUICE_CHECK(OpenAll(invocation, paths));
    return code;
  }
  SLUICE_TRY(const WrittenRevision written, WriteNewRevision(workspace, wanted));
  console.Print(RenderWritten(written, WantsJson(invocation)));
  SLUICE_CHECK(OpenAll(invocation, {written.path}));
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {{.name = "MESSAGE", .help = "What the revision does; the same as --message."}};
constexpr const OptionSpec* kOptions[] = {
    &kMessageOption,   &kAutogenerateOption,     &kEmptyOption,      &kRegenerateOption, &kRenameOption,
    &kNoInputOption,   &kAllowDestructiveOption, &kHeadOption,       &kSpliceOption,     &kBranchLabelOption,
    &kDependsOnOption, &kVersionPathOption,      &kRevisionIdOption, &kEditOption,       &kVerboseOption,
    &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kRevisionCommand{
    .name = "revision",
    .summary = "Write the script of a new revision",
    .description =
        "Writes a new script into the versions location, with the newest revision as its parent.\n\n"
        "Where models are configured (`models` in sluice.yaml), the script holds what brings the database from what "
        "the scripts build to what the models declare, and back. It is proven on a scratch database before it is "
        "written: up gives the models, down gives what was before, as Sluice reads the catalogs and, where it is "
        "installed, as pg_dump does. With `contract: separate`, what the release before can't live with goes into a "
        "second revision that waits for the rollout. Nothing to do writes nothing.\n\n"
        "Without models, or with --empty, its sections are empty and to be filled in.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice revision \"add tenant webhook\"",
    .run = RunRevision};

}  // namespace sluice::cli
