// Configuration: flags over environment over `.env` over `sluice.yaml` over defaults (docs/configuration.md). The only
// includer of yaml-cpp. Reads files; never connects.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/duration.h"
#include "core/base/result.h"
#include "core/model/settings.h"

namespace sluice {

// What the command line said, by setting name as in sluice.yaml (`database_url`, `lock_timeout`, `version_table`, …).
using FlagValues = std::map<std::string, std::string>;

// The process's environment, or a test's.
using Environment = std::map<std::string, std::string>;
Environment ProcessEnvironment();

struct ConfigRequest {
  FlagValues flags;
  Environment environment;
  std::string directory = ".";               // where `.env`, `sluice.yaml` and relative paths are
  std::optional<std::string> config_file;    // `--config`; must exist. Without: `sluice.yaml` where there is one
  std::optional<std::string> env_file;       // `--env-file`; must exist. Without: `.env` where there is one
  std::string environment_name;              // `--env staging`: the section of `environments:`
};

// One line of `sluice config`.
struct ConfigValue {
  std::string name;    // of sluice.yaml: `lock_timeout`, `versions`, `database.host`, …
  std::string value;   // redacted where it is a secret
  std::string source;  // `flag --lock-timeout`, `environment LOCK_TIMEOUT`, `.env line 3`, `sluice.yaml line 7`, `default`
};

struct Config {
  Settings settings;
  std::vector<ConfigValue> values;  // every setting, in the documentation's order
};

// Errors: kConfig, with file and line where there is one; unknown keys of sluice.yaml are errors (nearest match named),
// all troubles at once (`also`). Secrets may come from files (`…_FILE`).
Result<Config> LoadConfig(const ConfigRequest& request);

// `.env` as docker compose and python-dotenv read it: KEY=VALUE, `export`, quotes, comments, ${VAR} and ${VAR:-default}.
struct DotEnvEntry {
  std::string name;
  std::string value;
  int line = 0;
};
Result<std::vector<DotEnvEntry>> ParseDotEnv(std::string_view text, const std::string& path, const Environment& environment);

}  // namespace sluice
