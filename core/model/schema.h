// A database's schema as data: every object that Sluice compares, as a list of attributes in PostgreSQL's own normal
// form. Made by core/db/inspector, compared by core/diff, written as SQL by core/sql/emit. Passive data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/model/attribute.h"
#include "core/model/object_kind.h"

namespace sluice {

// What names an object within a database. Two objects with the same id are the same object in two schemas.
struct ObjectId {
  ObjectKind kind = ObjectKind::kSchema;
  std::string schema;     // empty for kinds that stand outside schemas
  std::string parent;     // the table (view, composite type, domain) that a column, constraint, index, trigger, rule or
                          // policy belongs to, in the same schema; empty for everything else
  std::string name;       // without quotes; empty for casts and default privileges
  std::string signature;  // identity arguments of functions and aggregates (`integer, text`), operand types of
                          // operators, source and target of casts, role, schema and kind of default privileges

  auto Key() const { return std::tie(kind, schema, parent, name, signature); }
  bool operator==(const ObjectId& other) const { return Key() == other.Key(); }
  bool operator<(const ObjectId& other) const { return Key() < other.Key(); }
};

// The table of that name among which `child`, a column, constraint, index, … may stand: in the same schema.
ObjectId ParentTable(const ObjectId& child);

// One object. What is at its default is not among the attributes.
struct SchemaObject {
  ObjectId id;
  std::vector<Attribute> attributes;  // sorted by name, each name once

  // The attribute's value; empty when the object doesn't have it (no attribute that is there has an empty value).
  std::string_view Get(AttributeName name) const;
  bool Has(AttributeName name) const { return !Get(name).empty(); }
  // An empty value takes the attribute away.
  void Set(AttributeName name, std::string value);
};

// An object that is there, and that Sluice neither compares nor changes.
struct UnmanagedObject {
  std::string kind;  // "subscription", "large object"
  std::string name;
  std::string why;  // half a sentence; empty where the kind says it all
};

// Objects sorted by id, without duplicates, and what each needs to exist. Made by SchemaBuilder.
class Schema {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = UINT32_MAX;

  int server_major = 0;
  std::string home_schema;  // the schema whose objects are written without their schema's name; empty: none
  std::string role;         // who inspected it, and will own what is created; empty: nobody
  std::vector<UnmanagedObject> unmanaged;

  const std::vector<SchemaObject>& objects() const { return objects_; }
  const SchemaObject& operator[](Index i) const { return objects_[i]; }
  std::size_t size() const { return objects_.size(); }

  // As SchemaObject::Set: an id never changes.
  void Set(Index i, AttributeName name, std::string value) { objects_[i].Set(name, std::move(value)); }

  // kNone when there is no such object.
  Index Find(const ObjectId& id) const;

  // The objects that object `i` needs, its parent included; sorted. What uses a column (views, functions with a body in
  // standard SQL, triggers' WHEN and UPDATE OF, policies, generated columns, indexes, constraints, row filters) needs
  // the column. A column needs what its default uses; a sequence needs the column that owns it (one of the two cycles
  // that may stand here; the other: rules and functions over a relation's row type).
  std::span<const Index> Needs(Index i) const;

  // The objects that belong to a relation, domain or composite type (columns, constraints, indexes, triggers, rules,
  // policies): indexes into objects(), sorted.
  std::span<const Index> Children(Index parent) const;

 private:
  friend class SchemaBuilder;
  friend class SchemaCodec;

  std::vector<SchemaObject> objects_;
  std::vector<Index> needs_;
  std::vector<std::size_t> needs_begin_;  // by object; one more entry at the end
  std::vector<Index> children_;
  std::vector<std::size_t> children_begin_;
};

// Collects objects in any order.
class SchemaBuilder {
 public:
  using Handle = std::uint32_t;

  Handle Add(SchemaObject object);
  SchemaObject& operator[](Handle handle) { return objects_[handle]; }
  const SchemaObject& operator[](Handle handle) const { return objects_[handle]; }
  // `object` can't exist without `needed`. Twice is as good as once; an object never needs itself.
  void AddNeed(Handle object, Handle needed) {
    if (object != needed) needs_.emplace_back(object, needed);
  }
  // Sorts, connects children with their parents (a child also needs its parent), and empties the builder.
  Schema Build();

 private:
  std::vector<SchemaObject> objects_;
  std::vector<std::pair<Handle, Handle>> needs_;
};

}  // namespace sluice
