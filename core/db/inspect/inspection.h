// One inspection while it runs: what every reader of a family of kinds needs. A reader asks its queries, adds its
// objects under their addresses in the catalogs, and says what they need; owners, comments, grants, members of
// extensions and pg_depend are handled here, once for all kinds.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/db/inspect/address_map.h"
#include "core/db/inspect/catalog.h"
#include "core/db/inspector.h"
#include "core/db/pg_session.h"
#include "core/model/schema.h"

namespace sluice {

class Inspection {
 public:
  using Handle = SchemaBuilder::Handle;
  static constexpr Handle kNone = UINT32_MAX;

  // REQUIRES: `session` and `options` outlive this; a repeatable-read transaction is open.
  Inspection(ReadSession& session, const InspectOptions& options);
  Inspection(const Inspection&) = delete;
  Inspection& operator=(const Inspection&) = delete;

  int server_major() const { return server_major_; }
  const InspectOptions& options() const { return options_; }

  // Asks one query. `next`: as in ReadSession::ForEachRow. Errors: those of ReadSession::Query.
  Status Read(const std::string& sql, const std::function<void(const RowView&)>& take, const std::string& next = {});

  // The last query with many rows, which Finish asks for.
  static std::string DependenciesQuery();

  // Reads what all readers need: schemas' and roles' names, and which objects belong to extensions. Before all readers.
  Status Begin();
  // Comments, pg_depend, and what depends on an object's schema. After all readers; then the Schema is done.
  Result<Schema> Finish();

  // The name of a schema whose objects are inspected; null for the system's, temporary and hidden ones.
  const std::string* SchemaName(Oid oid) const;
  const std::string& RoleName(Oid oid) const;  // empty when there is no such role
  // As it is written in SQL: without its schema when that is the home schema.
  std::string Qualified(std::string_view schema, std::string_view name) const;

  // Members of extensions aren't added; what depends on one depends on its extension.
  bool IsExtensionMember(Catalog catalog, Oid oid) const;

  // May the catalog hold anything that initdb didn't make? False spares a reader its query.
  bool MayHoldObjects(Catalog catalog) const { return empty_catalogs_.count(catalog) == 0; }

  // Adds an object at its address.
  Handle Add(const CatalogAddress& address, SchemaObject object);
  // What is at `address` (a row type, the index of a constraint) is part of `object`: pg_depend's rows on it count for
  // the object.
  void Alias(const CatalogAddress& address, Handle object);
  // The same only for what depends on it: a partition's index, which is there because its parent's is.
  void AliasOfNeeded(const CatalogAddress& address, Handle object) { needed_aliases_.Add(address, object); }
  SchemaObject& operator[](Handle object) { return builder_[object]; }
  // kNone when nothing was added there. Follows no alias.
  Handle Find(const CatalogAddress& address) const;
  // The object, its relation, or its extension, that is or holds what is at the address; kNone: none that is managed.
  Handle Resolve(const CatalogAddress& address) const;
  // The same for what others need: what stands for it too.
  Handle ResolveNeeded(const CatalogAddress& address) const;

  // `object` needs what is at `needed`, which may be added later; nothing happens when it isn't managed.
  void Need(Handle object, const CatalogAddress& needed) { needs_.emplace_back(object, needed); }
  void Need(Handle object, Handle needed) { builder_.AddNeed(object, needed); }

  void SetOwner(Handle object, Oid role);
  // `acl`: the text of the catalog's aclitem[]. See CanonicalGrants.
  void SetGrants(Handle object, std::string_view acl, Oid owner, std::string_view public_default = {});

  // PostgreSQL doesn't find an object any more that the transaction still sees: Finish fails.
  void Vanished(const std::string& name) { vanished_ = name; }

  // An object that is there, and not managed.
  void AddUnmanaged(std::string kind, std::string name, std::string why = {});

 private:
  Status ReadEmptyCatalogs();
  Status ReadComments();
  Status ReadDependencies();
  void NeedSchemas();
  void CanonicalizeExpressions();

  ReadSession& session_;
  const InspectOptions& options_;
  int server_major_;
  std::string role_;  // the session's
  SchemaBuilder builder_;
  std::size_t objects_ = 0;
  std::vector<UnmanagedObject> unmanaged_;
  std::unordered_map<Oid, std::string> schemas_;
  std::unordered_map<Oid, std::string> roles_;
  std::set<Catalog> empty_catalogs_;
  std::string vanished_;
  AddressMap<Oid> members_;  // to the extension
  AddressMap<Handle> objects_at_;
  AddressMap<Handle> aliases_;
  AddressMap<Handle> needed_aliases_;
  std::vector<std::pair<Handle, CatalogAddress>> needs_;
};

}  // namespace sluice
