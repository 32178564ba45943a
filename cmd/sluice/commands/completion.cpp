#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/completion_script.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/workspace.h"
#include "core/base/near_match.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kRevisionsOption{
    .name = "revisions",
    .help =
        "Print what can stand for a revision in the present project, one a line with its message: what the scripts ask "
        "for."};

// Names that a shell can offer, each with a tab and what it means.
Result<ExitCode> PrintRevisions(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  const RevisionGraph& graph = workspace.project.graph;
  std::string text = "heads\tall newest revisions\nhead\tthe newest revision\nbase\tbefore the first revision\n";
  for (NodeId node = 0; node < graph.size(); ++node) {
    const Revision& revision = graph.revision(node);
    const std::string title = revision.message.substr(0, revision.message.find('\n'));
    text += revision.id + "\t" + title + "\n";
    for (const std::string& label : revision.branch_labels) text += label + "\tbranch of " + revision.id + "\n";
  }
  console.Print(text);
  return ExitCode::kDone;
}

Result<ExitCode> RunCompletion(const Invocation& invocation, Console& console) {
  if (invocation.Has(kRevisionsOption)) return PrintRevisions(invocation, console);
  if (invocation.arguments.empty()) {
    return MakeError(ErrorCode::kUsage, "sluice completion needs a SHELL", "the shells are bash, zsh and fish");
  }
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

constexpr ArgumentSpec kArguments[] = {{.name = "SHELL", .help = "bash, zsh or fish."}};
constexpr const OptionSpec* kOptions[] = {&kRevisionsOption};
constexpr const OptionGroup* kGroups[] = {&kProjectOptions};

}  // namespace

constexpr CommandSpec kCompletionCommand{.name = "completion",
                                         .summary = "Print the completion script of a shell",
                                         .description =
                                             "Prints a script that teaches a shell to complete the commands and "
                                             "options of sluice, and the revisions of the project "
                                             "in the present directory.",
                                         .arguments = kArguments,
                                         .options = kOptions,
                                         .groups = kGroups,
                                         .example = "source <(sluice completion bash)",
                                         .run = RunCompletion};

}  // namespace sluice::cli
