#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/completion_script.h"
#include "cmd/sluice/console.h"
#include "core/base/near_match.h"

namespace sluice::cli {
namespace {

Result<ExitCode> RunCompletion(const Invocation& invocation, Console& console) {
  const std::string& shell = invocation.arguments.front();
  if (shell == "bash") {
    console.Print(BashCompletion());
  } else if (shell == "zsh") {
    console.Print(ZshCompletion());
  } else if (shell == "fish") {
    console.Print(FishCompletion());
  } else {
    const std::string hint = DidYouMean(NearMatches(shell, {"bash", "zsh", "fish"}));
    return MakeError(ErrorCode::kUsage, "there is no completion for \"" + shell + "\"",
                     hint.empty() ? "the shells are bash, zsh and fish" : hint);
  }
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {{.name = "SHELL", .help = "bash, zsh or fish.", .at_least = 1}};

}  // namespace

constexpr CommandSpec kCompletionCommand{
    .name = "completion",
    .summary = "Print the completion script of a shell",
    .description = "Prints a script that teaches a shell to complete the commands and options of sluice.",
    .arguments = kArguments,
    .example = "source <(sluice completion bash)",
    .run = RunCompletion};

}  // namespace sluice::cli
