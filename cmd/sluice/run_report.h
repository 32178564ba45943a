// What an upgrade, a downgrade or a stamp did, for people and for programs. Pure.
#pragma once

#include <string>

#include "cmd/sluice/exit_code.h"
#include "cmd/sluice/palette.h"
#include "core/engine/migrator.h"

namespace sluice::cli {

// What the run was asked to do, for the words and for the exit code.
struct RunKind {
  StepKind step = StepKind::kUpgrade;
  TransactionMode mode = TransactionMode::kEachSection;
  bool forgets_unknown_rows = false;  // stamp --purge
};

// The answer of a run: what was done and where the database is now. Errors are not in it (RenderError).
std::string RenderRun(const RunReport& report, const RunKind& kind, const Palette& palette);

// docs/json.md, "Runs"; with the error where there is one.
std::string RenderRunJson(const RunReport& report, const RunKind& kind);

// `signal`: SIGINT or SIGTERM where one arrived, else 0.
ExitCode RunExitCode(const RunReport& report, const RunKind& kind, int signal);

}  // namespace sluice::cli
