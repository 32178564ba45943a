// PostgreSQL's server programs on this machine, for a throw-away server.
#pragma once

#include <string>

#include "core/base/result.h"

namespace sluice {

struct ServerPrograms {
  std::string directory;  // holds `initdb` and `postgres`
  std::string version;    // as `postgres --version` says it: `15.9 (Debian 15.9-0+deb12u1)`
  int major = 0;
};

struct ProgramSearch {
  std::string configured;   // the setting `postgres_bin`; empty: the places where packages put it are searched
  std::string path;         // $PATH
  int preferred_major = 0;  // of the server that the scratch databases stand for; 0: the newest
};

// The configured directory, else the preferred version's, else the newest of Debian's and Red Hat's places
// (/usr/lib/postgresql/*/bin, /usr/pgsql-*/bin), else the one in PATH. Errors: kConfig when the configured directory
// isn't one; kScratch when there is none at all.
Result<ServerPrograms> FindServerPrograms(const ProgramSearch& search);

// The pg_dump of those places that reads servers of `server_major` (its own version is that or newer, "pg_dump,
// Notes"), the oldest of them; empty when there is none.
std::string FindDumpProgram(const ProgramSearch& search, int server_major);

}  // namespace sluice
