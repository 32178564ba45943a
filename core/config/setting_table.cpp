#include "core/config/setting_table.h"

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "core/base/duration.h"
#include "core/base/near_match.h"

namespace sluice {
namespace {

using Map = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kSslModes = "disable|allow|prefer|require|verify-ca|verify-full";
constexpr std::string_view kSessionAttributes = "any|read-write|read-only|primary|standby|prefer-standby";

constexpr SettingRule Part(std::string_view key, std::string_view keyword, std::array<std::string_view, 4> environment,
                           std::string_view help, std::string_view values = {}) {
  return {.key = key, .target = ConnectionPart{keyword}, .environment = environment, .help = help, .values = values,
          .is_flag = false};
}

// What libpq knows beyond the everyday; `sluice config` shows it when it is set.
constexpr SettingRule RarePart(std::string_view key, std::string_view keyword, std::string_view variable,
                               std::string_view help, std::string_view values = {}) {
  SettingRule rule = Part(key, keyword, {variable}, help, values);
  rule.everyday = false;
  return rule;
}

constexpr SettingRule SecretPart(SettingRule rule) {
  rule.secret = true;
  return rule;
}

constexpr SettingRule kTable[] = {
    {.key = "database.url",
     .target = ConnectionUrl{},
     .environment = {"DATABASE_URL"},
     .help = "The whole address: postgresql://user:password@host:5432/database?sslmode=require",
     .secret = true},
    Part("database.host", "host", {"DB_HOST", "POSTGRES_HOST", "PGHOST"},
         "Host name, address, or directory of the socket; several with commas"),
    Part("database.port", "port", {"DB_PORT", "POSTGRES_PORT", "PGPORT"}, "Port; one for all hosts, or one each"),
    Part("database.name", "dbname", {"POSTGRES_DB", "DB_NAME", "PGDATABASE"}, "Database"),
    Part("database.user", "user", {"POSTGRES_USER", "DB_USER", "PGUSER"}, "Role to connect as"),
    SecretPart(Part("database.password", "password", {"POSTGRES_PASSWORD", "DB_PASSWORD", "PGPASSWORD"},
                    "Password of that role")),
    Part("database.sslmode", "sslmode", {"PGSSLMODE"}, "Whether TLS is used, and what of the server is verified",
         kSslModes),
    Part("database.sslrootcert", "sslrootcert", {"PGSSLROOTCERT"},
         "File of the certificate authority that signed the server's certificate, or `system`"),
    Part("database.sslcert", "sslcert", {"PGSSLCERT"}, "File of the client's certificate"),
    Part("database.sslkey", "sslkey", {"PGSSLKEY"}, "File of the client's key"),
    {.key = "database.connect_timeout",
     .target = &ConnectionSettings::connect_timeout,
     .environment = {"SLUICE_CONNECT_TIMEOUT", "PGCONNECT_TIMEOUT"},
     .help = "Longest time to connect to one host; 0 for no limit"},
    {.key = "wait_for_database",
     .target = &ConnectionSettings::wait_for_database,
     .environment = {"SLUICE_WAIT_FOR_DATABASE"},
     .help = "How long to keep trying while the server can't be reached or is starting up; 0 for one attempt"},
    Part("database.target_session_attrs", "target_session_attrs", {"PGTARGETSESSIONATTRS"},
         "Which of several servers will do; a standby can't be migrated", kSessionAttributes),
    Part("database.application_name", "application_name", {"PGAPPNAME"},
         "Name of the session in pg_stat_activity and in the server's log"),
    RarePart("database.service", "service", "PGSERVICE", "Section of the connection service file"),
    RarePart("database.servicefile", "servicefile", "PGSERVICEFILE", "Connection service file"),
    RarePart("database.passfile", "passfile", "PGPASSFILE", "Password file"),
    RarePart("database.hostaddr", "hostaddr", "PGHOSTADDR", "Address of the host, so that no name is looked up"),
    RarePart("database.options", "options", "PGOPTIONS", "Options for the server at the start of the session"),
    RarePart("database.channel_binding", "channel_binding", "PGCHANNELBINDING", "Channel binding",
             "disable|prefer|require"),
    RarePart("database.require_auth", "require_auth", "PGREQUIREAUTH", "Authentication methods that will do (libpq 16)"),
    RarePart("database.gssencmode", "gssencmode", "PGGSSENCMODE", "GSSAPI encryption", "disable|prefer|require"),
    RarePart("database.krbsrvname", "krbsrvname", "PGKRBSRVNAME", "Kerberos service name"),
    SecretPart(RarePart("database.sslpassword", "sslpassword", "", "Password of the client's key")),
    RarePart("database.sslcrl", "sslcrl", "PGSSLCRL", "File of revoked certificates"),
    RarePart("database.sslcrldir", "sslcrldir", "PGSSLCRLDIR", "Directory of revoked certificates"),
    RarePart("database.sslsni", "sslsni", "PGSSLSNI", "Server name indication in TLS", "0|1"),
    RarePart("database.ssl_min_protocol_version", "ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION",
             "Oldest version of TLS", "TLSv1|TLSv1.1|TLSv1.2|TLSv1.3"),
    RarePart("database.ssl_max_protocol_version", "ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION",
             "Newest version of TLS", "TLSv1|TLSv1.1|TLSv1.2|TLSv1.3"),
    RarePart("database.sslcertmode", "sslcertmode", "PGSSLCERTMODE", "Whether a client certificate is sent (libpq 16)",
             "disable|allow|require"),
    RarePart("database.sslnegotiation", "sslnegotiation", "PGSSLNEGOTIATION", "How TLS is begun (libpq 17)",
             "postgres|direct"),
    RarePart("database.requirepeer", "requirepeer", "PGREQUIREPEER", "System user that must own the server's socket"),
    RarePart("database.load_balance_hosts", "load_balance_hosts", "PGLOADBALANCEHOSTS",
             "Order in which several hosts are tried (libpq 16)", "disable|random"),
    RarePart("database.keepalives", "keepalives", "", "Whether the client sends TCP keepalives", "0|1"),
    RarePart("database.keepalives_idle", "keepalives_idle", "", "Seconds of silence before a keepalive"),
    RarePart("database.keepalives_interval", "keepalives_interval", "", "Seconds between keepalives"),
    RarePart("database.keepalives_count", "keepalives_count", "", "Lost keepalives after which the connection is dead"),
    RarePart("database.tcp_user_timeout", "tcp_user_timeout", "",
             "Milliseconds after which unacknowledged data means a dead connection"),

    {.key = "versions",
     .target = &Settings::versions,
     .environment = {"SLUICE_VERSIONS"},
     .help = "Directories of revision scripts; new ones are written to the first"},
    {.key = "models",
     .target = &Settings::models,
     .environment = {"SLUICE_MODELS"},
     .help = "Files or directories of the declared models"},
    {.key = "version_table",
     .target = VersionTableName{},
     .environment = {"SLUICE_VERSION_TABLE"},
     .help = "Table of the version rows, `table` or `schema.table`"},
    {.key = "bookkeeping.schema",
     .target = &Settings::bookkeeping_schema,
     .environment = {"SLUICE_BOOKKEEPING_SCHEMA"},
     .help = "Schema of Sluice's own tables"},
    {.key = "bookkeeping.prefix",
     .target = &Settings::bookkeeping_prefix,
     .environment = {"SLUICE_BOOKKEEPING_PREFIX"},
     .help = "Before the name of each of Sluice's own tables; `sluice_` where bookkeeping.schema is not `sluice`"},
    {.key = "search_path",
     .target = &Settings::search_path,
     .environment = {"SLUICE_SEARCH_PATH"},
     .help = "search_path of the scripts, as SET takes it; empty for the server's"},
    {.key = "role",
     .target = &Settings::role,
     .environment = {"SLUICE_ROLE"},
     .help = "Role that the scripts run as (SET ROLE); empty for the role that connects"},
    {.key = "settings",
     .target = &Settings::session_settings,
     .environment = {},
     .help = "Server settings (GUCs) that every script sees, custom ones too",
     .is_flag = false},
    {.key = "lock_timeout",
     .target = &Settings::lock_timeout,
     .environment = {"SLUICE_LOCK_TIMEOUT"},
     .help = "Longest time that a statement queues for a lock in one attempt"},
    {.key = "statement_timeout",
     .target = &Settings::statement_timeout,
     .environment = {"SLUICE_STATEMENT_TIMEOUT"},
     .help = "Longest time that a statement runs; 0 for no limit"},
    {.key = "lock_budget",
     .target = &Settings::lock_budget,
     .environment = {"SLUICE_LOCK_BUDGET"},
     .help = "How long all attempts of one section together may try for their locks"},
    {.key = "migrator_wait",
     .target = &Settings::migrator_wait,
     .environment = {"SLUICE_MIGRATOR_WAIT"},
     .help = "How long to wait for another migrator to finish"},
    {.key = "reconnect_budget",
     .target = &Settings::reconnect_budget,
     .environment = {"SLUICE_RECONNECT_BUDGET"},
     .help = "How long to try to get a lost connection back"},
    {.key = "timeout",
     .target = &Settings::run_timeout,
     .environment = {"SLUICE_TIMEOUT"},
     .help = "Longest time for the whole run; 0 for no limit"},
    {.key = "terminate_blockers_after",
     .target = &Settings::terminate_blockers_after,
     .environment = {"SLUICE_TERMINATE_BLOCKERS_AFTER"},
     .help = "End sessions that hold up a script for longer than this; never when not set"},
    {.key = "terminate_orphan_after",
     .target = &Settings::terminate_orphan_after,
     .environment = {"SLUICE_TERMINATE_ORPHAN_AFTER"},
     .help = "End what a killed migrator left running after this; never when not set"},
    {.key = "ahead",
     .target = &Settings::ahead,
     .environment = {"SLUICE_AHEAD"},
     .help = "What an upgrade says of a database that is ahead of the files",
     .values = "ok|error"},
    {.key = "allow_modified",
     .target = &Settings::allow_modified,
     .environment = {},
     .help = "Accept applied scripts that have changed since, and record so",
     .in_yaml = false},
    {.key = "image",
     .target = &Settings::image,
     .environment = {"SLUICE_IMAGE"},
     .help = "Name of the container image, recorded with each run",
     .in_yaml = false,
     .is_flag = false},
};

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
  if (node.kind == ConfigNode::Kind::kScalar) return node.scalar;
  return WrongValue("it must be a single value, not " + std::string(KindName(node)));
}

std::vector<std::string> SplitAt(std::string_view text, char separator) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t end = text.find(separator);
    words.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return words;
    text.remove_prefix(end + 1);
  }
}

Status CheckAllowed(const SettingRule& rule, const std::string& text) {
  if (rule.values.empty()) return {};
  const std::vector<std::string> allowed = SplitAt(rule.values, '|');
  if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return {};
  std::string list = allowed.front();
  for (std::size_t i = 1; i < allowed.size(); ++i) list += (i + 1 == allowed.size() ? " or " : ", ") + allowed[i];
  return WrongValue("`" + text + "` is not one of " + list, DidYouMean(NearMatches(text, allowed, 1)));
}

// Longer names are cut by PostgreSQL (NAMEDATALEN, "4.1.1 Identifiers and Key Words"), and would not be found again.
Status CheckIdentifier(std::string_view name) {
  if (name.empty()) return WrongValue("a name is empty");
  if (name.size() > 63) return WrongValue("`" + std::string(name) + "` is longer than PostgreSQL's 63 bytes for a name");
  return {};
}

// `5432` or `5432,5433`.
Status CheckPorts(const std::string& text) {
  for (const std::string& port : SplitAt(text, ',')) {
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
  for (const std::string& host : SplitAt(text, ',')) {
    if (host.starts_with('/') || std::count(host.begin(), host.end(), ':') != 1) continue;
    return WrongValue("`" + host + "` has a port behind the host", "give the port in its own setting: DB_PORT");
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
  for (std::string& word : SplitAt(node.scalar, ':')) items.push_back(ScalarNode(std::move(word), node.line));
  return items;
}

// Settings that have a place of their own, where Sluice knows of them.
constexpr std::string_view kOwnSettings[] = {"search_path", "role", "lock_timeout", "statement_timeout",
                                             "client_encoding", "session_authorization"};

Status CheckServerSetting(const std::string& name) {
  const bool well_formed = !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
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

  Status operator()(AheadPolicy Settings::*member) const {
    SLUICE_TRY(const std::string text, ReadText(node_));
    SLUICE_CHECK(CheckAllowed(rule_, text));
    settings_.*member = text == "ok" ? AheadPolicy::kOk : AheadPolicy::kError;
    return {};
  }

  Status operator()(std::vector<std::string> Settings::*member) const {
    std::vector<std::string> texts;
    for (const ConfigNode& item : ListItems(node_)) {
      SLUICE_TRY(std::string text, ReadText(item));
      if (text.empty()) return WrongValue("a path is empty");
      texts.push_back(std::move(text));
    }
    settings_.*member = std::move(texts);
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
  explicit Shower(const Settings& settings) : settings_(settings) {}

  std::string operator()(ConnectionUrl) const { return {}; }
  std::string operator()(const ConnectionPart&) const { return {}; }
  std::string operator()(VersionTableName) const {
    const std::string& schema = settings_.version_table_schema;
    return schema.empty() ? settings_.version_table : schema + "." + settings_.version_table;
  }
  std::string operator()(std::string Settings::*member) const { return settings_.*member; }
  std::string operator()(std::chrono::milliseconds Settings::*member) const { return FormatDuration(settings_.*member); }
  std::string operator()(std::chrono::milliseconds ConnectionSettings::*member) const {
    return FormatDuration(settings_.connection.*member);
  }
  std::string operator()(std::optional<std::chrono::milliseconds> Settings::*member) const {
    const auto& duration = settings_.*member;
    return duration ? FormatDuration(*duration) : "";
  }
  std::string operator()(bool Settings::*member) const { return settings_.*member ? "true" : "false"; }
  std::string operator()(AheadPolicy Settings::*member) const {
    return settings_.*member == AheadPolicy::kOk ? "ok" : "error";
  }
  std::string operator()(std::vector<std::string> Settings::*member) const {
    std::string text;
    for (const std::string& path : settings_.*member) text += (text.empty() ? "" : ", ") + path;
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
  const Settings& settings_;
};

}  // namespace

std::span<const SettingRule> SettingTable() { return kTable; }

const SettingRule* FindSetting(std::string_view key) {
  const auto* found = std::find_if(std::begin(kTable), std::end(kTable), [&](const auto& rule) { return rule.key == key; });
  return found == std::end(kTable) ? nullptr : found;
}

const SettingRule* FindConnectionKeyword(std::string_view keyword) {
  if (keyword == "connect_timeout") return FindSetting("database.connect_timeout");
  const auto* found = std::find_if(std::begin(kTable), std::end(kTable), [&](const SettingRule& rule) {
    const auto* part = std::get_if<ConnectionPart>(&rule.target);
    return part != nullptr && part->keyword == keyword;
  });
  return found == std::end(kTable) ? nullptr : found;
}

std::string FlagName(const SettingRule& rule) {
  std::string name(rule.key);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

std::string FlagOption(const SettingRule& rule) {
  std::string option = "--" + FlagName(rule);
  std::replace(option.begin(), option.end(), '_', '-');
  return option;
}

Status AssignSetting(const SettingRule& rule, const ConfigNode& node, Settings& settings) {
  return std::visit(Assigner(rule, node, settings), rule.target);
}

std::string ShowSetting(const SettingRule& rule, const Settings& settings) {
  return std::visit(Shower(settings), rule.target);
}

}  // namespace sluice
