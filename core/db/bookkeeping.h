// The tables of Sluice in the database (docs/operations.md, "In the database"): their names, their layout, the advisory
// locks. Text of SQL only; nothing here talks to a server.
//
// The version table says what is applied. The other tables are the memory beside it:
//   layout    one row: the version of this layout
//   run       one row a run, committed at its start
//   revision  every revision ever applied, with its script
//   event     append-only: what was done to which revision, by whom, with what outcome
//   progress  revisions that are applied in part
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/settings.h"

namespace sluice {

// The layout this program writes. A later minor only adds (columns with defaults, tables), so any program of the same
// major reads and writes it.
inline constexpr int kLayoutMajor = 1;
inline constexpr int kLayoutMinor = 1;  // 1: run.plan_hash, run.required_plan

// An advisory lock's two int4 keys (pg_advisory_lock(int, int)).
struct AdvisoryLock {
  std::int32_t class_id;
  std::int32_t key;
};

// The classes of Sluice's advisory locks. Documented, never changed: an older program must meet a newer one.
inline constexpr std::int32_t kMigratorLockClass = 0x534C5543;     // "SLUC"
inline constexpr std::int32_t kBookkeepingLockClass = 0x534C5544;  // "SLUD"
// A migrator's sign of life: its reading session holds, shared, a lock of this class whose key is the process of the
// session that holds the migrator lock. It goes with the migrator, also when the server still works on its statement.
inline constexpr std::int32_t kSignOfLifeClass = 0x534C5545;  // "SLUE"

// Names of one database's tables, quoted and qualified.
class Bookkeeping {
 public:
  // `version_table_schema`: where the version table is, or will be.
  Bookkeeping(const Settings& settings, std::string version_table_schema);

  const std::string& version_table() const { return version_table_; }  // "public"."alembic_version"
  const std::string& version_table_key() const {
    return version_table_key_;
  }                                                       // public.alembic_version, column version_table
  const std::string& schema() const { return schema_; }   // unquoted
  std::string Table(std::string_view name) const;         // "sluice"."run" for `run`
  std::string RelationName(std::string_view name) const;  // unquoted and unqualified

  AdvisoryLock migrator_lock() const;     // one per version table
  AdvisoryLock bookkeeping_lock() const;  // for the DDL below; taken before migrator_lock

  // Creates what is missing of schema and tables. Idempotent; runs in one transaction. Without CREATE SCHEMA when the
  // schema is there (a role that may not create one can be given a ready schema).
  std::string CreateTables(bool create_schema) const;
  // Brings tables of an earlier minor layout to this one. Idempotent; for their owner.
  std::string GrowTables() const;
  // The version table as Alembic makes it, wide enough for `longest` bytes.
  std::string CreateVersionTable(std::size_t longest) const;
  std::string WidenVersionTable(std::size_t longest) const;
  // What a database administrator runs once for a role that may not create the schema; for tables that another role has
  // made, what they need too.
  struct Existing {
    bool bookkeeping = false;
    bool version_table = false;
  };
  std::string Grants(std::string_view role, const Existing& existing) const;

 private:
  std::string version_table_schema_;
  std::string version_table_name_;
  std::string version_table_;
  std::string version_table_key_;
  std::string schema_;
  std::string prefix_;
};

// The names of the bookkeeping's tables.
inline constexpr std::array<std::string_view, 5> kBookkeepingTables = {"layout", "run", "revision", "event",
                                                                       "progress"};

// Own statements run with this search_path; otherwise functions and operators of `public` could be chosen instead of
// PostgreSQL's.
inline constexpr std::string_view kOwnSearchPath = "pg_catalog, pg_temp";

// SQL, a boolean: this session holds `lock`, which it has taken twice. Session locks are counted, so giving one back
// and taking it again never lets go of the lock, and needs no look at pg_locks, which costs as much as a small DDL
// statement.
std::string HoldsLock(const AdvisoryLock& lock);
// SQL statement, one boolean: the lock is had now.
std::string TryLock(const AdvisoryLock& lock);
std::string Unlock(const AdvisoryLock& lock);

}  // namespace sluice
