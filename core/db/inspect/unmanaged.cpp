// What is there and neither compared nor changed: named, so that nobody takes silence for equality.
#include <string>

#include "core/db/inspect/kind_query.h"
#include "core/db/inspect/readers.h"

namespace sluice {
namespace {

std::string BaseTypes() {
  return "SELECT t.typnamespace, 'base type', t.oid::regtype::text, 'made of functions in C' FROM pg_type t WHERE "
         "t.typtype = 'b' AND t.typisdefined AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid) AND " +
         OfItsOwn("pg_type", "t.oid");
}

// Columns: the schema's oid (NULL: outside schemas), kind, name, why. Subscriptions hold passwords, user mappings too;
// a role that may not see them sees no rows here. Large objects are counted. A row without a kind: there are security
// labels.
std::string UnmanagedQuery(const Inspection& inspection) {
  std::string sql =
      "SELECT NULL::oid, 'subscription', s.subname::text, 'its connection may hold a password' FROM pg_subscription s "
      "WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())";
  sql +=
      " UNION ALL SELECT NULL, 'large object', count(*) || ' of them', 'they are data' FROM pg_largeobject_metadata "
      "HAVING count(*) > 0";
  sql += " UNION ALL SELECT NULL, NULL, NULL, NULL WHERE EXISTS (SELECT FROM pg_seclabel)";
  sql +=
      " UNION ALL SELECT t.typnamespace, 'shell type', t.oid::regtype::text, NULL FROM pg_type t WHERE NOT "
      "t.typisdefined "
      "AND " +
      OfItsOwn("pg_type", "t.oid");
  // Their functions are of their own, too.
  if (inspection.MayHoldObjects(Catalog::kFunction)) sql += " UNION ALL " + BaseTypes();
  if (inspection.MayHoldObjects(Catalog::kOperator)) {
    sql +=
        " UNION ALL SELECT o.oprnamespace, 'shell operator', o.oid::regoperator::text, NULL FROM pg_operator o "
        "WHERE o.oprcode = 0 AND " +
        OfItsOwn("pg_operator", "o.oid");
  }
  if (inspection.MayHoldObjects(Catalog::kForeignServer)) {
    sql +=
        " UNION ALL SELECT NULL, 'user mapping', m.usename || ' for ' || quote_ident(m.srvname), 'it may hold a "
        "password' FROM pg_user_mappings m";
  }
  if (inspection.MayHoldObjects(Catalog::kTransform)) {
    sql +=
        " UNION ALL SELECT NULL, 'transform', format_type(f.trftype, NULL) || ' for ' || l.lanname, NULL FROM "
        "pg_transform f JOIN pg_language l ON l.oid = f.trflang WHERE " +
        OfItsOwn("pg_transform", "f.oid");
  }
  return sql;
}

// Planning this view of ten joins takes longer than most other queries need as a whole.
constexpr char kLabels[] =
    "SELECT l.objnamespace, 'security label', l.objtype || ' ' || l.objname, l.provider FROM pg_seclabels l "
    "WHERE l.objtype NOT IN ('database', 'role', 'tablespace', 'subscription')";

void TakeUnmanaged(Inspection& inspection, const RowView& row) {
  if (!row.IsNull(0) && inspection.SchemaName(row.Number(0)) == nullptr) return;
  inspection.AddUnmanaged(std::string(row[1]), std::string(row[2]), std::string(row[3]));
}

}  // namespace

Status ReadUnmanaged(Inspection& inspection) {
  bool labelled = false;
  SLUICE_CHECK(inspection.Read(UnmanagedQuery(inspection), [&](const RowView& row) {
    if (row.IsNull(1)) {
      labelled = true;
    } else {
      TakeUnmanaged(inspection, row);
    }
  }));
  if (!labelled) return {};
  return inspection.Read(kLabels, [&](const RowView& row) { TakeUnmanaged(inspection, row); });
}

}  // namespace sluice
