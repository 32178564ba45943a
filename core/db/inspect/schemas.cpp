// Schemas. `public` is there in every database that nobody took it from: what initdb gives it (owner, comment, grants;
// src/bin/initdb/initdb.c) is its default.
#include "core/db/inspect/privileges.h"
#include "core/db/inspect/readers.h"

namespace sluice {

Status ReadSchemas(Inspection& inspection) {
  return inspection.Read("SELECT oid, nspname, nspowner, nspacl::text FROM pg_namespace", [&](const RowView& row) {
    const Oid oid = row.Number(0);
    if (inspection.SchemaName(oid) == nullptr || inspection.IsExtensionMember(Catalog::kNamespace, oid)) return;
    SchemaObject object;
    object.id.kind = ObjectKind::kSchema;
    object.id.name = row[1];
    const bool standard = object.id.name == "public";
    const auto handle = inspection.Add({Catalog::kNamespace, oid}, std::move(object));
    const Oid owner = row.Number(2);
    inspection.SetOwner(handle, owner);
    const std::string_view of_public = inspection.server_major() < 15 ? "UC" : "U";
    if (standard && row.IsNull(3)) {
      inspection[handle].Set(AttributeName::kGrants, CanonicalGrants("{}", {}, {of_public, {}}));
    } else if (standard) {
      inspection.SetGrants(handle, row[3], owner, of_public);
    } else {
      inspection.SetGrants(handle, row[3], owner);
    }
  });
}

}  // namespace sluice
