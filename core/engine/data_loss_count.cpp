#include "core/engine/data_loss_count.h"

#include "core/sql/identifier.h"

namespace sluice {

std::string CountQuery(const Operation& operation, const Schema& from) {
  if (operation.from == Schema::kNone) return "";
  const ObjectId& id = from[operation.from].id;
  const std::string schema = id.schema == from.home_schema ? "" : id.schema;
  if (id.kind == ObjectKind::kTable) return "SELECT count(*) FROM " + QuoteQualified(schema, id.name);
  if (id.kind != ObjectKind::kColumn) return "";
  return "SELECT count(" + QuoteIdentifier(id.name) + ") FROM " + QuoteQualified(schema, id.parent);
}

std::string CountLost(ReadSession& session, const std::string& query, const std::string& home_schema) {
  if (query.empty()) return "";
  const Result<std::vector<Row>> rows = session.QueryOnce("SET LOCAL search_path = " + QuoteIdentifier(home_schema) +
                                                          "; SET LOCAL lock_timeout = '1s'; " + query);
  if (!rows.ok() || rows->empty() || !rows->front().front()) return "";
  const std::string& count = *rows->front().front();
  return count + (count == "1" ? " row" : " rows");
}

}  // namespace sluice
