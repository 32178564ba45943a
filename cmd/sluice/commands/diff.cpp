#include <string>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/progress.h"
#include "cmd/sluice/schema_report.h"
#include "cmd/sluice/signals.h"
#include "cmd/sluice/workspace.h"
#include "core/base/clock.h"
#include "core/diff/difference_text.h"
#include "core/diff/undeclared_grants.h"
#include "core/engine/schema_change.h"
#include "core/engine/schema_rename.h"
#include "core/engine/schema_source.h"
#include "core/sql/emit/moved_partitions.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kExitCodeOption{.name = "exit-code", .help = "End with 4 when there are differences."};
constexpr OptionSpec kAllowDestructiveOption{
    .name = "allow-destructive",
    .help = "Don't repeat on standard error which statements lose data; the comments above them stay."};

constexpr OptionSpec kListAllOption{
    .name = "verbose",
    .short_name = 'v',
    .help =
        "List what is there and not managed, instead of counting it; in a tree, list also the parts of a table that "
        "is on one side only."};

std::string Tree(const Invocation& invocation, const SchemaChange& change, const Schema& from, const Schema& to,
                 const Palette& palette) {
  if (invocation.Has(kListAllOption)) return RenderChangeTree(change.differences, from, to, palette);
  return RenderChangeTree(WithoutParts(change.differences, from, to), from, to, palette);
}

void PrintNotes(const Invocation& invocation, const SchemaChange& change, const SchemaState& before,
                const SchemaState& after, const SchemaSource& from, const SchemaSource& to, Console& console) {
  const bool list = invocation.Has(kListAllOption);
  console.PrintError(RenderModelNotes(before.notes) + RenderModelNotes(after.notes));
  console.PrintError(RenderUnmanaged(before.schema.unmanaged, from.word, list));
  console.PrintError(RenderUnmanaged(after.schema.unmanaged, to.word, list));
  if (!invocation.Has(kAllowDestructiveOption)) console.PrintError(RenderDataLoss(change));
}

// Those of the command line, then those that the second side's models tell of.
Result<std::vector<RenameHint>> RenameHints(const Invocation& invocation, const SchemaState& after) {
  SLUICE_TRY(std::vector<RenameHint> hints, ChosenRenames(invocation));
  hints.insert(hints.end(), after.renames.begin(), after.renames.end());
  return hints;
}

Result<ExitCode> RunDiff(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Config config, LoadCommandConfig(invocation));
  SLUICE_TRY(const SchemaSource from, ParseSchemaSource(invocation.arguments[0], config.settings));
  SLUICE_TRY(const SchemaSource to, ParseSchemaSource(invocation.arguments[1], config.settings));
  ProgressPrinter progress(console, /*json=*/false);
  const SignalCatcher signals;
  SchemaReader reader({config.settings, progress, SystemClock(), signals});
  SLUICE_TRY(auto states, reader.ReadBoth(from, to));
  auto& [before, after] = states;
  SLUICE_TRY(const std::vector<RenameHint> hints, RenameHints(invocation, after));
  SLUICE_TRY(RenameSteps renames, PlanRenames(hints, before.schema, after.schema));
  if (!renames.empty()) {
    SLUICE_TRY(ScratchServer* const scratch, reader.Scratch());
    SLUICE_TRY(RenamedSchema renamed, ApplyRenames(before.schema, *scratch, std::move(renames), after.schema));
    before.schema = std::move(renamed.schema);
    renames = std::move(renamed.steps);
  }
  const DiffOptions options = ChosenDiffOptions(invocation);
  if (to.kind == SchemaSourceKind::kModels) {
    after.schema = KeepUndeclaredGrants(before.schema, std::move(after.schema));
  }
  if (auto moved = SpellOutMovedPartitions(before.schema, after.schema)) {
    before.schema = std::move(moved->from);
    after.schema = std::move(moved->to);
  }
  SchemaChange change = PlanSchemaChange(before.schema, after.schema, options);
  change.renames = std::move(renames.forward);
  const std::string output = invocation.Value(kSchemaOutputOption);
  if (output == "json") {
    console.Print(RenderChangeJson(change, before.schema, after.schema));
  } else {
    console.Print(output == "tree" ? Tree(invocation, change, before.schema, after.schema, console.palette())
                                   : WriteSchemaScript(change, before.schema, after.schema));
    PrintNotes(invocation, change, before, after, from, to, console);
  }
  const bool differs = !change.steps.empty() || !change.renames.empty();
  return invocation.Has(kExitCodeOption) && differs ? ExitCode::kNotUpToDate : ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "FROM", .help = kSchemaSourceHelp, .at_least = 1},
    {.name = "TO", .help = "The schema to bring it to, of the same forms.", .at_least = 1}};
constexpr const OptionSpec* kOptions[] = {&kSchemaOutputOption, &kExitCodeOption, &kAllowDestructiveOption,
                                          &kRenameOption,       &kListAllOption,  &kOwnersOption,
                                          &kNoGrantsOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kDiffCommand{
    .name = "diff",
    .summary = "Print the SQL that brings one schema to another",
    .description =
        "Reads two schemas and prints what brings the first to the second: a script for psql, a tree of the "
        "differences, or JSON. Nothing is changed. A comment above a statement says what data it loses. `sluice diff "
        "empty A | psql` makes A anew.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice diff database postgresql://localhost/staging",
    .run = RunDiff};

}  // namespace sluice::cli
