#include "core/engine/table_contents.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/db/bookkeeping.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

// What a value looks like as text must not depend on who asks (PostgreSQL 17, 20.11 Client Connection Defaults).
constexpr std::string_view kBegin =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = '10s'; SET LOCAL timezone = 'UTC'; "
    "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL bytea_output = 'hex'; "
    "SET LOCAL extra_float_digits = 1; SET LOCAL xmloption = 'content'; SET LOCAL row_security = off; "
    "SET LOCAL search_path = ";

struct Table {
  std::int64_t oid = 0;
  std::string schema;
  std::string name;
  std::vector<std::string> columns;  // by name
};

bool IsHidden(const InspectOptions& options, const std::string& schema, const std::string& name) {
  const auto& schemas = options.hidden_schemas;
  const auto& relations = options.hidden_relations;
  return std::find(schemas.begin(), schemas.end(), schema) != schemas.end() ||
         std::find(relations.begin(), relations.end(), schema + "." + name) != relations.end();
}

Result<std::vector<Table>> FindTables(ReadSession& session, const InspectOptions& options) {
  SLUICE_TRY(const std::vector<Row> rows,
             session.Query("SELECT n.nspname, c.relname, a.attname, c.oid::bigint FROM pg_class c "
                           "JOIN pg_namespace n ON n.oid = c.relnamespace "
                           "LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
                           "WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND c.oid >= 16384 "
                           "AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
                           "ORDER BY n.nspname, c.relname, a.attname COLLATE \"C\""));
  std::vector<Table> tables;
  for (const Row& row : rows) {
    const std::string schema = row[0].value_or("");
    const std::string name = row[1].value_or("");
    if (IsHidden(options, schema, name)) continue;
    if (tables.empty() || tables.back().schema != schema || tables.back().name != name) {
      tables.push_back({std::strtoll(row[3].value_or("0").c_str(), nullptr, 10), schema, name, {}});
    }
    if (row[2]) tables.back().columns.push_back(*row[2]);
  }
  return tables;
}

// The sum of a hash of each row: no row may be exchanged for another, and their order doesn't matter.
std::string ContentQuery(const Table& table) {
  std::string columns;
  for (const std::string& column : table.columns)
    columns += (columns.empty() ? "t." : ", t.") + QuoteIdentifier(column);
  return "SELECT count(*), coalesce(sum(hashtextextended(ROW(" + columns + ")::text, 0)::numeric), 0) FROM ONLY " +
         QuoteIdentifier(table.schema) + "." + QuoteIdentifier(table.name) + " t";
}

Result<TableContents> ReadAll(ReadSession& session, const InspectOptions& options) {
  SLUICE_TRY(const std::vector<Table> tables, FindTables(session, options));
  TableContents contents;
  for (const Table& table : tables) {
    SLUICE_TRY(const std::vector<Row> rows, session.Query(ContentQuery(table)));
    const std::string name = table.schema == options.home_schema ? table.name : table.schema + "." + table.name;
    contents[name] = {table.oid, std::strtoull(rows[0][0].value_or("0").c_str(), nullptr, 10), rows[0][1].value_or("")};
  }
  return contents;
}

}  // namespace

Result<TableContents> ReadTableContents(ReadSession& session, const InspectOptions& options) {
  SLUICE_CHECK(session.BeginTransaction(std::string(kBegin) + std::string(kOwnSearchPath)));
  Result<TableContents> contents = ReadAll(session, options);
  session.EndTransaction();
  return contents;
}

}  // namespace sluice
