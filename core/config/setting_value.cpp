#include "core/config/setting_value.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "core/base/byte_size.h"
#include "core/base/duration.h"
#include "core/base/near_match.h"
#include "core/base/split.h"
#include "core/config/database_url.h"

namespace sluice {
namespace {

using Map = std::vector<std::pair<std::string, std::string>>;

Error WrongValue(std::string message, std::string hint = {}) {
  return MakeError(ErrorCode::kConfig, std::move(message), std::move(hint));
}

std::string_view KindName(const ConfigNode& node) {
  switch (node.kind) {
    case ConfigNode::Kind::kNull:
      return "nothing";
    case ConfigNode::Kind::kScalar:
      return "a single value";
    case ConfigNode::Kind::kSequence:
      return "a list";
    case ConfigNode::Kind::kMapping:
      return "a section";
  }
  return "nothing";
}

Result<std::string> ReadText(const ConfigNode& node) {
  if (node.kind == ConfigNode::Kind::kScalar) {
    // libpq and PostgreSQL would read up to there, and no further.
    if (node.scalar.find('\0') != std::string::npos) return WrongValue("it holds a NUL byte");
    return node.scalar;
  }
  return WrongValue("it must be a single value, not " + std::string(KindName(node)));
}

Status CheckAllowed(const SettingRule& rule, const std::string& text) {
  if (rule.values.empty()) return {};
  const std::vector<std::string_view> words = SplitAt(rule.values, '|');
  const std::vector<std::string> allowed(words.begin(), words.end());
  if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return {};
  std::string list = allowed.front();
  for (std::size_t i = 1; i < allowed.size(); ++i) list += (i + 1 == allowed.size() ? " or " : ", ") + allowed[i];
  return WrongValue("`" + text + "` is not one of " + list, DidYouMean(NearMatches(text, allowed, 1)));
}

// Longer names are cut by PostgreSQL (NAMEDATALEN, "4.1.1 Identifiers and Key Words"), and would not be found again.
Status CheckIdentifier(std::string_view name) {
  if (name.empty()) return WrongValue("a name is empty");
  if (name.size() > 63)
    return WrongValue("`" + std::string(name) + "` is longer than PostgreSQL's 63 bytes for a name");
  return {};
}

// `5432` or `5432,5433`.
Status CheckPorts(const std::string& text) {
  for (const std::string_view word : SplitAt(text, ',')) {
    const std::string port(word);
    const bool number = port.find_first_not_of("0123456789") == std::string::npos;
    if (number && port.empty()) continue;  // libpq: the default
    if (port.starts_with("tcp://")) {
      return WrongValue("`" + port + "` is not a port",
                        "Kubernetes makes such a variable for a Service of that name: set enableServiceLinks: false in "
                        "the pod, or set the port");
    }
    if (!number || port.size() > 5 || std::stoi(port) < 1 || std::stoi(port) > 65535) {
      return WrongValue("`" + port + "` is not a port", "a port is a number from 1 to 65535; PostgreSQL's own is 5432");
    }
  }
  return {};
}

// A host with its port in one word is the commonest slip.
Status CheckHosts(const std::string& text) {
  if (text.find("://") != std::string::npos) {
    return WrongValue("a URL is not a host", "put the URL into DATABASE_URL");
  }
  for (const std::string_view host : SplitAt(text, ',')) {
    if (host.starts_with('/') || std::count(host.begin(), host.end(), ':') != 1) continue;
    return WrongValue("`" + std::string(host) + "` has a port behind the host",
                      "give the port in its own setting: DB_PORT");
  }
  return {};
}

Result<bool> ReadBoolean(const ConfigNode& node) {
  SLUICE_TRY(const std::string text, ReadText(node));
  if (text == "true") return true;
  if (text == "false") return false;
  return WrongValue("`" + text + "` is neither true nor false");
}

// `path` or `{path: …, recursive: …}`.
Result<VersionsLocationSetting> ReadLocation(const ConfigNode& node) {
  VersionsLocationSetting location;
  if (node.kind != ConfigNode::Kind::kMapping) {
    SLUICE_TRY(location.path, ReadText(node));
  }
  for (const ConfigNode& field : node.items) {
    if (node.kind != ConfigNode::Kind::kMapping) break;
    if (field.key == "path") {
      SLUICE_TRY(location.path, ReadText(field));
    } else if (field.key == "recursive") {
      SLUICE_TRY(location.recursive, ReadBoolean(field));
    } else {
      return WrongValue("`" + field.key + "` is unknown", "a location has `path` and `recursive`");
    }
  }
  if (location.path.empty()) return WrongValue("a path is empty");
  return location;
}

// The items of a list; a single text is cut at its colons, as in PATH.
std::vector<ConfigNode> ListItems(const ConfigNode& node) {
  if (node.kind == ConfigNode::Kind::kSequence) return node.items;
  if (node.kind != ConfigNode::Kind::kScalar) return {node};
  std::vector<ConfigNode> items;
  for (const std::string_view word : SplitAt(node.scalar, ':'))
    items.push_back(ScalarNode(std::string(word), node.line));
  return items;
}

Result<std::vector<std::string>> ReadTexts(const std::vector<ConfigNode>& items, std::string_view empty) {
  std::vector<std::string> texts;
  for (const ConfigNode& item : items) {
    SLUICE_TRY(std::string text, ReadText(item));
    if (text.empty()) return WrongValue(std::string(empty));
    texts.push_back(std::move(text));
  }
  return texts;
}

// `{program: [python, -m, app.print_ddl], timeout: 60s}`.
Result<ModelsSetting> ReadModelsProgram(const ConfigNode& node) {
  ModelsSetting models;
  for (const ConfigNode& field : node.items) {
    if (field.key == "program") {
      if (field.kind != ConfigNode::Kind::kSequence || field.items.empty()) {
        return WrongValue("`program` must be a list: the program and its arguments",
                          "write program: [python, -m, app.print_ddl]");
      }
      for (const ConfigNode& item : field.items) {
        SLUICE_TRY(std::string word, ReadText(item));
        models.program.push_back(std::move(word));
      }
      if (models.program.front().empty()) return WrongValue("`program` names no program");
    } else if (field.key == "timeout") {
      SLUICE_TRY(const std::string text, ReadText(field));
      SLUICE_TRY(models.timeout, ParseDuration(text));
    } else {
      return WrongValue("`" + field.key + "` is unknown", "a section of models has `program` and `timeout`");
    }
  }
  if (models.program.empty()) return WrongValue("`program` is missing");
  return models;
}

// The parts of a URL as libpq's keywords, with what Sluice sets where nothing is said.
ConnectionSettings ConnectionOfUrl(const ConnectionParts& parts, const std::string& setting) {
  ConnectionSettings connection;
  for (const auto& [keyword, value] : parts) {
    const SettingRule* rule = FindConnectionKeyword(keyword);
    const bool secret = rule != nullptr && rule->secret;
    connection.keywords.push_back({keyword, value, setting, "", secret});
  }
  for (const SettingRule& rule : SettingTable()) {
    const auto* part = std::get_if<ConnectionPart>(&rule.target);
    if (part == nullptr || rule.fallback.empty()) continue;
    const bool given = std::any_of(connection.keywords.begin(), connection.keywords.end(),
                                   [&](const ConnectionKeyword& entry) { return entry.keyword == part->keyword; });
    if (!given) {
      connection.keywords.push_back({std::string(part->keyword), std::string(rule.fallback), setting, "", false});
    }
  }
  return connection;
}

// Settings that have a place of their own, where Sluice knows of them.
constexpr std::string_view kOwnSettings[] = {
    "search_path", "role", "lock_timeout", "statement_timeout", "client_encoding", "session_authorization"};

Status CheckServerSetting(const std::string& name) {
  const bool well_formed = !name.empty() && name.find_first_not_of(
                                                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                "0123456789_.$") == std::string::npos;
  if (!well_formed) return WrongValue("`" + name + "` is not the name of a server setting");
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (std::find(std::begin(kOwnSettings), std::end(kOwnSettings), lower) == std::end(kOwnSettings)) return {};
  return FindSetting(lower) != nullptr
             ? WrongValue("`" + name + "` has a place of its own", "move it out of `settings:`")
             : WrongValue("`" + name + "` can't be set", "Sluice sets it itself");
}

class Assigner {
 public:
  Assigner(const SettingRule& rule, const ConfigNode& node, Settings& settings)
      : rule_(rule), node_(node), settings_(settings) {}

  Status operator()(ConnectionUrl) const {
    SLUICE_CHECK(ReadText(node_));
    return {};
  }

  Status operator()(const ConnectionPart& part) const {
    SLUICE_TRY(const std::string text, ReadText(node_));
    if (part.keyword == "port") return CheckPorts(text);
    if (part.keyword == "host") return CheckHosts(text);
    return CheckAllowed(rule_, text);
  }

  Status operator()(VersionTableName) const {
    SLUICE_TRY(const std::string text, ReadText(node_));
    const std::size_t dot = text.find('.');
    const std::string schema = dot == std::string::npos ? "" : text.substr(0, dot);
    const std::string table = dot == std::string::npos ? text : text.substr(dot + 1);
    if (table.find('.') != std::string::npos) return WrongValue("`" + text + "` is not `table` or `schema.table`");
    SLUICE_CHECK(CheckIdentifier(table));
    if (dot != std::string::npos) SLUICE_CHECK(CheckIdentifier(schema));
    settings_.version_table = table;
    settings_.version_table_schema = schema;
    return {};
  }

  Status operator()(std::string Settings::*member) const {
    SLUICE_TRY(std::string text, ReadText(node_));
    if (rule_.key == "bookkeeping.schema") SLUICE_CHECK(CheckIdentifier(text));
    settings_.*member = std::move(text);
    return {};
  }

  Status operator()(std::chrono::milliseconds Settings::*member) const { return ReadDuration(settings_.*member); }
  Status operator()(std::chrono::milliseconds ConnectionSettings::*member) const {
    return ReadDuration(settings_.connection.*member);
  }
  Status operator()(std::optional<std::chrono::milliseconds> Settings::*member) const {
    return ReadDuration((settings_.*member).emplace());
  }

  Status operator()(bool Settings::*member) const {
    SLUICE_TRY(settings_.*member, ReadBoolean(node_));
    return {};
  }

  template <typename Choice, typename = std::enable_if_t<std::is_enum_v<Choice>>>
  Status operator()(Choice Settings::*member) const {
    SLUICE_TRY(const std::string text, ReadText(node_));
    SLUICE_CHECK(CheckAllowed(rule_, text));
    const std::vector<std::string_view> words = SplitAt(rule_.values, '|');
    settings_.*member = static_cast<Choice>(std::find(words.begin(), words.end(), text) - words.begin());
    return {};
  }

  Status operator()(ScratchUrl) const {
    SLUICE_TRY(const std::string text, ReadText(node_));
    SLUICE_TRY(const ConnectionParts parts, ParseDatabaseUrl(text, "the URL"));
    settings_.scratch = ConnectionOfUrl(parts, std::string(rule_.key));
    return {};
  }

  Status operator()(std::uint64_t Settings::*member) const {
    SLUICE_TRY(const std::string text, ReadText(node_));
    SLUICE_TRY(settings_.*member, ParseByteSize(text));
    return {};
  }

  Status operator()(ModelsSetting Settings::*member) const {
    if (node_.kind == ConfigNode::Kind::kMapping) {
      SLUICE_TRY(settings_.*member, ReadModelsProgram(node_));
      return {};
    }
    ModelsSetting models;
    SLUICE_TRY(models.paths, ReadTexts(ListItems(node_), "a path is empty"));
    settings_.*member = std::move(models);
    return {};
  }

  Status operator()(std::vector<VersionsLocationSetting> Settings::*member) const {
    std::vector<VersionsLocationSetting> locations;
    for (const ConfigNode& item : ListItems(node_)) {
      SLUICE_TRY(VersionsLocationSetting location, ReadLocation(item));
      locations.push_back(std::move(location));
    }
    if (locations.empty()) return WrongValue("it must name at least one directory");
    settings_.*member = std::move(locations);
    return {};
  }

  Status operator()(Map Settings::*member) const {
    if (node_.kind != ConfigNode::Kind::kMapping) {
      return WrongValue("it must be a section of `name: value` lines, not " + std::string(KindName(node_)));
    }
    Map values;
    for (const ConfigNode& field : node_.items) {
      SLUICE_CHECK(CheckServerSetting(field.key));
      SLUICE_TRY(std::string text, ReadText(field));
      values.emplace_back(field.key, std::move(text));
    }
    settings_.*member = std::move(values);
    return {};
  }

 private:
  Status ReadDuration(std::chrono::milliseconds& duration) const {
    SLUICE_TRY(const std::string text, ReadText(node_));
    SLUICE_TRY(duration, ParseDuration(text));
    return {};
  }

  const SettingRule& rule_;
  const ConfigNode& node_;
  Settings& settings_;
};

class Shower {
 public:
  Shower(const SettingRule& rule, const Settings& settings) : rule_(rule), settings_(settings) {}

  std::string operator()(ConnectionUrl) const { return {}; }
  std::string operator()(const ConnectionPart&) const { return std::string(rule_.fallback); }
  std::string operator()(VersionTableName) const {
    const std::string& schema = settings_.version_table_schema;
    return schema.empty() ? settings_.version_table : schema + "." + settings_.version_table;
  }
  std::string operator()(std::string Settings::*member) const { return settings_.*member; }
  std::string operator()(std::chrono::milliseconds Settings::*member) const {
    return FormatDuration(settings_.*member);
  }
  std::string operator()(std::chrono::milliseconds ConnectionSettings::*member) const {
    return FormatDuration(settings_.connection.*member);
  }
  std::string operator()(std::optional<std::chrono::milliseconds> Settings::*member) const {
    const auto& duration = settings_.*member;
    return duration ? FormatDuration(*duration) : "";
  }
  std::string operator()(bool Settings::*member) const { return settings_.*member ? "true" : "false"; }
  template <typename Choice, typename = std::enable_if_t<std::is_enum_v<Choice>>>
  std::string operator()(Choice Settings::*member) const {
    return std::string(SplitAt(rule_.values, '|')[static_cast<std::size_t>(settings_.*member)]);
  }
  std::string operator()(ScratchUrl) const { return {}; }
  std::string operator()(std::uint64_t Settings::*member) const { return FormatByteSize(settings_.*member); }
  std::string operator()(ModelsSetting Settings::*member) const {
    const ModelsSetting& models = settings_.*member;
    std::string text;
    for (const std::string& path : models.paths) text += (text.empty() ? "" : ", ") + path;
    for (const std::string& word : models.program) text += (text.empty() ? "program: " : " ") + word;
    return text;
  }
  std::string operator()(std::vector<VersionsLocationSetting> Settings::*member) const {
    std::string text;
    for (const auto& location : settings_.*member) {
      text += (text.empty() ? "" : ", ") + location.path + (location.recursive ? " (recursive)" : "");
    }
    return text;
  }
  std::string operator()(Map Settings::*member) const {
    std::string text;
    for (const auto& [name, value] : settings_.*member) text += (text.empty() ? "" : ", ") + name + "=" + value;
    return text;
  }

 private:
  const SettingRule& rule_;
  const Settings& settings_;
};

}  // namespace

Status AssignSetting(const SettingRule& rule, const ConfigNode& node, Settings& settings) {
  return std::visit(Assigner(rule, node, settings), rule.target);
}

std::string ShowSetting(const SettingRule& rule, const Settings& settings) {
  return std::visit(Shower(rule, settings), rule.target);
}

}  // namespace sluice
