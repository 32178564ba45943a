// The database that the scripts build: revisions replayed on a scratch database, and kept for the next run.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/scratch_server.h"
#include "core/engine/situation.h"

namespace sluice {

// Applies what leads to `targets` (full ids; none: nothing) from an empty database, as an upgrade does. The state is
// kept under the checksums of the scripts. Errors: those of planning, kFile; a script that PostgreSQL refuses:
// kStatementFailed with its place.
Result<PreparedDatabase> PrepareReplay(const RunContext& context, ScratchServer& server, const Project& project,
                                       const std::vector<std::string>& targets);

// The settings of a run on a scratch database: those of the project, without time limits that are meant for production.
Settings ScratchSettings(const Settings& settings, const ConnectionSettings& connection);

}  // namespace sluice
