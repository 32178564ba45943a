// Configuration: flags over environment over `.env` over `sluice.yaml` over defaults (docs/configuration.md). Reads
// files; never connects. The settings themselves are core/config/setting_table.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/config/dot_env.h"
#include "core/model/settings.h"

namespace sluice {

// What the command line said, by FlagName of the setting (`database_url`, `lock_timeout`, `bookkeeping_schema`, …).
using FlagValues = std::map<std::string, std::string>;

// The environment of this process.
Environment ProcessEnvironment();

struct ConfigRequest {
  FlagValues flags;
  Environment environment;
  std::string directory = ".";             // where `.env`, `sluice.yaml` and relative paths are
  std::optional<std::string> config_file;  // `--config`; must exist. Without: `sluice.yaml` where there is one
  std::optional<std::string> env_file;     // `--env-file`; must exist. Without: `.env` where there is one
  std::string environment_name;            // `--env staging`: the section of `environments:`; empty: SLUICE_ENV's
};

// One line of `sluice config`.
struct ConfigValue {
  std::string name;    // of sluice.yaml: `lock_timeout`, `versions`, `database.host`, …
  std::string value;   // redacted where it is a secret
  std::string source;  // `flag --lock-timeout`, `environment SLUICE_LOCK_TIMEOUT`, `.env line 3`, `sluice.yaml line 7`,
                       // `default`
};

struct Config {
  Settings settings;
  std::vector<ConfigValue> values;  // in the documentation's order; rare parts of the connection only when they are set
};

// Errors: kConfig, with file and line where there is one, all troubles at once (`also`); unknown keys of sluice.yaml
// are errors (nearest match named). kFile when a file that must exist can't be read. No error holds a secret.
Result<Config> LoadConfig(const ConfigRequest& request);

}  // namespace sluice
