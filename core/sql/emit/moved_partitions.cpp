#include "core/sql/emit/moved_partitions.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/attribute_value.h"
#include "core/model/foreign_key.h"
#include "core/sql/emit/partition_index.h"
#include "core/sql/emit/relation_text.h"

namespace sluice {
namespace {

using enum AttributeName;
using Index = Schema::Index;

// An object that a partition has from its partitioned table, as its own.
struct Part {
  SchemaObject object;
  Index partition = Schema::kNone;
  Index original = Schema::kNone;  // the partitioned table's
};
using Parts = std::map<ObjectId, Part>;

std::string_view PartitionedTable(const Schema& schema, Index table) {
  return table == Schema::kNone ? std::string_view() : schema[table].Get(kPartitionOf);
}

// A foreign key from the table to itself is gone before the first of its partitions goes.
bool ComesToPartitions(const Schema& schema, Index part) {
  const SchemaObject& object = schema[part];
  if (object.Has(kNoInherit) || object.Get(kValidity) == "invalid" || RefersToOwnTable(schema, part)) return false;
  return object.id.kind == ObjectKind::kIndex ||
         (IsConstraint(object.id.kind) && object.id.kind != ObjectKind::kNotNullConstraint);
}

void AddParts(const Schema& schema, Index partition, Parts& parts) {
  const ObjectId& id = schema[partition].id;
  for (Index table = RelationNamed(schema, partition, PartitionedTable(schema, partition)); table != Schema::kNone;
       table = RelationNamed(schema, table, PartitionedTable(schema, table))) {
    for (const Index child : schema.Children(table)) {
      if (!ComesToPartitions(schema, child)) continue;
      Part part{schema[child], partition, child};
      part.object.id.schema = id.schema;
      part.object.id.parent = id.name;
      const ObjectKind kind = part.object.id.kind;
      const bool has_same_name = kind == ObjectKind::kCheckConstraint || kind == ObjectKind::kForeignKey;
      if (!has_same_name) part.object.id.name = NameOfPartitionsIndex(schema, schema[child], id);
      for (const AttributeName name : {kMembers, kComment, kIndexComment}) part.object.Set(name, {});
      if (!part.object.id.name.empty() && schema.Find(part.object.id) == Schema::kNone) {
        parts.emplace(part.object.id, std::move(part));
      }
    }
  }
}

// The lines of kMembers that speak of other partitions.
std::string WithoutMember(const Schema& schema, std::string_view members, Index partition) {
  std::string others;
  for (const std::string_view line : LinesOf(members)) {
    if (MemberTable(schema, line) == schema[partition].id) continue;
    others.append(others.empty() ? "" : "\n").append(line);
  }
  return others;
}

Schema WithParts(const Schema& schema, const Parts& parts) {
  SchemaBuilder builder;
  for (const SchemaObject& object : schema.objects()) builder.Add(object);
  for (const auto& [id, part] : parts) {
    SchemaObject& original = builder[part.original];
    original.Set(kMembers, WithoutMember(schema, original.Get(kMembers), part.partition));
  }
  for (Index i = 0; i < schema.size(); ++i) {
    for (const Index needed : schema.Needs(i)) builder.AddNeed(i, needed);
  }
  for (const auto& [id, part] : parts) {
    const SchemaBuilder::Handle handle = builder.Add(part.object);
    const ObjectId table = ParentTable(schema[part.original].id);
    for (const Index needed : schema.Needs(part.original)) {
      const ObjectId& other = schema[needed].id;
      if (other == table) continue;
      const bool is_own = other.parent == table.name && other.schema == table.schema;
      const Index own = is_own ? schema.Find({other.kind, id.schema, id.parent, other.name, {}}) : needed;
      if (own != Schema::kNone) builder.AddNeed(handle, own);
    }
  }
  Schema built = builder.Build();
  built.server_major = schema.server_major;
  built.home_schema = schema.home_schema;
  built.role = schema.role;
  built.unmanaged = schema.unmanaged;
  return built;
}

}  // namespace

std::optional<MovedPartitions> SpellOutMovedPartitions(const Schema& from, const Schema& to) {
  Parts left;
  Parts wanted;
  bool moves = false;
  for (Index now = 0; now < to.size(); ++now) {
    if (to[now].id.kind != ObjectKind::kTable) continue;
    const Index before = from.Find(to[now].id);
    if (before == Schema::kNone || PartitionedTable(from, before) == PartitionedTable(to, now)) continue;
    if (from[before].Get(kPartitionKey) != to[now].Get(kPartitionKey)) continue;  // it is made anew
    moves = true;
    AddParts(from, before, left);
    AddParts(to, now, wanted);
  }
  if (!moves) return std::nullopt;
  return MovedPartitions{WithParts(from, left), WithParts(to, wanted)};
}

}  // namespace sluice
