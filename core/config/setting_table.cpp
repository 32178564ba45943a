#include "core/config/setting_table.h"

#include <algorithm>
#include <iterator>

namespace sluice {
namespace {

constexpr std::string_view kSslModes = "disable|allow|prefer|require|verify-ca|verify-full";
constexpr std::string_view kSessionAttributes = "any|read-write|read-only|primary|standby|prefer-standby";

constexpr SettingRule Part(std::string_view key, std::string_view keyword, std::array<std::string_view, 4> environment,
                           std::string_view help, std::string_view values = {}) {
  return {.key = key,
          .target = ConnectionPart{keyword},
          .environment = environment,
          .help = help,
          .values = values,
          .is_flag = false};
}

// What libpq knows beyond the everyday; `sluice config` shows it when it is set.
constexpr SettingRule RarePart(std::string_view key, std::string_view keyword, std::string_view variable,
                               std::string_view help, std::string_view values = {}) {
  SettingRule rule = Part(key, keyword, {variable}, help, values);
  rule.everyday = false;
  return rule;
}

constexpr SettingRule WithFallback(SettingRule rule, std::string_view fallback) {
  rule.fallback = fallback;
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
    WithFallback(Part("database.target_session_attrs", "target_session_attrs", {"PGTARGETSESSIONATTRS"},
                      "Which of several servers will do; a standby can't be migrated", kSessionAttributes),
                 "read-write"),
    WithFallback(Part("database.application_name", "application_name", {"PGAPPNAME"},
                      "Name of the session in pg_stat_activity and in the server's log"),
                 "sluice"),
    RarePart("database.service", "service", "PGSERVICE", "Section of the connection service file"),
    RarePart("database.servicefile", "servicefile", "PGSERVICEFILE", "Connection service file"),
    RarePart("database.passfile", "passfile", "PGPASSFILE", "Password file"),
    RarePart("database.hostaddr", "hostaddr", "PGHOSTADDR", "Address of the host, so that no name is looked up"),
    RarePart("database.options", "options", "PGOPTIONS", "Options for the server at the start of the session"),
    RarePart("database.channel_binding", "channel_binding", "PGCHANNELBINDING", "Channel binding",
             "disable|prefer|require"),
    RarePart("database.require_auth", "require_auth", "PGREQUIREAUTH",
             "Authentication methods that will do (libpq 16)"),
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
     .help = "Files or directories of the declared models, or a program that prints them",
     .is_flag = false},
    {.key = "contract",
     .target = &Settings::contract,
     .environment = {"SLUICE_CONTRACT"},
     .help = "Whether what the release before can't live with goes into a generated revision of its own",
     .values = "inline|separate",
     .is_flag = false},
    {.key = "online",
     .target = &Settings::online,
     .environment = {"SLUICE_ONLINE"},
     .help = "Whether generated revisions change tables in use by steps that keep out of the way of the traffic",
     .values = "auto|always|never",
     .is_flag = false},
    {.key = "scratch_url",
     .target = ScratchUrl{},
     .environment = {"SLUICE_SCRATCH_URL"},
     .help = "Address of the server where scratch databases are made",
     .is_flag = false,
     .secret = true},
    {.key = "postgres_bin",
     .target = &Settings::postgres_bin,
     .environment = {"SLUICE_POSTGRES_BIN"},
     .help = "Directory of PostgreSQL's server programs, for a throw-away server on this machine",
     .is_flag = false},
    {.key = "cache.directory",
     .target = &Settings::cache_directory,
     .environment = {"SLUICE_CACHE_DIRECTORY"},
     .help = "Where states that were computed once are kept",
     .is_flag = false},
    {.key = "cache.size",
     .target = &Settings::cache_size,
     .environment = {"SLUICE_CACHE_SIZE"},
     .help = "The most that each place of the cache holds; the oldest is removed first; 0 for no cache",
     .is_flag = false},
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
     .help = "End what a killed migrator left running after this, 5s at least; never when not set"},
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

}  // namespace

std::span<const SettingRule> SettingTable() { return kTable; }

const SettingRule* FindSetting(std::string_view key) {
  const auto* found =
      std::find_if(std::begin(kTable), std::end(kTable), [&](const auto& rule) { return rule.key == key; });
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

}  // namespace sluice
