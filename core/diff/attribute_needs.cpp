#include "core/diff/attribute_needs.h"

#include <algorithm>
#include <string_view>

namespace sluice {
namespace {

constexpr bool IsType(ObjectKind kind) {
  return kind == ObjectKind::kEnum || kind == ObjectKind::kDomain || kind == ObjectKind::kCompositeType ||
         kind == ObjectKind::kRangeType;
}

bool IsNeededFor(const Schema& schema, Schema::Index i, Schema::Index needed, AttributeName attribute) {
  const SchemaObject& object = schema[i];
  const SchemaObject& other = schema[needed];
  switch (attribute) {
    case AttributeName::kDefault:
      if (IsType(other.id.kind) || IsRelation(other.id.kind) || other.id.kind == ObjectKind::kExtension) {
        return !Mentions(object.Get(AttributeName::kType), other.id) && other.id.name != object.id.parent;
      }
      return other.id.kind != ObjectKind::kCollation && other.id.kind != ObjectKind::kSchema;
    case AttributeName::kCollation:
      return other.id.kind == ObjectKind::kCollation;
    case AttributeName::kPartitionOf:
    case AttributeName::kPartitionBound:
    case AttributeName::kInherits:
      return IsRelation(other.id.kind);
    case AttributeName::kOfType:
      return other.id.kind == ObjectKind::kCompositeType;
    case AttributeName::kOwnedBy:
      return other.id.kind == ObjectKind::kColumn;
    case AttributeName::kDefinition:
      return other.id.kind != ObjectKind::kSchema;
    default:
      return false;
  }
}

// The name in `index NAME` and in kClusterOn.
std::string_view IndexName(const SchemaObject& table, AttributeName attribute) {
  std::string_view name = table.Get(attribute);
  constexpr std::string_view kPrefix = "index ";
  if (attribute != AttributeName::kReplicaIdentity) return name;
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : std::string_view();
}

constexpr bool HasIndex(ObjectKind kind) {
  return kind == ObjectKind::kIndex || kind == ObjectKind::kPrimaryKey || kind == ObjectKind::kUniqueConstraint ||
         kind == ObjectKind::kExclusionConstraint;
}

// ATTACH PARTITION looks at all of them.
bool MattersToPartition(const Schema& schema, Schema::Index child) {
  const ObjectKind kind = schema[child].id.kind;
  return kind == ObjectKind::kColumn || IsConstraint(kind) || kind == ObjectKind::kIndex;
}

// INHERIT looks at columns, and at checks that a parent has too; others may be about columns that come with it.
bool IsMergedWithParents(const Schema& schema, Schema::Index table, Schema::Index child) {
  if (schema[child].id.kind == ObjectKind::kColumn) return true;
  if (!IsConstraint(schema[child].id.kind)) return false;
  const auto needs = schema.Needs(table);
  return std::any_of(needs.begin(), needs.end(), [&](Schema::Index parent) {
    ObjectId id = schema[child].id;
    id.schema = schema[parent].id.schema;
    id.parent = schema[parent].id.name;
    return IsRelation(schema[parent].id.kind) && schema.Find(id) != Schema::kNone;
  });
}

}  // namespace

bool Mentions(std::string_view type_text, const ObjectId& type) {
  return type_text.find(type.name) != std::string_view::npos;
}

Schema::Index ParentOf(const Schema& schema, Schema::Index child) {
  const ObjectId& id = schema[child].id;
  if (id.parent.empty()) return Schema::kNone;
  for (const Schema::Index needed : schema.Needs(child)) {
    const ObjectId& other = schema[needed].id;
    if (other.name == id.parent && other.schema == id.schema && other.parent.empty() &&
        (IsRelation(other.kind) || IsType(other.kind))) {
      return needed;
    }
  }
  return Schema::kNone;
}

Schema::Index OwnerOf(const Schema& schema, Schema::Index sequence) {
  if (!schema[sequence].Has(AttributeName::kOwnedBy)) return Schema::kNone;
  for (const Schema::Index needed : schema.Needs(sequence)) {
    if (schema[needed].id.kind == ObjectKind::kColumn) return needed;
  }
  return Schema::kNone;
}

bool NeededFor(const Schema& schema, Schema::Index i, Schema::Index needed, std::span<const AttributeName> attributes) {
  return std::any_of(attributes.begin(), attributes.end(),
                     [&](AttributeName attribute) { return IsNeededFor(schema, i, needed, attribute); });
}

std::vector<Schema::Index> ExtraNeeds(const Schema& schema, Schema::Index i,
                                      std::span<const AttributeName> attributes) {
  std::vector<Schema::Index> needs;
  for (const AttributeName attribute : attributes) {
    if (!schema[i].Has(attribute)) continue;
    if (attribute == AttributeName::kReplicaIdentity || attribute == AttributeName::kClusterOn) {
      const std::string_view name = IndexName(schema[i], attribute);
      for (const Schema::Index child : schema.Children(i)) {
        if (HasIndex(schema[child].id.kind) && schema[child].id.name == name) needs.push_back(child);
      }
    } else if (attribute == AttributeName::kPartitionOf || attribute == AttributeName::kInherits) {
      for (const Schema::Index child : schema.Children(i)) {
        if (attribute == AttributeName::kPartitionOf ? MattersToPartition(schema, child)
                                                     : IsMergedWithParents(schema, i, child)) {
          needs.push_back(child);
        }
      }
    }
  }
  return needs;
}

}  // namespace sluice
