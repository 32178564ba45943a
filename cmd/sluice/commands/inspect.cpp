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

Result<ExitCode> RunInspect(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Config config, LoadCommandConfig(invocation));
  SLUICE_TRY(const SchemaSource source, ParseSchemaSource(invocation.arguments.front(), config.settings));
  ProgressPrinter progress(console, /*json=*/false);
  const SignalCatcher signals;
  const RunContext context{config.settings, progress, SystemClock(), signals};
  SchemaReader reader(context);
  SLUICE_TRY(const SchemaState state, reader.Read(source));
  const Schema& schema = state.schema;
  const std::string output = invocation.Value(kSchemaOutputOption);
  if (output == "json") {
    console.Print(RenderSchemaJson(schema));
    return ExitCode::kDone;
  }
  if (output == "tree") {
    console.Print(RenderSchemaTree(schema, console.palette()));
  } else {
    const Schema empty = EmptySchema(config.settings);
    console.Print(WriteSchemaScript(PlanSchemaChange(empty, schema, ChosenDiffOptions(invocation)), empty, schema));
  }
  console.PrintError(RenderModelNotes(state.notes));
  console.PrintError(RenderUnmanaged(schema.unmanaged, source.word, invocation.Has(kVerboseOption)));
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {{.name = "SCHEMA", .help = kSchemaSourceHelp, .at_least = 1}};
constexpr const OptionSpec* kOptions[] = {&kSchemaOutputOption, &kVerboseOption, &kOwnersOption, &kNoGrantsOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kInspectCommand{
    .name = "inspect",
    .summary = "Print a schema: as SQL that makes it, as a tree, or as JSON",
    .description =
        "Reads a whole schema and prints it. What is there and not managed is counted on standard error; -v lists it.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice inspect database -o tree",
    .run = RunInspect};

}  // namespace sluice::cli
