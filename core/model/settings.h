// What a run is told: where the database is, where the scripts are, how long to wait. Read by core/config from flags,
// environment, `.env` and `sluice.yaml`; passive data for everything else.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

// One keyword of a libpq connection string with where its value came from, for diagnoses: `DB_PORT=5433 from .env`.
struct ConnectionKeyword {
  std::string keyword;  // libpq's: host, port, user, password, dbname, sslmode, …
  std::string value;
  std::string setting;  // the name the user knows it by: `DB_PORT`, `DATABASE_URL`, `--database-url`, `PGPORT`
  std::string source;   // `.env`, `environment`, `sluice.yaml`, `--database-url`; empty: a default
  bool secret = false;  // never shown
};

struct ConnectionSettings {
  std::vector<ConnectionKeyword> keywords;  // what is not here is left to libpq (service file, pass file, …)
  std::chrono::milliseconds connect_timeout{10'000};  // one attempt at one host; 0: none
  std::chrono::milliseconds wait_for_database{0};     // `--wait-for-database`; 0: one attempt
};

struct VersionsLocationSetting {
  std::string path;
  bool recursive = false;
};

// Where the declared models come from: files and directories, or a program that prints them; never both.
struct ModelsSetting {
  std::vector<std::string> paths;             // files or directories of SQL
  std::vector<std::string> program;           // a program and its arguments; its standard output is SQL
  std::chrono::milliseconds timeout{60'000};  // the longest that the program may run; 0: no limit
  bool empty() const { return paths.empty() && program.empty(); }
};

// Choices: in the order of the words that stand for them (core/config/setting_table.cpp).
enum class AheadPolicy { kOk, kError };

// Where autogenerate puts what code of the release before can't live with.
enum class ContractPolicy { kInline, kSeparate };

// Whether autogenerate writes the forms that keep out of the way of the traffic (core/engine/safe_plan.h): kAuto where
// they cost little, kAlways also where every row is written twice.
enum class OnlinePolicy { kAuto, kAlways, kNever };

struct Settings {
  ConnectionSettings connection;

  std::vector<VersionsLocationSetting> versions{{"versions", false}};
  ModelsSetting models;
  std::string version_table = "alembic_version";
  std::string version_table_schema;  // empty: the first schema of the configured search_path, else `public`
  std::string bookkeeping_schema = "sluice";
  std::string bookkeeping_prefix;  // before each table's name; `sluice_` outside a schema of their own
  std::string search_path;         // for scripts; empty: the server's
  std::string role;                // SET ROLE for scripts; empty: none
  std::vector<std::pair<std::string, std::string>> session_settings;  // `settings:` of sluice.yaml, custom GUCs too

  std::chrono::milliseconds lock_timeout{1'000};       // the longest a statement queues for a lock in one attempt
  std::chrono::milliseconds statement_timeout{0};      // 0: none
  std::chrono::milliseconds lock_budget{300'000};      // all attempts of one section together
  std::chrono::milliseconds migrator_wait{600'000};    // for another migrator's advisory lock
  std::chrono::milliseconds reconnect_budget{60'000};  // for a server that goes away
  std::chrono::milliseconds run_timeout{0};            // `--timeout`, the whole run; 0: none
  std::optional<std::chrono::milliseconds> terminate_blockers_after;
  std::optional<std::chrono::milliseconds> terminate_orphan_after;

  std::optional<ConnectionSettings> scratch;  // `scratch_url`: the server for scratch databases; empty: Sluice looks
  std::string postgres_bin;                   // PostgreSQL's server programs; empty: Sluice looks for them
  std::string cache_directory;                // as configured or chosen for this user; empty: nothing is kept
  std::uint64_t cache_size = std::uint64_t{1} << 30;  // the most that each place of the cache may hold, in bytes

  ContractPolicy contract = ContractPolicy::kInline;
  OnlinePolicy online = OnlinePolicy::kAuto;

  AheadPolicy ahead = AheadPolicy::kError;
  bool allow_modified = false;
  std::string program;  // recorded in `sluice.run`: host name, image (SLUICE_IMAGE) and version are added there
  std::string image;
};

}  // namespace sluice
