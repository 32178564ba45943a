#include "cmd/sluice/program.h"

#include "cmd/sluice/app.h"
#include "cmd/sluice/command.h"
#include "cmd/sluice/handover.h"
#include "cmd/sluice/help.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/signals.h"
#include "cmd/sluice/termination_log.h"
#include "core/config/config.h"

namespace sluice::cli {
namespace {

// Whether the answer was asked for as JSON, in a command line that could not be understood.
bool AsksForJson(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "-ojson" || words[i] == "--output=json") return true;
    if ((words[i] == "-o" || words[i] == "--output") && i + 1 < words.size() && words[i + 1] == "json") return true;
  }
  return false;
}

void ShowError(const Error& error, bool json, Console& console) {
  if (json) {
    console.Print(RenderErrorJson(error));
  } else {
    console.PrintError(RenderError(error, console.error_palette()));
  }
}

ExitCode ShowHelp(const Invocation& invocation, Console& console) {
  console.Print(invocation.named ? CommandHelp(*invocation.command, console.palette())
                                 : OverviewHelp(console.palette()));
  return ExitCode::kDone;
}

// What whoever deployed this wants to be read below whatever went wrong (docs/configuration.md).
void ShowAdvice(const Environment& environment, Console& console) {
  const auto advice = environment.find("SLUICE_ADVICE");
  if (advice == environment.end() || advice->second.empty()) return;
  console.PrintError(advice->second + (advice->second.ends_with('\n') ? "" : "\n"));
}

ExitCode Run(const Invocation& invocation, Console& console, TerminationLog& log) {
  Result<ExitCode> code =
      invocation.help ? ShowHelp(invocation, console) : invocation.command->run(invocation, console);
  if (code.ok()) {
    if (Status flushed = console.Flush(); !flushed.ok()) code = std::move(flushed).error();
  }
  if (code.ok()) return *code;
  log.NoteError(code.error());
  ShowError(code.error(), WantsJson(invocation), console);
  if (code.error().code == ErrorCode::kInterrupted && LastSignal() == SIGTERM) return ExitCode::kTerminated;
  return ExitCodeFor(code.error().code);
}

ExitCode RunWords(const std::vector<std::string>& words, const Environment& environment, Console& console) {
  Result<Invocation> invocation = ParseCommandLine(words);
  TerminationLog log(invocation.ok() ? &*invocation : nullptr, environment);
  ExitCode code = ExitCode::kUsage;
  if (invocation.ok()) {
    invocation->report = log.report();
    code = Run(*invocation, console, log);
  } else {
    log.NoteError(invocation.error());
    ShowError(invocation.error(), AsksForJson(words), console);
    code = ExitCodeFor(invocation.error().code);
  }
  log.Write(code, console);
  return code;
}

}  // namespace

int RunProgram(const std::vector<std::string>& words, Console& console) {
  const Environment environment = ProcessEnvironment();
  const Handover handover(environment);
  if (const std::optional<ExitCode> end = handover.EndsAtOnce(console)) return static_cast<int>(*end);
  if (handover.leaves()) console.KeepErrors();
  const ExitCode code = RunWords(words, environment, console);
  if (code != ExitCode::kDone) ShowAdvice(environment, console);
  return static_cast<int>(handover.Leave(code, console));
}

}  // namespace sluice::cli
