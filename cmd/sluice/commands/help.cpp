#include "cmd/sluice/help.h"

#include "cmd/sluice/command_table.h"
#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/kind_reference.h"
#include "cmd/sluice/reference.h"
#include "core/base/near_match.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kMarkdownOption{.name = "markdown",
                                     .help = "Print the reference of all commands (docs/commands.md)."};
constexpr OptionSpec kKindsOption{.name = "kinds", .help = "Print what Sluice knows of a schema (docs/schema.md)."};
constexpr OptionSpec kManOption{.name = "man", .help = "Print the manual page."};

Result<ExitCode> RunHelp(const Invocation& invocation, Console& console) {
  if (invocation.Has(kMarkdownOption)) {
    console.Print(MarkdownReference());
  } else if (invocation.Has(kKindsOption)) {
    console.Print(KindReference());
  } else if (invocation.Has(kManOption)) {
    console.Print(ManualPage(SLUICE_VERSION));
  } else if (invocation.arguments.empty()) {
    console.Print(OverviewHelp(console.palette()));
  } else {
    const std::string& name = invocation.arguments.front();
    const CommandSpec* command = FindCommand(name);
    if (command == nullptr) {
      return MakeError(ErrorCode::kUsage, "there is no command \"" + name + "\"",
                       DidYouMean(NearMatches(name, CommandNames())));
    }
    console.Print(CommandHelp(*command, console.palette()));
  }
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {{.name = "COMMAND", .help = "The command to explain."}};
constexpr const OptionSpec* kOptions[] = {&kMarkdownOption, &kKindsOption, &kManOption};

}  // namespace

constexpr CommandSpec kHelpCommand{.name = "help",
                                   .summary = "Explain a command",
                                   .description = "Lists all commands, or explains one.",
                                   .arguments = kArguments,
                                   .options = kOptions,
                                   .example = "sluice help upgrade",
                                   .run = RunHelp};

}  // namespace sluice::cli
