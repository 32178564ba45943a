#include "core/db/database_id.h"

#include <cstddef>

#include "core/base/checksum.h"

namespace sluice {
namespace {

constexpr std::size_t kDigits = 32;

constexpr const char* kWhich =
    "SELECT oid, pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') "
    "FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()";
constexpr const char* kCluster = "SELECT system_identifier FROM pg_catalog.pg_control_system()";

}  // namespace

Result<std::string> ReadDatabaseId(ReadSession& session, std::string_view version_table) {
  // A function that may not be executed is refused before the query runs, so one query can't both ask and call.
  std::string text;
  bool may_ask = false;
  SLUICE_CHECK(session.ForEachRow(kWhich, [&](const RowView& row) {
    text = row[0];
    may_ask = row.IsTrue(1);
  }));
  if (may_ask) {
    SLUICE_CHECK(session.ForEachRow(kCluster, [&](const RowView& row) { text.append(" ").append(row[0]); }));
  }
  return Sha256Hex(text.append("\n").append(version_table)).substr(0, kDigits);
}

}  // namespace sluice
