// Where values come from. Flags, environment, `.env` and sluice.yaml (a section of `environments:` before the rest of
// the file) are one level each; every level says the same kind of thing: which settings it gives, and where it says so.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/config_node.h"
#include "core/base/error_list.h"
#include "core/base/result.h"
#include "core/config/dot_env.h"
#include "core/config/setting_table.h"

namespace sluice {

// Where the user wrote something.
struct Origin {
  std::string setting;  // by the name used there: `DB_PORT`, `--lock-timeout`, `database.port`
  std::string source;   // `environment`, `.env`, `sluice.yaml`; empty for a flag
  int line = 0;         // of `source`; 0: not a file
};

// `flag --lock-timeout`, `environment DB_PORT`, `.env line 3`, `sluice.yaml line 7`.
std::string DescribeOrigin(const Origin& origin);

// `error` of a value, with the setting's name before the message and its place.
Error AtOrigin(Error error, const Origin& origin);

struct GivenValue {
  ConfigNode node;
  Origin origin;
};

// By key of the setting table.
using ConfigLevel = std::map<std::string_view, GivenValue>;

// What the readers need to know and where they put their errors.
struct LevelContext {
  std::string directory;  // relative paths of `…_FILE` start here
  std::string home;       // of the user; empty: not known
  ErrorList errors;
};

// Flags by FlagName.
ConfigLevel ReadFlagLevel(const std::map<std::string, std::string>& flags, LevelContext& context);

// Variables of the process, or of `.env`; an empty one counts as not set.
struct Variable {
  std::string value;
  int line = 0;
};
using Variables = std::map<std::string, Variable>;
ConfigLevel ReadVariableLevel(const Variables& variables, const std::string& source, LevelContext& context);

// sluice.yaml, read by ReadYaml: first the section of `environments:` named `environment_name` (none when that is
// empty), then the rest. Unknown keys are errors, in every environment.
std::vector<ConfigLevel> ReadYamlLevels(const ConfigNode& root, const std::string& path,
                                        const std::string& environment_name, LevelContext& context);

}  // namespace sluice
