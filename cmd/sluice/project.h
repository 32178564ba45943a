// What the command line, the configuration and the versions locations say, for one command.
#pragma once

#include "cmd/sluice/command.h"
#include "core/base/result.h"
#include "core/config/config.h"
#include "core/graph/revision_graph.h"
#include "core/script/script_directory.h"

namespace sluice::cli {

// The scripts on disk and their graph. A node's id in `graph` is its place in `scripts.scripts`.
struct Project {
  Config config;
  ScriptDirectory scripts;
  RevisionGraph graph;

  const Script& script(NodeId node) const { return scripts.scripts[node]; }
};

// Flags, environment, `.env`, `sluice.yaml`. Every option with a `setting` overrides that setting.
Result<Config> LoadCommandConfig(const Invocation& invocation);

Result<Project> LoadProject(const Invocation& invocation);

// The versions locations as core/script wants them.
std::vector<VersionsLocation> Locations(const Settings& settings);

}  // namespace sluice::cli
