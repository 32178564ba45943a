#include "core/engine/own_tables.h"

#include <algorithm>

namespace sluice {

Result<std::string> TablesSql(ReadSession& session, const Bookkeeping& bookkeeping, const DatabaseState& database,
                              const MigrationPlan& plan) {
  std::size_t longest = 0;
  for (const PlannedStep& step : plan.steps) {
    for (const std::string& row : step.rows.add) longest = std::max(longest, row.size());
  }
  std::string sql;
  if (!database.has_bookkeeping) sql += bookkeeping.CreateTables(!database.has_schema);
  if (!database.has_version_table) {
    sql += bookkeeping.CreateVersionTable(longest);
  } else {
    SLUICE_TRY(const std::size_t width, ReadVersionWidth(session, bookkeeping));
    if (width != 0 && longest > width) sql += bookkeeping.WidenVersionTable(longest);
  }
  return sql;
}

Result<std::string> GrowthSql(ReadSession& session, const Bookkeeping& bookkeeping, const DatabaseState& database) {
  if (!database.has_bookkeeping || database.layout_minor >= kLayoutMinor) return std::string();
  SLUICE_TRY(const bool ours, OwnsRuns(session, bookkeeping));
  return ours ? bookkeeping.GrowTables() : std::string();
}

}  // namespace sluice
