#include "cmd/sluice/workspace.h"

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
  SLUICE_TRY(Config config, LoadConfig(request));
  config.settings.program = "sluice " SLUICE_VERSION;
  return config;
}

Result<Workspace> LoadWorkspace(const Invocation& invocation) {
  SLUICE_TRY(Config config, LoadCommandConfig(invocation));
  SLUICE_TRY(Project project, LoadProject(config.settings));
  return Workspace{std::move(config), std::move(project)};
}

const Script& ScriptOf(const Project& project, NodeId node) { return project.scripts.scripts[node]; }

}  // namespace sluice::cli
