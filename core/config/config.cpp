#include "core/config/config.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "core/base/file_system.h"
#include "core/base/yaml_reader.h"
#include "core/config/config_level.h"
#include "core/config/connection.h"
#include "core/config/database_url.h"
#include "core/config/required_variables.h"
#include "core/config/setting_table.h"
#include "core/config/setting_value.h"

namespace sluice {
namespace {

std::string InDirectory(const std::string& path, const std::string& directory) {
  return directory == "." || path.starts_with('/') ? path : directory + "/" + path;
}

// The file named, which must exist, or else the usual one where there is one.
Result<std::optional<std::string>> ReadOptionalFile(const std::optional<std::string>& named, const std::string& usual) {
  if (!named && !FileExists(usual)) return std::optional<std::string>();
  SLUICE_TRY(std::string text, ReadFile(named.value_or(usual)));
  return std::optional<std::string>(std::move(text));
}

Variables ToVariables(const Environment& environment) {
  Variables variables;
  for (const auto& [name, value] : environment) variables[name] = {value, 0};
  return variables;
}

Result<Variables> ReadDotEnvFile(const ConfigRequest& request) {
  const std::string path = request.env_file.value_or(InDirectory(".env", request.directory));
  SLUICE_TRY(const auto text, ReadOptionalFile(request.env_file, path));
  Variables variables;
  if (!text) return variables;
  SLUICE_TRY(const auto entries, ParseDotEnv(*text, path, request.environment));
  for (const DotEnvEntry& entry : entries) variables[entry.name] = {entry.value, entry.line};
  return variables;
}

// Adds the error of a file to the others; what of the file could not be read is missing from then on.
template <typename T>
T ValueOrNote(Result<T> result, ErrorList& errors) {
  if (result.ok()) return std::move(result).value();
  errors.Add(std::move(result).error());
  return {};
}

std::string ChooseEnvironmentName(const ConfigRequest& request, const Variables& environment,
                                  const Variables& dot_env) {
  if (!request.environment_name.empty()) return request.environment_name;
  for (const Variables* variables : {&environment, &dot_env}) {
    const auto found = variables->find("SLUICE_ENV");
    if (found != variables->end() && !found->second.value.empty()) return found->second.value;
  }
  return {};
}

std::vector<ConfigLevel> ReadYamlFile(const ConfigRequest& request, const std::string& environment_name,
                                      LevelContext& context) {
  const std::string path = request.config_file.value_or(InDirectory("sluice.yaml", request.directory));
  const auto text = ValueOrNote(ReadOptionalFile(request.config_file, path), context.errors);
  if (!text) {
    const std::string misnamed = InDirectory("sluice.yml", request.directory);
    if (!request.config_file && FileExists(misnamed)) {
      context.errors.Add(MakeError(ErrorCode::kConfig, misnamed + " is not read", "rename it to sluice.yaml"));
    }
    if (!environment_name.empty() && context.errors.empty()) {
      context.errors.Add(MakeError(ErrorCode::kConfig,
                                   "there is no environment `" + environment_name + "`: there is no " + path,
                                   "environments are sections of `environments:` in sluice.yaml"));
    }
    return {};
  }
  auto root = ReadYaml(*text, path);
  if (!root.ok()) {
    context.errors.Add(std::move(root).error());
    return {};
  }
  return ReadYamlLevels(*root, path, environment_name, context);
}

// All levels, the strongest first.
std::vector<ConfigLevel> ReadLevels(const ConfigRequest& request, LevelContext& context) {
  const Variables environment = ToVariables(request.environment);
  const Variables dot_env = ValueOrNote(ReadDotEnvFile(request), context.errors);
  std::vector<ConfigLevel> levels;
  levels.push_back(ReadFlagLevel(request.flags, context));
  levels.push_back(ReadVariableLevel(environment, "environment", context));
  levels.push_back(
      ReadVariableLevel(dot_env, request.env_file.value_or(InDirectory(".env", request.directory)), context));
  for (ConfigLevel& level : ReadYamlFile(request, ChooseEnvironmentName(request, environment, dot_env), context)) {
    levels.push_back(std::move(level));
  }
  return levels;
}

// The winning value of each setting, by key.
ConfigLevel MergeLevels(std::vector<ConfigLevel> levels) {
  ConfigLevel merged;
  for (ConfigLevel& level : levels) {
    // An address of a weaker level belongs to that level's host.
    if (merged.contains("database.host")) level.erase("database.hostaddr");
    for (auto& [key, given] : level) {
      const auto [place, fresh] = merged.try_emplace(key, std::move(given));
      if (fresh || key != "settings") continue;  // `settings:` is the one that adds up, name by name
      std::vector<ConfigNode>& items = place->second.node.items;
      for (ConfigNode& item : given.node.items) {
        const bool known =
            std::any_of(items.begin(), items.end(), [&](const auto& other) { return other.key == item.key; });
        if (!known) items.push_back(std::move(item));
      }
    }
  }
  return merged;
}

ConfigValue ShownValue(const SettingRule& rule, const GivenValue* given, const Settings& settings) {
  if (given == nullptr) return {std::string(rule.key), ShowSetting(rule, settings), "default"};
  ConfigValue shown{std::string(rule.key), "", DescribeOrigin(given->origin)};
  if (std::holds_alternative<ConnectionUrl>(rule.target) || std::holds_alternative<ScratchUrl>(rule.target)) {
    shown.value = RedactDatabaseUrl(given->node.scalar);
  } else if (std::holds_alternative<ConnectionPart>(rule.target)) {
    shown.value = rule.secret ? "***" : given->node.scalar;
  } else {
    shown.value = ShowSetting(rule, settings);
  }
  return shown;
}

void AddKeyword(const SettingRule& rule, const GivenValue* given, ConnectionSettings& connection) {
  const auto* part = std::get_if<ConnectionPart>(&rule.target);
  // The service file was read here; libpq would let it fill in what this configuration left out on purpose.
  if (part == nullptr || part->keyword == "service" || part->keyword == "servicefile") return;
  const std::string keyword(part->keyword);
  if (given != nullptr) {
    const std::string source = given->origin.source.empty() ? given->origin.setting : given->origin.source;
    connection.keywords.push_back({keyword, given->node.scalar, given->origin.setting, source, rule.secret});
  } else if (!rule.fallback.empty()) {
    connection.keywords.push_back({keyword, std::string(rule.fallback), std::string(rule.key), "", false});
  }
}

// libpq would take PGHOSTADDR for the address of a host that comes from elsewhere; an empty hostaddr keeps it from
// that.
void ShutOutHostAddress(const ConfigRequest& request, ConnectionSettings& connection) {
  if (FindKeyword(connection, "host") == nullptr || FindKeyword(connection, "hostaddr") != nullptr) return;
  if (request.environment.contains("PGHOSTADDR"))
    connection.keywords.push_back({"hostaddr", "", "PGHOSTADDR", "", false});
}

// Where this user keeps what can be made again (XDG Base Directory Specification); root's home is closed to the user
// that PostgreSQL runs as, so root keeps it where the system does (Filesystem Hierarchy Standard 3.0, 5.5).
std::string UsualCacheDirectory(const Environment& environment) {
  const auto value = [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
  };
  if (const std::string base = value("XDG_CACHE_HOME"); base.starts_with('/')) return base + "/sluice";
  if (geteuid() == 0) return "/var/cache/sluice";
  if (const std::string home = value("HOME"); home.starts_with('/')) return home + "/.cache/sluice";
  return {};
}

void FinishSettings(const ConfigRequest& request, const ConfigLevel& values, Settings& settings) {
  if (settings.bookkeeping_schema != "sluice" && !values.contains("bookkeeping.prefix")) {
    settings.bookkeeping_prefix = "sluice_";
  }
  ShutOutHostAddress(request, settings.connection);
  for (auto& location : settings.versions) location.path = InDirectory(location.path, request.directory);
  for (auto& model : settings.models.paths) model = InDirectory(model, request.directory);
  if (settings.scratch) ShutOutHostAddress(request, *settings.scratch);
  if (settings.cache_directory.empty()) {
    settings.cache_directory = UsualCacheDirectory(request.environment);
  } else {
    settings.cache_directory = InDirectory(settings.cache_directory, request.directory);
  }
}

}  // namespace

Environment ProcessEnvironment() {
  Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

Result<Config> LoadConfig(const ConfigRequest& request) {
  LevelContext context;
  context.directory = request.directory;
  if (const auto home = request.environment.find("HOME"); home != request.environment.end())
    context.home = home->second;
  CheckRequired(request.environment, context.errors);
  const ConfigLevel values = MergeLevels(ReadLevels(request, context));

  Config config;
  const auto find = [&](const SettingRule& rule) {
    const auto found = values.find(rule.key);
    return found == values.end() ? nullptr : &found->second;
  };
  for (const SettingRule& rule : SettingTable()) {
    const GivenValue* given = find(rule);
    if (given != nullptr) {
      Status assigned = AssignSetting(rule, given->node, config.settings);
      if (!assigned.ok()) context.errors.Add(AtOrigin(std::move(assigned).error(), given->origin));
    }
    AddKeyword(rule, given, config.settings.connection);
  }
  if (!context.errors.empty()) return std::move(context.errors).Take();
  FinishSettings(request, values, config.settings);
  for (const SettingRule& rule : SettingTable()) {
    const GivenValue* given = find(rule);
    if (given != nullptr || rule.everyday) config.values.push_back(ShownValue(rule, given, config.settings));
  }
  return config;
}

}  // namespace sluice
