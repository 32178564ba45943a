// A column that follows another one of its table: what keeps it in step, and what fills in the rows that were there.
// Pure.
#pragma once

#include <string>
#include <vector>

namespace sluice {

struct FollowedColumn {
  std::string table;  // as SQL, like the rest
  std::string function;
  std::string trigger;
  std::string from;  // the column whose values it takes over
  std::string to;
  std::string cast;      // behind a value of `from`: `::bigint`; empty: the assignment casts
  std::string settings;  // of the function: ` SET TimeZone FROM CURRENT`; what the cast depends on
};

// The function and the trigger. It fires for replicated rows, too.
std::vector<std::string> FollowStatements(const FollowedColumn& column);
std::vector<std::string> UnfollowStatements(const FollowedColumn& column, bool if_exists);

// A DO block that fills the column in block by block of the table, and commits after each. The rows that have come, or
// were changed, since the trigger is there are in step, so it is enough to go up to the table's size at the start, and
// to touch only rows without a value: it can be cut off at any point, and run again. PostgreSQL 14 and later read a
// range of blocks without the rest of the table ("TID Range Scan").
std::string FillStatement(const FollowedColumn& column);

}  // namespace sluice
