#include "core/engine/repair.h"

#include <charconv>
#include <optional>
#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/migration_run.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/status_report.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kResumeOption{.name = "resume", .help = "Complete the revision in the direction it was begun in."};
constexpr OptionSpec kMarkDoneOption{
    .name = "mark-done", .value = "N", .help = "The parts up to number N count as done, as they are written now."};
constexpr OptionSpec kRedoOption{
    .name = "redo", .value = "N", .help = "Part number N and those after it count as not done."};
constexpr OptionSpec kUndoOption{.name = "undo", .help = "Take back what stands, in the other direction."};
constexpr OptionSpec kForgetOption{.name = "forget",
                                   .help = "Drop the record; nothing runs, and the version rows stay as they are."};

struct ActionOption {
  const OptionSpec& option;
  RepairAction action;
};
constexpr ActionOption kActions[] = {{kResumeOption, RepairAction::kResume},
                                     {kMarkDoneOption, RepairAction::kMarkDone},
                                     {kRedoOption, RepairAction::kRedo},
                                     {kUndoOption, RepairAction::kUndo},
                                     {kForgetOption, RepairAction::kForget}};

Result<int> ReadNumber(const OptionSpec& option, const std::string& text) {
  int number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure == std::errc() && end == text.data() + text.size() && number > 0) return number;
  return MakeError(ErrorCode::kUsage,
                   "--" + std::string(option.name) + " needs the number of a part, not \"" + text + "\"",
                   "sluice repair lists the parts with their numbers");
}

// What the options ask for; nothing when there are none, and the partial revisions are only listed.
Result<std::optional<RepairRequest>> ChosenRequest(const Invocation& invocation) {
  std::optional<RepairRequest> request;
  for (const auto& [option, action] : kActions) {
    if (!invocation.Has(option)) continue;
    if (request) {
      return MakeError(ErrorCode::kUsage,
                       "--" + std::string(RepairActionName(request->action)) + " and --" + std::string(option.name) +
                           " are two different decisions",
                       "give one of them");
    }
    request.emplace();
    request->action = action;
    if (!invocation.arguments.empty()) request->revision = invocation.arguments.front();
    if (option.value.empty()) continue;
    SLUICE_TRY(request->unit, ReadNumber(option, invocation.Value(option)));
  }
  return request;
}

std::string PartialsJson(const std::vector<PartialDetails>& partials) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion);
  WritePartials(json.Key("partial"), partials);
  json.EndObject();
  return std::move(json).Finish();
}

std::string PartialsText(const std::vector<PartialDetails>& partials, const Palette& palette) {
  if (partials.empty()) return "Nothing to repair: no revision is applied in part\n";
  return RenderPartials(partials, palette) +
         "To settle it: sluice repair REV with one of --resume, --mark-done N, --redo N, --undo, --forget\n";
}

Result<ExitCode> RunRepair(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const std::optional<RepairRequest> request, ChosenRequest(invocation));
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  DatabaseAccess database(invocation, console, workspace.config.settings, workspace.project);
  if (request) {
    const RunReport report = Repair(database.context(), workspace.project, *request);
    return ShowRun(invocation, console, database, {StepKind::kUpgrade, TransactionMode::kEachSection}, report);
  }
  SLUICE_TRY(const std::vector<PartialDetails> partials, ReadPartialRevisions(database.context(), workspace.project));
  console.Print(WantsJson(invocation) ? PartialsJson(partials) : PartialsText(partials, console.palette()));
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "REV", .help = "The partial revision; not needed when there is one only."}};
constexpr const OptionSpec* kOptions[] = {&kResumeOption, &kMarkDoneOption,  &kRedoOption,  &kUndoOption,
                                          &kForgetOption, &kLogFormatOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kRunOptions, &kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kRepairCommand{
    .name = "repair",
    .summary = "Settle a revision that is applied in part",
    .description =
        "Lists the revisions that are applied in part, part by part. With one of its options it settles one of "
        "them, and records the decision. An ordinary `sluice upgrade` or `sluice downgrade` goes on from a "
        "partial revision by itself; this is for what only a person can know.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice repair 6ee0 --mark-done 2",
    .run = RunRepair};

}  // namespace sluice::cli
