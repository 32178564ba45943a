#include "core/db/inspect/inspection.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "core/db/inspect/privileges.h"
#include "core/sql/expression_form.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

// Rows of pg_depend that say nothing new are left out where they are many:
// - what depends on its schema: every object's id says so;
// - a relation's row type, array type, TOAST table and identity sequence; the index of a constraint; the triggers of a
//   foreign key: they are aliases of the object, or nothing of their own;
// - a constraint on columns: the constraints' reader says so, of the referenced table too;
// - a plain index on its columns: the indexes' reader says so. One with expressions is needed from here.
// An array type stands for its elements' type.
constexpr char kDependencies[] = R"sql(
SELECT d.classid, d.objid, d.objsubid, d.refclassid, coalesce(t.typelem, d.refobjid), d.refobjsubid
FROM pg_depend d
LEFT JOIN pg_type t ON d.refclassid = 1247 AND t.oid = d.refobjid AND t.typcategory = 'A' AND t.typtype = 'b'
WHERE d.objid >= 16384 AND d.refobjid >= 16384 AND d.deptype <> 'e' AND d.refclassid <> 2615
  AND NOT (d.deptype = 'i' AND (d.classid IN (1247, 1259) OR d.classid = 2620 AND d.refclassid = 2606))
  AND NOT (d.classid = 2606 AND d.refclassid = 1259)
  AND (NOT (d.classid = 1259 AND d.objsubid = 0 AND d.deptype = 'a' AND d.refclassid = 1259 AND d.refobjsubid > 0)
       OR d.objid IN (SELECT indexrelid FROM pg_index WHERE indexprs IS NOT NULL OR indpred IS NOT NULL)))sql";

// Of what initdb made, only the schema `public` is inspected (2200, PG_PUBLIC_NAMESPACE). The comment that an extension
// brings itself says nothing.
constexpr char kComments[] = R"sql(
SELECT classoid, objoid, objsubid, description FROM pg_description
WHERE objoid >= 16384 AND NOT (classoid = 3079 AND description IN (SELECT comment FROM pg_available_extensions))
  OR classoid = 2615 AND objoid = 2200 AND description <> 'standard public schema')sql";

// Catalogs that most databases have nothing of their own in; one query about all of them is cheaper than one of each
// kind. What is in these stands in a schema, on a table or on a function that initdb didn't make, so pg_depend has it,
// and they need not be opened.
constexpr std::array kOftenWithoutDependency{Catalog::kFunction,
                                             Catalog::kTrigger,
                                             Catalog::kPolicy,
                                             Catalog::kEventTrigger,
                                             Catalog::kCollation,
                                             Catalog::kOperator,
                                             Catalog::kOperatorFamily,
                                             Catalog::kOperatorClass,
                                             Catalog::kConversion,
                                             Catalog::kTextSearchParser,
                                             Catalog::kTextSearchTemplate,
                                             Catalog::kTextSearchDictionary,
                                             Catalog::kTextSearchConfiguration,
                                             Catalog::kForeignServer,
                                             Catalog::kRewrite,
                                             Catalog::kStatistics};
// What is in these may depend on nothing but what initdb made.
constexpr std::array<std::pair<Catalog, std::string_view>, 7> kOftenEmpty{
    {{Catalog::kAccessMethod, "pg_am"},
     {Catalog::kCast, "pg_cast"},
     {Catalog::kForeignDataWrapper, "pg_foreign_data_wrapper"},
     {Catalog::kLanguage, "pg_language"},
     {Catalog::kPublication, "pg_publication"},
     {Catalog::kTransform, "pg_transform"},
     {Catalog::kDefaultPrivileges, "pg_default_acl"}}};

CatalogAddress AddressIn(const RowView& row, int first_column) {
  return {static_cast<Catalog>(row.Number(first_column)), row.Number(first_column + 1), row.Number(first_column + 2)};
}

// pg_* are reserved for PostgreSQL: pg_catalog, pg_toast, pg_temp_1, …
bool IsSystemSchema(std::string_view name) { return name.substr(0, 3) == "pg_" || name == "information_schema"; }

// Texts that PostgreSQL makes of its parse trees. A function's body is what its author wrote.
bool HoldsExpressions(AttributeName name) {
  switch (name) {
    case AttributeName::kDefinition:
    case AttributeName::kDefault:
    case AttributeName::kGenerated:
    case AttributeName::kColumns:
    case AttributeName::kPredicate:
    case AttributeName::kWithCheck:
    case AttributeName::kMembers:
      return true;
    default:
      return false;
  }
}

}  // namespace

Inspection::Inspection(ReadSession& session, const InspectOptions& options)
    : session_(session), options_(options), server_major_(session.server_version() / 10000) {}

Status Inspection::Read(const std::string& sql, const std::function<void(const RowView&)>& take,
                        const std::string& next) {
  return session_.ForEachRow(sql, take, next);
}

std::string Inspection::DependenciesQuery() { return kDependencies; }

Status Inspection::Begin() {
  SLUICE_CHECK(ReadEmptyCatalogs());
  SLUICE_CHECK(Read("SELECT oid, nspname FROM pg_namespace", [&](const RowView& row) {
    std::string name(row[1]);
    const auto& hidden = options_.hidden_schemas;
    if (IsSystemSchema(name) || std::find(hidden.begin(), hidden.end(), name) != hidden.end()) return;
    schemas_.emplace(row.Number(0), std::move(name));
  }));
  SLUICE_CHECK(Read("SELECT oid, rolname, rolname = current_user FROM pg_roles", [&](const RowView& row) {
    roles_.emplace(row.Number(0), row[1]);
    if (row[2] == "t") role_ = row[1];
  }));
  return Read("SELECT classid, objid, refobjid FROM pg_depend WHERE deptype = 'e' AND refclassid = 3079",
              [&](const RowView& row) {
                members_.Add({static_cast<Catalog>(row.Number(0)), row.Number(1), 0}, row.Number(2));
              });
}

Status Inspection::ReadEmptyCatalogs() {
  std::string in_depend;
  for (const Catalog catalog : kOftenWithoutDependency) {
    in_depend += (in_depend.empty() ? "" : ",") + std::to_string(static_cast<Oid>(catalog));
  }
  // LIMIT keeps the planner from joining with the whole of pg_depend: each is one look into its index.
  std::string sql =
      "SELECT c FROM unnest('{" + in_depend +
      "}'::oid[]) c WHERE (SELECT objid FROM pg_depend WHERE classid = c AND objid >= 16384 LIMIT 1) IS NULL";
  for (const auto& [catalog, name] : kOftenEmpty) {
    sql += " UNION ALL SELECT " + std::to_string(static_cast<Oid>(catalog)) + " WHERE NOT EXISTS (SELECT FROM " +
           std::string(name) + " WHERE oid >= 16384)";
  }
  return Read(sql, [&](const RowView& row) { empty_catalogs_.insert(static_cast<Catalog>(row.Number(0))); });
}

const std::string* Inspection::SchemaName(Oid oid) const {
  const auto found = schemas_.find(oid);
  return found == schemas_.end() ? nullptr : &found->second;
}

const std::string& Inspection::RoleName(Oid oid) const {
  static const std::string kNobody;
  const auto found = roles_.find(oid);
  return found == roles_.end() ? kNobody : found->second;
}

std::string Inspection::Qualified(std::string_view schema, std::string_view name) const {
  return QuoteQualified(schema == options_.home_schema ? std::string_view() : schema, name);
}

bool Inspection::IsExtensionMember(Catalog catalog, Oid oid) const {
  return members_.Find({catalog, oid, 0}) != nullptr;
}

Inspection::Handle Inspection::Add(const CatalogAddress& address, SchemaObject object) {
  const Handle handle = builder_.Add(std::move(object));
  objects_ = handle + 1;
  objects_at_.Add(address, handle);
  return handle;
}

void Inspection::Alias(const CatalogAddress& address, Handle object) { aliases_.Add(address, object); }

Inspection::Handle Inspection::Find(const CatalogAddress& address) const {
  const Handle* found = objects_at_.Find(address);
  return found == nullptr ? kNone : *found;
}

Inspection::Handle Inspection::Resolve(const CatalogAddress& address) const {
  if (const Handle found = Find(address); found != kNone) return found;
  if (const Handle* alias = aliases_.Find(address)) return *alias;
  if (address.column != 0) return Resolve({address.catalog, address.oid, 0});
  const Oid* extension = members_.Find(address);
  return extension == nullptr ? kNone : Find({Catalog::kExtension, *extension, 0});
}

Inspection::Handle Inspection::ResolveNeeded(const CatalogAddress& address) const {
  const Handle* alias = needed_aliases_.Find(address);
  return alias != nullptr ? *alias : Resolve(address);
}

void Inspection::SetOwner(Handle object, Oid role) { builder_[object].Set(AttributeName::kOwner, RoleName(role)); }

void Inspection::SetGrants(Handle object, std::string_view acl, Oid owner, std::string_view public_default) {
  const DefaultPrivileges defaults{public_default, OwnerDefault(builder_[object].id.kind, server_major_)};
  builder_[object].Set(AttributeName::kGrants, CanonicalGrants(acl, RoleName(owner), defaults));
}

void Inspection::AddUnmanaged(std::string kind, std::string name, std::string why) {
  unmanaged_.push_back({std::move(kind), std::move(name), std::move(why)});
}

Status Inspection::ReadComments() {
  return Read(kComments, [&](const RowView& row) {
    const CatalogAddress address = AddressIn(row, 0);
    if (const Handle object = Find(address); object != kNone) {
      builder_[object].Set(AttributeName::kComment, std::string(row[3]));
      return;
    }
    const Handle* index = aliases_.Find(address);
    if (address.catalog != Catalog::kRelation || index == nullptr) return;
    if (SchemaObject& object = builder_[*index]; IsConstraint(object.id.kind)) {
      object.Set(AttributeName::kIndexComment, std::string(row[3]));
    }
  });
}

Status Inspection::ReadDependencies() {
  return Read(DependenciesQuery(), [&](const RowView& row) {
    const Handle object = Resolve(AddressIn(row, 0));
    if (object == kNone) return;
    const Handle needed = ResolveNeeded(AddressIn(row, 3));
    if (needed != kNone) builder_.AddNeed(object, needed);
  });
}

void Inspection::NeedSchemas() {
  std::unordered_map<std::string_view, Handle> by_name;
  for (const auto& [oid, name] : schemas_) {
    if (const Handle schema = Find({Catalog::kNamespace, oid, 0}); schema != kNone) by_name.emplace(name, schema);
  }
  for (Handle object = 0; object < objects_; ++object) {
    const ObjectId& id = builder_[object].id;
    if (id.schema.empty() || !id.parent.empty()) continue;
    if (const auto found = by_name.find(id.schema); found != by_name.end()) builder_.AddNeed(object, found->second);
  }
}

void Inspection::CanonicalizeExpressions() {
  for (Handle object = 0; object < objects_; ++object) {
    for (Attribute& attribute : builder_[object].attributes) {
      if (HoldsExpressions(attribute.name)) attribute.value = CanonicalExpression(std::move(attribute.value));
    }
  }
}

Result<Schema> Inspection::Finish() {
  SLUICE_CHECK(ReadComments());
  SLUICE_CHECK(ReadDependencies());
  for (const auto& [object, address] : needs_) {
    if (const Handle needed = ResolveNeeded(address); needed != kNone) builder_.AddNeed(object, needed);
  }
  if (!vanished_.empty()) {
    return MakeError(ErrorCode::kInternal, vanished_ + " was dropped while the schema was read", "try again");
  }
  NeedSchemas();
  CanonicalizeExpressions();
  Schema schema = builder_.Build();
  schema.server_major = server_major_;
  schema.home_schema = options_.home_schema;
  schema.role = role_;
  std::sort(unmanaged_.begin(), unmanaged_.end(), [](const UnmanagedObject& a, const UnmanagedObject& b) {
    return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
  });
  schema.unmanaged = std::move(unmanaged_);
  return schema;
}

}  // namespace sluice
