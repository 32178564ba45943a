// `sluice revision` with models: what it generates, writes and says.
#pragma once

#include <string>
#include <vector>

#include "cmd/sluice/command.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/exit_code.h"
#include "cmd/sluice/new_revision.h"
#include "cmd/sluice/workspace.h"
#include "core/base/result.h"

namespace sluice::cli {

inline constexpr OptionSpec kAllowDestructiveOption{.name = "allow-destructive",
                                                    .help = "Let a generated revision lose data."};

inline constexpr OptionSpec kNoInputOption{
    .name = "no-input",
    .help =
        "Don't ask whether something dropped and something added that look alike are a rename; nobody is asked where "
        "standard input or standard error is no terminal, or in CI either."};

// Generates, proves and writes the revision (and what has to wait for the rollout as a second one); says what changes.
// Nothing to do is kDone with a line that says so, and no file. `paths`: the files written, in order.
Result<ExitCode> GenerateRevision(const Invocation& invocation, Console& console, const Workspace& workspace,
                                  const NewRevision& wanted, std::vector<std::string>* paths);

// Makes the unapplied revision `identifier` (and the contract revision that was generated with it) again from the
// models, on top of the only other head. Errors besides: kUsage when something else follows it, kApplied.
Result<ExitCode> RegenerateRevision(const Invocation& invocation, Console& console, const Workspace& workspace,
                                    const std::string& identifier, std::vector<std::string>* paths);

}  // namespace sluice::cli
