// Extended statistics.
#include <algorithm>
#include <string_view>
#include <vector>

#include "core/db/inspect/relations.h"
#include "core/model/attribute_value.h"

namespace sluice {
namespace {

// `(ndistinct) ON b, a FROM t` with its columns sorted: PostgreSQL keeps them in the order that the table has them in.
std::string WithSortedColumns(std::string_view definition) {
  constexpr std::string_view kOn = "ON ";
  constexpr std::string_view kFrom = " FROM ";
  const std::size_t on = definition.starts_with(kOn) ? 0 : definition.find(" ON ") + 1;
  const std::size_t begin = on + kOn.size();
  const std::vector<std::string_view> parts = SplitSql(definition.substr(begin), kFrom);
  std::vector<std::string_view> columns = SplitSql(parts.front(), ", ");
  std::sort(columns.begin(), columns.end());
  std::string sorted(definition.substr(0, begin));
  for (std::size_t i = 0; i < columns.size(); ++i) sorted.append(i == 0 ? "" : ", ").append(columns[i]);
  return sorted.append(definition.substr(begin + parts.front().size()));
}

}  // namespace

Status ReadStatistics(Inspection& inspection, Relations& relations) {
  if (!inspection.MayHoldObjects(Catalog::kStatistics)) return {};
  // The definition begins with a name that is always qualified.
  return inspection.Read(
      R"sql(
SELECT s.oid, s.stxnamespace, s.stxname, s.stxowner, s.stxrelid,
  substr(pg_get_statisticsobjdef(s.oid),
         length('CREATE STATISTICS ' || quote_ident(n.nspname) || '.' || quote_ident(s.stxname)) + 2),
  nullif(s.stxstattarget, -1)
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace)sql",
      [&](const RowView& row) {
        const std::string* schema = inspection.SchemaName(row.Number(1));
        const Relation* relation = relations.Find(row.Number(4));
        if (schema == nullptr || relation == nullptr) return;
        SchemaObject object;
        object.id = {ObjectKind::kStatistics, *schema, {}, std::string(row[2]), {}};
        object.Set(AttributeName::kDefinition, WithSortedColumns(row[5]));
        object.Set(AttributeName::kTable, inspection.Qualified(relation->schema, relation->name));
        object.Set(AttributeName::kStatisticsTarget, std::string(row[6]));
        const auto handle = inspection.Add({Catalog::kStatistics, row.Number(0)}, std::move(object));
        inspection.SetOwner(handle, row.Number(3));
        inspection.Need(handle, relation->object);
      });
}

}  // namespace sluice
