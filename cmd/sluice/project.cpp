#include "cmd/sluice/project.h"

#include <utility>

#include "cmd/sluice/options.h"
#include "core/config/setting_table.h"

namespace sluice::cli {

Result<Config> LoadCommandConfig(const Invocation& invocation) {
  ConfigRequest request;
  request.environment = ProcessEnvironment();
  for (const OptionSpec* option : AllOptions(*invocation.command)) {
    if (option->setting.empty() || !invocation.Has(*option)) continue;
    request.flags.emplace(FlagName(*FindSetting(option->setting)),
                          option->value.empty() ? "true" : invocation.Value(*option));
  }
  if (invocation.Has(kConfigOption)) request.config_file = invocation.Value(kConfigOption);
  if (invocation.Has(kEnvFileOption)) request.env_file = invocation.Value(kEnvFileOption);
  request.environment_name = invocation.Value(kEnvOption);
  return LoadConfig(request);
}

std::vector<VersionsLocation> Locations(const Settings& settings) {
  std::vector<VersionsLocation> locations;
  for (const VersionsLocationSetting& setting : settings.versions) {
    locations.push_back({setting.path, setting.recursive});
  }
  return locations;
}

Result<Project> LoadProject(const Invocation& invocation) {
  SLUICE_TRY(Config config, LoadCommandConfig(invocation));
  SLUICE_TRY(ScriptDirectory scripts, LoadScripts(Locations(config.settings)));
  SLUICE_TRY(RevisionGraph graph, RevisionGraph::Build(scripts.Revisions()));
  return Project{std::move(config), std::move(scripts), std::move(graph)};
}

}  // namespace sluice::cli
