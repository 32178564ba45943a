// The one table of all settings: it drives sluice.yaml's keys, the names of variables and flags, `sluice config`, and
// the documentation (docs/configuration.md, which a test compares with it).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/model/settings.h"

namespace sluice {

// A part of the address of the database, by libpq's name for it ("PostgreSQL 17, 32.1.2 Parameter Key Words").
struct ConnectionPart {
  std::string_view keyword;
};

// A whole database URL.
struct ConnectionUrl {};

// `table` or `schema.table`, in version_table and version_table_schema.
struct VersionTableName {};

// A whole URL of the server for scratch databases.
struct ScratchUrl {};

// Where a setting's value goes, and with that its type.
using SettingTarget =
    std::variant<ConnectionUrl, ConnectionPart, ScratchUrl, VersionTableName, std::string Settings::*,
                 std::chrono::milliseconds Settings::*, std::optional<std::chrono::milliseconds> Settings::*,
                 std::chrono::milliseconds ConnectionSettings::*, bool Settings::*, AheadPolicy Settings::*,
                 ContractPolicy Settings::*, OnlinePolicy Settings::*, std::uint64_t Settings::*,
                 ModelsSetting Settings::*, std::vector<VersionsLocationSetting> Settings::*,
                 std::vector<std::pair<std::string, std::string>> Settings::*>;

struct SettingRule {
  std::string_view key;  // in sluice.yaml, sections with a dot: `lock_timeout`, `database.host`
  SettingTarget target;
  std::array<std::string_view, 4> environment;  // the names of its variables, the first that is set counts; "": no more
  std::string_view help;                        // one sentence without the full stop
  std::string_view values = {};                 // what is allowed, separated by `|`; empty: anything of its type
  std::string_view fallback = {};  // of a part of the connection: what it is when nothing sets it; empty: libpq's own
  bool in_yaml = true;
  bool is_flag = true;   // `--lock-timeout`
  bool secret = false;   // never shown; may come from a file (`…_FILE`, `…_file`)
  bool everyday = true;  // `sluice config` shows it also when nothing sets it
};

// All settings, in the order of the documentation.
std::span<const SettingRule> SettingTable();

// nullptr when there is none.
const SettingRule* FindSetting(std::string_view key);
const SettingRule* FindConnectionKeyword(std::string_view keyword);

// The setting's name in FlagValues: `lock_timeout`, `database_url`; and on the command line: `--lock-timeout`.
std::string FlagName(const SettingRule& rule);
std::string FlagOption(const SettingRule& rule);

}  // namespace sluice
