// What the command line, the configuration and the versions locations say, for one command.
#pragma once

#include "cmd/sluice/command.h"
#include "core/base/result.h"
#include "core/config/config.h"
#include "core/engine/situation.h"

namespace sluice::cli {

struct Workspace {
  Config config;
  Project project;
};

// Flags, environment, `.env`, `sluice.yaml`. Every option with a `setting` overrides that setting.
Result<Config> LoadCommandConfig(const Invocation& invocation);

Result<Workspace> LoadWorkspace(const Invocation& invocation);

// The script of a revision of the files' graph: a node is the script's place in the order of loading.
const Script& ScriptOf(const Project& project, NodeId node);

}  // namespace sluice::cli
