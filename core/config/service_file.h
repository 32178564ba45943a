// libpq's connection service file ("PostgreSQL 17, 32.17 The Connection Service File"). Read here and not by libpq, so
// that `sluice config` and the diagnoses can name its lines.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace sluice {

struct ServiceRequest {
  std::string name;
  std::string file;              // PGSERVICEFILE; empty: `.pg_service.conf` in `home`
  std::string home;              // empty: not known
  std::string system_directory;  // PGSYSCONFDIR; empty: Debian's /etc/postgresql-common
};

struct ServiceEntry {
  std::string keyword;  // known to the setting table
  std::string value;
  std::string file;
  int line = 0;
};

// The entries of section [name], from the user's file or else from the system's. Errors: kConfig, without a place: the
// section is in neither, a file that is named can't be read, a line that is not `keyword=value`, an unknown keyword.
Result<std::vector<ServiceEntry>> ReadService(const ServiceRequest& request);

}  // namespace sluice
