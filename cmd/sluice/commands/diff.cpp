#include <string>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/progress.h"
#include "cmd/sluice/schema_report.h"
#include "cmd/sluice/signals.h"
#include "cmd/sluice/workspace.h"
#include "core/base/clock.h"
#include "core/engine/schema_change.h"
#include "core/engine/schema_source.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kExitCodeOption{.name = "exit-code", .help = "End with 4 when there are differences."};
constexpr OptionSpec kAllowDestructiveOption{
    .name = "allow-destructive",
    .help = "Don't repeat on standard error which statements lose data; the comments above them stay."};

void PrintNotes(const Invocation& invocation, const SchemaChange& change, const std::pair<Schema, Schema>& schemas,
                const SchemaSource& from, const SchemaSource& to, Console& console) {
  const bool list = invocation.Has(kVerboseOption);
  console.PrintError(RenderUnmanaged(schemas.first.unmanaged, from.word, list));
  console.PrintError(RenderUnmanaged(schemas.second.unmanaged, to.word, list));
  if (!invocation.Has(kAllowDestructiveOption)) console.PrintError(RenderDataLoss(change));
}

Result<ExitCode> RunDiff(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Config config, LoadCommandConfig(invocation));
  SLUICE_TRY(const SchemaSource from, ParseSchemaSource(invocation.arguments[0], config.settings));
  SLUICE_TRY(const SchemaSource to, ParseSchemaSource(invocation.arguments[1], config.settings));
  ProgressPrinter progress(console, /*json=*/false);
  const SignalCatcher signals;
  const RunContext context{config.settings, progress, SystemClock(), signals};
  SLUICE_TRY(const auto schemas, ReadSchemaSources(from, to, context));
  const auto& [before, after] = schemas;
  const SchemaChange change = PlanSchemaChange(before, after, ChosenDiffOptions(invocation));
  const std::string output = invocation.Value(kSchemaOutputOption);
  if (output == "json") {
    console.Print(RenderChangeJson(change, before, after));
  } else {
    console.Print(output == "tree" ? RenderChangeTree(change, before, after, console.palette())
                                   : WriteSchemaScript(change, before, after));
    PrintNotes(invocation, change, schemas, from, to, console);
  }
  const bool differs = !change.steps.empty();
  return invocation.Has(kExitCodeOption) && differs ? ExitCode::kNotUpToDate : ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "FROM", .help = kSchemaSourceHelp, .at_least = 1},
    {.name = "TO", .help = "The schema to bring it to, of the same forms.", .at_least = 1}};
constexpr const OptionSpec* kOptions[] = {&kSchemaOutputOption, &kExitCodeOption, &kAllowDestructiveOption,
                                          &kVerboseOption,      &kOwnersOption,   &kNoGrantsOption};
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
