// `.env` as docker compose and python-dotenv read it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sluice {

// The process's environment, or a test's.
using Environment = std::map<std::string, std::string>;

struct DotEnvEntry {
  std::string name;
  std::string value;
  int line = 0;  // 1-based
};

// Lines of NAME=VALUE, in file order (of a name that comes twice the later one counts; both are returned). `export`
// before the name, blanks around `=`, comments (`#` at the start of a line or after a blank behind a value), CRLF and a
// BOM are allowed. 'Single quotes' know \' and \\, "double quotes" \n \r \t \\ \" \$; both may span lines. Outside
// single quotes ${NAME} and ${NAME:-default} are replaced, from `environment`, else from the entries above; `$NAME`
// without braces is not, so that passwords may hold a `$`. A NAME alone sets nothing. Errors: kConfig with file and
// line, all at once (`also`); values are never shown.
Result<std::vector<DotEnvEntry>> ParseDotEnv(std::string_view text, const std::string& path,
                                             const Environment& environment);

}  // namespace sluice
