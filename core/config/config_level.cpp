#include "core/config/config_level.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "core/base/file_system.h"
#include "core/base/near_match.h"
#include "core/config/database_url.h"
#include "core/config/service_file.h"

namespace sluice {
namespace {

// The text of a mounted Secret, without the newline that editors and `kubectl create secret` leave.
Result<std::string> ReadSecret(const std::string& path, const std::string& directory) {
  SLUICE_TRY(std::string text, ReadFile(path.starts_with('/') ? path : directory + "/" + path));
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

bool IsLibpqVariable(const Origin& origin) { return origin.setting.starts_with("PG"); }

// libpq counts connect_timeout in seconds; Sluice's setting has a unit.
ConfigNode SecondsNode(const std::string& seconds, int line) {
  const bool number = !seconds.empty() && seconds.find_first_not_of("0123456789") == std::string::npos;
  return ScalarNode(number ? seconds + "s" : seconds, line);
}

void AddConnectionPart(ConfigLevel& level, const std::string& keyword, const std::string& value, const Origin& origin) {
  const SettingRule* rule = FindConnectionKeyword(keyword);
  ConfigNode node = keyword == "connect_timeout" ? SecondsNode(value, origin.line) : ScalarNode(value, origin.line);
  level.insert_or_assign(rule->key, GivenValue{std::move(node), origin});
}

// What a URL says comes before the same level's separate settings. A host's address is never mixed of two sources.
void ExpandUrl(ConfigLevel& level, LevelContext& context) {
  const auto url = level.find("database.url");
  if (url == level.end() || url->second.node.kind != ConfigNode::Kind::kScalar) return;
  const Origin origin = url->second.origin;
  const auto parts = ParseDatabaseUrl(url->second.node.scalar, origin.setting);
  if (!parts.ok()) {
    Error error = parts.error();
    error.where = {.file = origin.line > 0 ? origin.source : "", .line = origin.line, .column = 0, .excerpt = {}};
    context.errors.Add(std::move(error));
    return;
  }
  for (const auto& [keyword, value] : *parts) {
    if (keyword == "host") level.erase("database.hostaddr");
    AddConnectionPart(level, keyword, value, origin);
  }
}

// As libpq does: a service comes before the PG… variables, and after everything else of its level.
void ExpandService(ConfigLevel& level, const Variables& variables, LevelContext& context) {
  const auto service = level.find("database.service");
  if (service == level.end() || service->second.node.kind != ConfigNode::Kind::kScalar) return;
  ServiceRequest request;
  request.name = service->second.node.scalar;
  request.home = context.home;
  if (const auto file = level.find("database.servicefile"); file != level.end()) {
    request.file = file->second.node.scalar;
  }
  if (const auto directory = variables.find("PGSYSCONFDIR"); directory != variables.end()) {
    request.system_directory = directory->second.value;
  }
  const auto entries = ReadService(request);
  if (!entries.ok()) {
    context.errors.Add(AtOrigin(entries.error(), service->second.origin));
    return;
  }
  for (const ServiceEntry& entry : *entries) {
    const SettingRule* rule = FindConnectionKeyword(entry.keyword);
    const auto given = level.find(rule->key);
    if (given != level.end() && !IsLibpqVariable(given->second.origin)) continue;
    AddConnectionPart(level, entry.keyword, entry.value, {entry.keyword, entry.file, entry.line});
  }
}

Error FileAndValue(const Origin& origin, const std::string& other) {
  return AtOrigin(MakeError(ErrorCode::kConfig, "it and " + other + " are both given", "remove one of the two"),
                  origin);
}

// The value of one variable, itself or from its `…_FILE`.
std::optional<GivenValue> ReadVariable(const SettingRule& rule, std::string_view name, const Variables& variables,
                                       const std::string& source, LevelContext& context) {
  const auto find = [&](const std::string& variable) -> const Variable* {
    const auto found = variables.find(variable);
    return found == variables.end() || found->second.value.empty() ? nullptr : &found->second;
  };
  const Variable* value = find(std::string(name));
  const std::string file_name = std::string(name) + "_FILE";
  const Variable* file = rule.secret ? find(file_name) : nullptr;
  if (file == nullptr) {
    if (value == nullptr) return std::nullopt;
    ConfigNode node =
        name == "PGCONNECT_TIMEOUT" ? SecondsNode(value->value, value->line) : ScalarNode(value->value, value->line);
    return GivenValue{std::move(node), {std::string(name), source, value->line}};
  }
  const Origin origin{file_name, source, file->line};
  if (value != nullptr) {
    context.errors.Add(FileAndValue(origin, std::string(name)));
    return std::nullopt;
  }
  auto secret = ReadSecret(file->value, context.directory);
  if (!secret.ok()) {
    context.errors.Add(AtOrigin(std::move(secret).error(), origin));
    return std::nullopt;
  }
  return GivenValue{ScalarNode(*std::move(secret), file->line), origin};
}

// Walks one section of sluice.yaml.
class YamlLevelReader {
 public:
  YamlLevelReader(std::string path, LevelContext& context) : path_(std::move(path)), context_(context) {}

  // `prefix` is the section's key with its dot, `shown` how the user sees it (with `environments.staging.` before it).
  void ReadSection(const ConfigNode& section, const std::string& prefix, const std::string& shown, ConfigLevel& level) {
    for (const ConfigNode& field : section.items) {
      if (prefix.empty() && shown.empty() && field.key == "environments") continue;
      ReadField(field, prefix + field.key, shown + field.key, prefix, level);
    }
  }

  void Refuse(Error error, const std::string& setting, int line) {
    context_.errors.Add(AtOrigin(std::move(error), {setting, path_, line}));
  }

  bool RequireSection(const ConfigNode& node, const std::string& shown) {
    if (node.kind == ConfigNode::Kind::kNull || node.kind == ConfigNode::Kind::kMapping) return true;
    Refuse(MakeError(ErrorCode::kConfig, "it must be a section of `key: value` lines"), shown, node.line);
    return false;
  }

 private:
  void ReadField(const ConfigNode& field, const std::string& key, const std::string& shown, const std::string& prefix,
                 ConfigLevel& level) {
    if (const SettingRule* rule = FindSetting(key); rule != nullptr && rule->in_yaml) {
      if (field.kind != ConfigNode::Kind::kNull) Give(*rule, field, shown, field.line, level);
    } else if (const SettingRule* secret = FindSecretOfFile(key); secret != nullptr) {
      ReadSecretFile(*secret, field, shown, level);
    } else if (IsSection(key)) {
      if (RequireSection(field, shown)) ReadSection(field, key + ".", shown + ".", level);
    } else {
      RefuseUnknown(field, shown, prefix);
    }
  }

  void Give(const SettingRule& rule, ConfigNode node, const std::string& shown, int line, ConfigLevel& level) {
    const auto [place, fresh] = level.try_emplace(rule.key, GivenValue{std::move(node), {shown, path_, line}});
    if (!fresh) context_.errors.Add(FileAndValue({shown, path_, line}, place->second.origin.setting));
  }

  void ReadSecretFile(const SettingRule& rule, const ConfigNode& field, const std::string& shown, ConfigLevel& level) {
    if (field.kind != ConfigNode::Kind::kScalar) {
      return Refuse(MakeError(ErrorCode::kConfig, "it must be the path of a file"), shown, field.line);
    }
    auto secret = ReadSecret(field.scalar, context_.directory);
    if (!secret.ok()) return Refuse(std::move(secret).error(), shown, field.line);
    Give(rule, ScalarNode(*std::move(secret), field.line), shown, field.line, level);
  }

  static const SettingRule* FindSecretOfFile(std::string_view key) {
    if (!key.ends_with("_file")) return nullptr;
    const SettingRule* rule = FindSetting(key.substr(0, key.size() - 5));
    return rule != nullptr && rule->secret ? rule : nullptr;
  }

  static bool IsSection(const std::string& key) {
    const auto table = SettingTable();
    return std::any_of(table.begin(), table.end(), [&](const auto& rule) { return rule.key.starts_with(key + "."); });
  }

  void RefuseUnknown(const ConfigNode& field, const std::string& shown, const std::string& prefix) {
    std::vector<std::string> known;
    for (const SettingRule& rule : SettingTable()) {
      if (!rule.in_yaml || !rule.key.starts_with(prefix)) continue;
      const std::string_view rest = rule.key.substr(prefix.size());
      known.emplace_back(rest.substr(0, rest.find('.')));
      if (rule.secret) known.push_back(known.back() + "_file");
    }
    if (prefix.empty()) known.emplace_back("environments");
    known.erase(std::unique(known.begin(), known.end()), known.end());
    Error error =
        MakeError(ErrorCode::kConfig, "`" + shown + "` is not a setting", DidYouMean(NearMatches(field.key, known, 1)));
    if (error.hint.empty()) error.hint = "the settings are in docs/configuration.md; `sluice config` prints them all";
    error.where.file = path_;
    error.where.line = field.line;
    context_.errors.Add(std::move(error));
  }

  std::string path_;
  LevelContext& context_;
};

}  // namespace

std::string DescribeOrigin(const Origin& origin) {
  if (origin.source.empty()) return "flag " + origin.setting;
  if (origin.line > 0) return origin.source + " line " + std::to_string(origin.line);
  return origin.source + " " + origin.setting;
}

Error AtOrigin(Error error, const Origin& origin) {
  const bool from_file = origin.line > 0;
  error.message = origin.setting + (from_file || origin.source.empty() ? "" : " (" + origin.source + ")") + ": " +
                  std::move(error.message);
  if (from_file) {
    error.where.file = origin.source;
    error.where.line = origin.line;
  }
  error.code = ErrorCode::kConfig;
  return error;
}

ConfigLevel ReadFlagLevel(const std::map<std::string, std::string>& flags, LevelContext& context) {
  ConfigLevel level;
  std::size_t known = 0;
  for (const SettingRule& rule : SettingTable()) {
    const auto flag = rule.is_flag ? flags.find(FlagName(rule)) : flags.end();
    if (flag == flags.end()) continue;
    ++known;
    level.emplace(rule.key, GivenValue{ScalarNode(flag->second), {FlagOption(rule), "", 0}});
  }
  if (known != flags.size())
    context.errors.Add(MakeError(ErrorCode::kInternal, "a flag is missing in the setting table"));
  ExpandUrl(level, context);
  ExpandService(level, {}, context);
  return level;
}

ConfigLevel ReadVariableLevel(const Variables& variables, const std::string& source, LevelContext& context) {
  ConfigLevel level;
  for (const SettingRule& rule : SettingTable()) {
    for (const std::string_view name : rule.environment) {
      if (name.empty()) break;
      auto given = ReadVariable(rule, name, variables, source, context);
      if (given) level.emplace(rule.key, *std::move(given));
    }
  }
  ExpandUrl(level, context);
  ExpandService(level, variables, context);
  return level;
}

std::vector<ConfigLevel> ReadYamlLevels(const ConfigNode& root, const std::string& path,
                                        const std::string& environment_name, LevelContext& context) {
  YamlLevelReader reader(path, context);
  std::vector<ConfigLevel> levels(environment_name.empty() ? 1 : 2);
  reader.ReadSection(root, "", "", levels.back());
  std::vector<std::string> names;
  for (const ConfigNode& field : root.items) {
    if (field.key != "environments" || !reader.RequireSection(field, field.key)) continue;
    for (const ConfigNode& section : field.items) {
      names.push_back(section.key);
      const std::string shown = "environments." + section.key;
      ConfigLevel level;
      if (reader.RequireSection(section, shown)) reader.ReadSection(section, "", shown + ".", level);
      if (section.key == environment_name) levels.front() = std::move(level);
    }
  }
  if (!environment_name.empty() && std::find(names.begin(), names.end(), environment_name) == names.end()) {
    std::string hint = DidYouMean(NearMatches(environment_name, names, 1));
    if (hint.empty()) hint = "add it to `environments:` in " + path;
    context.errors.Add(MakeError(ErrorCode::kConfig, "there is no environment `" + environment_name + "` in " + path,
                                 std::move(hint)));
  }
  for (ConfigLevel& level : levels) {
    ExpandUrl(level, context);
    ExpandService(level, {}, context);
  }
  return levels;
}

}  // namespace sluice
