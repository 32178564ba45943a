#include "core/db/bookkeeping.h"

#include <algorithm>
#include <utility>

#include "core/base/checksum.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

// Alembic's own width is 32; ids of Sluice are at most 255 bytes.
constexpr std::size_t kVersionWidth = 255;

// The first four bytes of the SHA-256, as int4.
std::int32_t HashKey(std::string_view text) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(std::stoul(Sha256Hex(text).substr(0, 8), nullptr, 16)));
}

std::string Keys(const AdvisoryLock& lock) { return std::to_string(lock.class_id) + ", " + std::to_string(lock.key); }

}  // namespace

Bookkeeping::Bookkeeping(const Settings& settings, std::string version_table_schema)
    : version_table_schema_(std::move(version_table_schema)),
      version_table_name_(settings.version_table),
      version_table_(QuoteIdentifier(version_table_schema_) + "." + QuoteIdentifier(version_table_name_)),
      version_table_key_(version_table_schema_ + "." + version_table_name_),
      schema_(settings.bookkeeping_schema),
      prefix_(settings.bookkeeping_prefix) {}

std::string Bookkeeping::RelationName(std::string_view name) const { return prefix_ + std::string(name); }

std::string Bookkeeping::Table(std::string_view name) const {
  return QuoteIdentifier(schema_) + "." + QuoteIdentifier(RelationName(name));
}

AdvisoryLock Bookkeeping::migrator_lock() const { return {kMigratorLockClass, HashKey(version_table_key_)}; }

AdvisoryLock Bookkeeping::bookkeeping_lock() const { return {kBookkeepingLockClass, HashKey(schema_ + "." + prefix_)}; }

std::string Bookkeeping::CreateTables(bool create_schema) const {
  std::string sql;
  if (create_schema) sql += "CREATE SCHEMA IF NOT EXISTS " + QuoteIdentifier(schema_) + ";\n";
  sql += "CREATE TABLE IF NOT EXISTS " + Table("layout") +
         " (\n"
         "  major integer NOT NULL,\n"
         "  minor integer NOT NULL,\n"
         "  one boolean PRIMARY KEY DEFAULT true CHECK (one)\n);\n";
  sql += "CREATE TABLE IF NOT EXISTS " + Table("run") +
         " (\n"
         "  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
         "  version_table text NOT NULL,\n"
         "  command text NOT NULL,\n"
         "  planned text[] NOT NULL,\n"
         "  rows_before text[] NOT NULL,\n"
         "  who text NOT NULL DEFAULT session_user,\n"
         "  backend_pid integer NOT NULL DEFAULT pg_backend_pid(),\n"
         "  host text NOT NULL,\n"
         "  program text NOT NULL,\n"
         "  image text,\n"
         "  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),\n"
         "  finished_at timestamptz,\n"
         "  outcome text,\n"
         "  error text,\n"
         "  plan_hash text,\n"
         "  required_plan text\n);\n";
  sql += "CREATE TABLE IF NOT EXISTS " + Table("revision") +
         " (\n"
         "  version_table text NOT NULL,\n"
         "  revision text NOT NULL,\n"
         "  down_revisions text[] NOT NULL,\n"
         "  depends_on text[] NOT NULL,\n"
         "  branch_labels text[] NOT NULL,\n"
         "  phase text NOT NULL,\n"
         "  message text NOT NULL,\n"
         "  file_name text NOT NULL,\n"
         "  checksum text NOT NULL,\n"
         "  script bytea NOT NULL,\n"
         "  applied boolean NOT NULL,\n"
         "  stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),\n"
         "  PRIMARY KEY (version_table, revision)\n);\n";
  sql += "CREATE TABLE IF NOT EXISTS " + Table("event") +
         " (\n"
         "  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
         "  version_table text NOT NULL,\n"
         "  run_id bigint,\n"
         "  revision text NOT NULL,\n"
         "  direction text NOT NULL,\n"
         "  section integer,\n"
         "  statement integer,\n"
         "  started_at timestamptz NOT NULL,\n"
         "  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),\n"
         "  outcome text NOT NULL,\n"
         "  who text NOT NULL DEFAULT session_user,\n"
         "  sqlstate text,\n"
         "  error text,\n"
         "  lock_wait interval,\n"
         "  row_count bigint,\n"
         "  wal_bytes numeric,\n"
         "  note text\n);\n";
  sql += "CREATE INDEX IF NOT EXISTS " + QuoteIdentifier(RelationName("event_revision_idx")) + " ON " + Table("event") +
         " (version_table, revision);\n";
  sql += "CREATE TABLE IF NOT EXISTS " + Table("progress") +
         " (\n"
         "  version_table text NOT NULL,\n"
         "  revision text NOT NULL,\n"
         "  direction text NOT NULL,\n"
         "  done text[] NOT NULL,\n"
         "  intent jsonb,\n"
         "  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),\n"
         "  PRIMARY KEY (version_table, revision)\n);\n";
  sql += "INSERT INTO " + Table("layout") + " (major, minor) VALUES (" + std::to_string(kLayoutMajor) + ", " +
         std::to_string(kLayoutMinor) + ") ON CONFLICT DO NOTHING;\n";
  return sql;
}

std::string Bookkeeping::GrowTables() const {
  return "ALTER TABLE " + Table("run") +
         " ADD COLUMN IF NOT EXISTS plan_hash text, ADD COLUMN IF NOT EXISTS required_plan text;\nUPDATE " +
         Table("layout") + " SET minor = " + std::to_string(kLayoutMinor) + " WHERE minor < " +
         std::to_string(kLayoutMinor) + ";\n";
}

std::string Bookkeeping::CreateVersionTable(std::size_t longest) const {
  return "CREATE TABLE IF NOT EXISTS " + version_table_ + " (version_num character varying(" +
         std::to_string(std::max(longest, kVersionWidth)) + ") NOT NULL, CONSTRAINT " +
         QuoteIdentifier(version_table_name_ + "_pkc") + " PRIMARY KEY (version_num));\n";
}

std::string Bookkeeping::WidenVersionTable(std::size_t longest) const {
  return "ALTER TABLE " + version_table_ + " ALTER COLUMN version_num TYPE character varying(" +
         std::to_string(std::max(longest, kVersionWidth)) + ");\n";
}

std::string Bookkeeping::Grants(std::string_view role, const Existing& existing) const {
  const std::string grantee = " TO " + QuoteIdentifier(role) + ";\n";
  const std::string quoted_schema = QuoteIdentifier(schema_);
  const std::string rights = "GRANT SELECT, INSERT, UPDATE, DELETE ON ";
  std::string sql = "CREATE SCHEMA IF NOT EXISTS " + quoted_schema + ";\nGRANT USAGE, CREATE ON SCHEMA " +
                    quoted_schema + grantee + "GRANT USAGE, CREATE ON SCHEMA " +
                    QuoteIdentifier(version_table_schema_) + grantee;
  if (existing.bookkeeping) {
    std::string tables;
    for (const std::string_view table : kBookkeepingTables) tables += (tables.empty() ? "" : ", ") + Table(table);
    sql += rights + tables + grantee;
  }
  if (existing.version_table) sql += rights + version_table_ + grantee;
  return sql;
}

std::string HoldsLock(const AdvisoryLock& lock) {
  return "(CASE WHEN pg_catalog.pg_advisory_unlock(" + Keys(lock) + ") THEN pg_catalog.pg_try_advisory_lock(" +
         Keys(lock) + ") ELSE false END)";
}

std::string TryLock(const AdvisoryLock& lock) { return "SELECT pg_catalog.pg_try_advisory_lock(" + Keys(lock) + ")"; }

std::string Unlock(const AdvisoryLock& lock) { return "SELECT pg_catalog.pg_advisory_unlock(" + Keys(lock) + ")"; }

}  // namespace sluice
