// What the tables of a database hold, so briefly that two moments can be compared: the number of rows of each, and a
// checksum over them.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/base/result.h"
#include "core/db/inspector.h"
#include "core/db/pg_session.h"

namespace sluice {

struct TableContent {
  std::int64_t oid = 0;  // stays when the table or its schema is renamed
  std::uint64_t rows = 0;
  std::string checksum;  // neither the order of the rows nor that of the columns matters
  bool SameRows(const TableContent& other) const { return rows == other.rows && checksum == other.checksum; }
};

// By name, as `options.home_schema` lets them be written.
using TableContents = std::map<std::string, TableContent>;

// All tables and partitions but those that `options` hide, temporary and foreign ones; in one snapshot. Reads every
// row. Errors: those of ReadSession::Query.
Result<TableContents> ReadTableContents(ReadSession& session, const InspectOptions& options);

}  // namespace sluice
