// The table of changes of safe_forms_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "core/model/settings.h"

namespace sluice::testing {

// What one change does to tables in use.
struct SafeFormCase {
  const char* name;
  std::string before;  // beside kTablesInUse
  const char* after;   // what the models have that these have not
  std::vector<std::string> seen;
  bool blocks = false;  // PostgreSQL has no form that lets writers work meanwhile
  int others_from = 0;  // the servers of these versions, where it is something else
  int others_to = -1;
  std::vector<std::string> seen_by_others = {};
  bool blocks_others = false;
  OnlinePolicy policy = OnlinePolicy::kAuto;
  int since = 0;  // the first version that has the form; the ones before block
};

// Tables of the service, with rows.
inline constexpr const char* kTablesInUse =
    "CREATE TABLE other (id int PRIMARY KEY);"
    "CREATE TABLE t (id int NOT NULL, code varchar(10), amount numeric(10,2), at timestamp, other_id int);"
    "INSERT INTO other SELECT generate_series(1, 100);"
    "INSERT INTO t SELECT i, i, i, now(), i FROM generate_series(1, 100) i;";

std::vector<SafeFormCase> TableCases();
std::vector<SafeFormCase> PartitionCases();

}  // namespace sluice::testing
