// Extended statistics.
#include "core/db/inspect/relations.h"

namespace sluice {

Status ReadStatistics(Inspection& inspection, Relations& relations) {
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
        object.Set(AttributeName::kDefinition, std::string(row[5]));
        object.Set(AttributeName::kTable, inspection.Qualified(relation->schema, relation->name));
        object.Set(AttributeName::kStatisticsTarget, std::string(row[6]));
        const auto handle = inspection.Add({Catalog::kStatistics, row.Number(0)}, std::move(object));
        inspection.SetOwner(handle, row.Number(3));
        inspection.Need(handle, relation->object);
      });
}

}  // namespace sluice
