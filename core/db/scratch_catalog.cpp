#include "core/db/scratch_catalog.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <utility>
#include <vector>

#include "core/sql/identifier.h"

namespace sluice {
namespace {

// Classes of the advisory locks ("slsd" and "slca" in ASCII); the number of the lock is the name's first 8 hex digits.
constexpr std::int32_t kScratchLocks = 0x736c7364;
constexpr std::int32_t kCacheLocks = 0x736c6361;

constexpr std::string_view kScratchPrefix = "sluice_scratch_";
constexpr std::string_view kCachePrefix = "sluice_cache_";
constexpr std::size_t kNumberDigits = 8;
constexpr std::size_t kCacheDigits = 32;

// The comment of a cached database: this, the time it was used last (seconds since 1970), a line break, the payload.
constexpr std::string_view kCacheMark = "sluice cache 1 ";
// Uses closer together are not written down.
constexpr std::int64_t kUseGrain = 3600;

std::string LockCall(std::string_view function, std::int32_t lock_class, std::string_view name,
                     std::string_view prefix) {
  const std::string digits(name.substr(prefix.size(), kNumberDigits));
  const auto number = static_cast<std::int32_t>(static_cast<std::uint32_t>(std::strtoul(digits.c_str(), nullptr, 16)));
  return "SELECT pg_catalog." + std::string(function) + "(" + std::to_string(lock_class) + ", " +
         std::to_string(number) + ")";
}

// A condition on pg_database d: some session of the server holds the lock of that name. pg_locks shows the advisory
// locks of all databases.
std::string IsHeld(std::int32_t lock_class, std::string_view prefix) {
  return "EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND "
         "l.classid::bigint = " +
         std::to_string(lock_class) + " AND l.objid::bigint = ('x' || substr(d.datname, " +
         std::to_string(prefix.size() + 1) + ", 8))::bit(32)::bigint)";
}

std::string NamePattern(std::string_view prefix, std::size_t digits) {
  return "d.datname ~ '^" + std::string(prefix) + "[0-9a-f]{" + std::to_string(digits) + "}$'";
}

Error ScratchError(Error error, const std::string& what) {
  if (error.code == ErrorCode::kConnectionLost) return error;
  error.code = ErrorCode::kScratch;
  error.message = what + ": " + error.server.message;
  return error;
}

Result<std::string> QueryText(ReadSession& session, const std::string& sql) {
  SLUICE_TRY(const std::vector<Row> rows, session.Query(sql));
  if (rows.empty() || rows.front().empty()) return std::string();
  return rows.front().front().value_or("");
}

Result<bool> QueryBool(ReadSession& session, const std::string& sql) {
  SLUICE_TRY(const std::vector<Row> rows, session.Query(sql));
  return !rows.empty() && !rows.front().empty() && rows.front().front() == "t";
}

std::string RandomScratchName() {
  std::array<char, kNumberDigits + 1> digits{};
  std::snprintf(digits.data(), digits.size(), "%08x", std::random_device{}());
  return std::string(kScratchPrefix) + digits.data();
}

// The lock first: a database without its lock is a leftover.
Result<std::string> CreateDatabase(ReadSession& session, const std::string& options, const std::string& owner) {
  while (true) {
    const std::string name = RandomScratchName();
    SLUICE_TRY(const bool locked,
               QueryBool(session, LockCall("pg_try_advisory_lock", kScratchLocks, name, kScratchPrefix)));
    if (!locked) continue;
    std::string sql = "CREATE DATABASE " + name + " " + options;
    if (!owner.empty()) sql += " OWNER " + QuoteIdentifier(owner);
    auto created = session.Query(sql);
    if (created.ok()) return name;
    (void)session.Query(LockCall("pg_advisory_unlock", kScratchLocks, name, kScratchPrefix));
    if (created.error().server.sqlstate == "42P04") continue;
    return ScratchError(std::move(created).error(), "no scratch database can be made");
  }
}

std::string LocaleClause(const Row& row) {
  const auto text = [&row](std::size_t i) { return row[i].value_or(""); };
  const std::string provider = text(7);
  std::string clause = "ENCODING " + QuoteLiteral(text(4)) + " LC_COLLATE " + QuoteLiteral(text(5)) + " LC_CTYPE " +
                       QuoteLiteral(text(6));
  if (provider == "i") clause += " LOCALE_PROVIDER icu ICU_LOCALE " + QuoteLiteral(text(8));
  if (provider == "i" && !text(9).empty()) clause += " ICU_RULES " + QuoteLiteral(text(9));
  if (provider == "b") clause += " LOCALE_PROVIDER builtin BUILTIN_LOCALE " + QuoteLiteral(text(8));
  return clause;
}

// The settings of the server, of the role and of the connection that a database beside the session's begins with, where
// they are not PostgreSQL's own. Those that only say how fast something runs or what is logged are no part of it
// (categories of pg_settings). The role's own settings, of extensions too, stand in pg_db_role_setting.
constexpr char kSettingsHash[] = R"sql(
SELECT md5(concat(
  (SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_catalog.pg_settings
   WHERE context IN ('user', 'superuser') AND source IN ('configuration file', 'command line', 'environment variable',
     'global', 'client') AND name NOT IN ('application_name', 'client_encoding')
     AND category !~ '^(Connections|Reporting and Logging|Query Tuning|Resource Usage|Statistics|Autovacuum|Write-Ahead Log)'),
  (SELECT string_agg(s.setrole || array_to_string(s.setconfig, ','), ';' ORDER BY s.setrole)
   FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
   WHERE s.setdatabase = 0 AND (s.setrole = 0 OR r.rolname = current_user)))))sql";

constexpr char kNamesHash[] = R"sql(
SELECT md5(string_agg(name, ',' ORDER BY name)) FROM (
  SELECT 'r' || oid || rolname AS name FROM pg_catalog.pg_roles
  UNION ALL SELECT 't' || oid || spcname FROM pg_catalog.pg_tablespace) n)sql";

std::string CacheComment(const std::string& name, std::int64_t used, const std::string& payload) {
  return "COMMENT ON DATABASE " + name + " IS " +
         QuoteLiteral(std::string(kCacheMark) + std::to_string(used) + "\n" + payload);
}

Result<std::int64_t> ServerTime(ReadSession& session) {
  SLUICE_TRY(const std::string seconds, QueryText(session, "SELECT extract(epoch FROM clock_timestamp())::bigint"));
  return static_cast<std::int64_t>(std::strtoll(seconds.c_str(), nullptr, 10));
}

struct CacheNote {
  std::int64_t used = 0;
  std::string payload;
};

std::optional<CacheNote> ReadCacheComment(const std::string& comment) {
  const std::size_t line = comment.find('\n');
  if (!comment.starts_with(kCacheMark) || line == std::string::npos) return std::nullopt;
  return CacheNote{std::strtoll(comment.c_str() + kCacheMark.size(), nullptr, 10), comment.substr(line + 1)};
}

}  // namespace

Result<ScratchHost> ReadScratchHost(ReadSession& session) {
  const std::string settings =
      "SELECT set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false)";
  SLUICE_CHECK(session.Query(settings));
  if (session.server_version() >= 140000) {
    SLUICE_CHECK(session.Query("SELECT set_config('idle_session_timeout', '0', false)"));
  }
  // The names of the locale's columns differ between versions.
  SLUICE_TRY(const std::vector<Row> rows,
             session.Query("SELECT current_user, r.rolsuper OR r.rolcreatedb, pg_catalog.pg_backend_pid(), d.datname, "
                           "pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, "
                           "to_jsonb(d)->>'datlocprovider', "
                           "coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale'), "
                           "to_jsonb(d)->>'daticurules', "
                           "(SELECT md5(string_agg(name || ' ' || default_version, ',' ORDER BY name)) "
                           "FROM pg_catalog.pg_available_extensions) "
                           "FROM pg_catalog.pg_database d, pg_catalog.pg_roles r "
                           "WHERE d.datname = current_database() AND r.rolname = current_user"));
  if (rows.empty()) return MakeError(ErrorCode::kInternal, "the server does not show its own database");
  const Row& row = rows.front();
  ScratchHost host;
  host.version = session.server_version();
  host.role = row[0].value_or("");
  host.may_create = row[1] == "t";
  host.pooled = std::atoi(row[2].value_or("").c_str()) != session.reported_pid();
  host.database = row[3].value_or("");
  host.locale_clause = LocaleClause(row);
  host.extensions = row[10].value_or("");
  SLUICE_TRY(host.settings, QueryText(session, kSettingsHash));
  SLUICE_TRY(host.names, QueryText(session, kNamesHash));
  return host;
}

Result<std::string> CreateScratchDatabase(ReadSession& session, const ScratchHost& host, const std::string& owner) {
  return CreateDatabase(session, "TEMPLATE template0 " + host.locale_clause, owner);
}

Result<std::string> CopyDatabase(ReadSession& session, const std::string& source, const std::string& owner) {
  return CreateDatabase(session, "TEMPLATE " + QuoteIdentifier(source), owner);
}

void DropScratchDatabase(ReadSession& session, const std::string& name) {
  (void)session.Query("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  (void)session.Query(LockCall("pg_advisory_unlock", kScratchLocks, name, kScratchPrefix));
}

Status SweepScratchDatabases(ReadSession& session) {
  SLUICE_TRY(const std::vector<Row> rows, session.Query("SELECT d.datname FROM pg_catalog.pg_database d WHERE " +
                                                        NamePattern(kScratchPrefix, kNumberDigits) +
                                                        " AND pg_catalog.pg_has_role(d.datdba, 'USAGE') AND NOT " +
                                                        IsHeld(kScratchLocks, kScratchPrefix)));
  for (const Row& row : rows) (void)session.Query("DROP DATABASE IF EXISTS " + row[0].value_or("") + " WITH (FORCE)");
  return {};
}

std::string CacheDatabaseName(const std::string& key) {
  return std::string(kCachePrefix) + key.substr(0, kCacheDigits);
}

Result<std::optional<std::string>> TakeCachedDatabase(ReadSession& session, const std::string& name) {
  // Held before it is looked at, so that nobody trims it in between.
  SLUICE_CHECK(session.Query(LockCall("pg_advisory_lock_shared", kCacheLocks, name, kCachePrefix)));
  SLUICE_TRY(const std::string comment,
             QueryText(session,
                       "SELECT pg_catalog.shobj_description(d.oid, 'pg_database') FROM pg_catalog.pg_database d "
                       "WHERE d.datname = " +
                           QuoteLiteral(name)));
  std::optional<CacheNote> note = ReadCacheComment(comment);
  if (!note) {
    ReleaseCachedDatabase(session, name);
    return std::optional<std::string>();
  }
  SLUICE_TRY(const std::int64_t now, ServerTime(session));
  if (now - note->used > kUseGrain) (void)session.Query(CacheComment(name, now, note->payload));
  return std::optional<std::string>(std::move(note->payload));
}

void ReleaseCachedDatabase(ReadSession& session, const std::string& name) {
  (void)session.Query(LockCall("pg_advisory_unlock_shared", kCacheLocks, name, kCachePrefix));
}

Result<bool> PublishCachedDatabase(ReadSession& session, const std::string& scratch, const std::string& name,
                                   const std::string& payload) {
  SLUICE_TRY(const std::int64_t now, ServerTime(session));
  SLUICE_CHECK(session.Query(CacheComment(scratch, now, payload)));
  SLUICE_CHECK(session.Query(LockCall("pg_advisory_lock_shared", kCacheLocks, name, kCachePrefix)));
  auto renamed = session.Query("ALTER DATABASE " + scratch + " RENAME TO " + name);
  if (!renamed.ok()) {
    if (renamed.error().server.sqlstate == "42P04") return false;
    ReleaseCachedDatabase(session, name);
    return ScratchError(std::move(renamed).error(), "the scratch database can't be kept");
  }
  SLUICE_CHECK(session.Query(LockCall("pg_advisory_unlock", kScratchLocks, scratch, kScratchPrefix)));
  return true;
}

Status TrimCachedDatabases(ReadSession& session, std::uint64_t limit) {
  const std::string held = IsHeld(kCacheLocks, kCachePrefix);
  SLUICE_TRY(const std::vector<Row> rows,
             session.Query("SELECT d.datname, pg_catalog.pg_database_size(d.oid), " + held +
                           ", pg_catalog.shobj_description(d.oid, 'pg_database') FROM pg_catalog.pg_database d WHERE " +
                           NamePattern(kCachePrefix, kCacheDigits) + " AND pg_catalog.pg_has_role(d.datdba, 'USAGE')"));
  struct Entry {
    std::int64_t used = 0;
    std::string name;
    std::uint64_t size = 0;
    bool held = false;
  };
  std::vector<Entry> entries;
  std::uint64_t total = 0;
  for (const Row& row : rows) {
    const auto note = ReadCacheComment(row[3].value_or(""));
    entries.push_back({note ? note->used : 0, row[0].value_or(""),
                       std::strtoull(row[1].value_or("0").c_str(), nullptr, 10), row[2] == "t"});
    total += entries.back().size;
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.used < b.used; });
  for (const Entry& entry : entries) {
    if (total <= limit) break;
    if (entry.held || !session.Query("DROP DATABASE IF EXISTS " + entry.name).ok()) continue;
    total -= entry.size;
  }
  return {};
}

}  // namespace sluice
