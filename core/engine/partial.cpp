#include "core/engine/partial.h"

#include "core/sql/identifier.h"

namespace sluice {

std::optional<PartialRevision> FindPartial(const Situation& situation, const std::vector<StepScript>& steps,
                                           Database& database) {
  std::vector<ProgressRow> progress = situation.database.progress;
  if (Result<DatabaseState> now = database.ReadState(); now.ok()) progress = std::move(now->progress);
  if (progress.empty()) return std::nullopt;
  const ProgressRow& row = progress.front();
  PartialRevision partial;
  partial.revision = row.revision;
  partial.direction = row.direction;
  partial.done = static_cast<int>(row.done.size());
  partial.in_doubt = row.intent.has_value();
  for (const StepScript& step : steps) {
    if (step.step.revision == row.revision && step.direction() == row.direction) {
      partial.total = static_cast<int>(step.units.units.size());
    }
  }
  return partial;
}

Result<std::string> ReadStoredChecksum(ReadSession& session, const Bookkeeping& bookkeeping,
                                       const std::string& revision) {
  SLUICE_TRY(const std::vector<Row> rows,
             session.Query("SELECT checksum FROM " + bookkeeping.Table("revision") +
                           " WHERE version_table = " + QuoteLiteral(bookkeeping.version_table_key()) +
                           " AND revision = " + QuoteLiteral(revision)));
  return rows.empty() ? std::string() : rows.front().front().value_or("");
}

}  // namespace sluice
