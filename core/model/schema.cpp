#include "core/model/schema.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace sluice {
namespace {

auto PlaceOf(std::vector<Attribute>& attributes, AttributeName name) {
  return std::lower_bound(attributes.begin(), attributes.end(), name,
                          [](const Attribute& attribute, AttributeName wanted) { return attribute.name < wanted; });
}

// The kinds whose ids hold the name of a relation (or domain) as their parent.
constexpr bool HasParent(ObjectKind kind) {
  return kind == ObjectKind::kColumn || IsConstraint(kind) || kind == ObjectKind::kIndex ||
         kind == ObjectKind::kTrigger || kind == ObjectKind::kRule || kind == ObjectKind::kPolicy;
}

// Relations, composite types and domains share one namespace in a schema: that of pg_type.
constexpr ObjectKind kParentKinds[] = {ObjectKind::kTable,        ObjectKind::kView,
                                       ObjectKind::kForeignTable, ObjectKind::kMaterializedView,
                                       ObjectKind::kDomain,       ObjectKind::kCompositeType};

Schema::Index FindParent(const Schema& schema, const ObjectId& child) {
  ObjectId id;
  id.schema = child.schema;
  id.name = child.parent;
  for (const ObjectKind kind : kParentKinds) {
    id.kind = kind;
    if (const Schema::Index found = schema.Find(id); found != Schema::kNone) return found;
  }
  return Schema::kNone;
}

using Pairs = std::vector<std::pair<Schema::Index, Schema::Index>>;

// Pairs (from, to) as one list of targets by source.
void Pack(Pairs& pairs, std::size_t count, std::vector<Schema::Index>& targets, std::vector<std::size_t>& begin) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  begin.assign(count + 1, 0);
  targets.reserve(pairs.size());
  for (const auto& [from, to] : pairs) {
    ++begin[from + 1];
    targets.push_back(to);
  }
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
}

}  // namespace

std::string_view SchemaObject::Get(AttributeName name) const {
  const auto found =
      std::lower_bound(attributes.begin(), attributes.end(), name,
                       [](const Attribute& attribute, AttributeName wanted) { return attribute.name < wanted; });
  return found != attributes.end() && found->name == name ? std::string_view(found->value) : std::string_view();
}

void SchemaObject::Set(AttributeName name, std::string value) {
  const auto place = PlaceOf(attributes, name);
  const bool there = place != attributes.end() && place->name == name;
  if (value.empty()) {
    if (there) attributes.erase(place);
  } else if (there) {
    place->value = std::move(value);
  } else {
    attributes.insert(place, {name, std::move(value)});
  }
}

Schema::Index Schema::Find(const ObjectId& id) const {
  const auto found =
      std::lower_bound(objects_.begin(), objects_.end(), id,
                       [](const SchemaObject& object, const ObjectId& wanted) { return object.id < wanted; });
  return found != objects_.end() && found->id == id ? static_cast<Index>(found - objects_.begin()) : kNone;
}

std::span<const Schema::Index> Schema::Needs(Index i) const {
  return {needs_.data() + needs_begin_[i], needs_begin_[i + 1] - needs_begin_[i]};
}

std::span<const Schema::Index> Schema::Children(Index parent) const {
  return {children_.data() + children_begin_[parent], children_begin_[parent + 1] - children_begin_[parent]};
}

SchemaBuilder::Handle SchemaBuilder::Add(SchemaObject object) {
  objects_.push_back(std::move(object));
  return static_cast<Handle>(objects_.size() - 1);
}

Schema SchemaBuilder::Build() {
  Schema schema;
  const std::size_t count = objects_.size();
  std::vector<Handle> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](Handle a, Handle b) { return objects_[a].id < objects_[b].id; });
  std::vector<Schema::Index> place(count);
  schema.objects_.reserve(count);
  for (const Handle handle : order) {
    place[handle] = static_cast<Schema::Index>(schema.objects_.size());
    schema.objects_.push_back(std::move(objects_[handle]));
  }
  Pairs needs;
  Pairs children;
  needs.reserve(needs_.size() + count);
  for (const auto& [object, needed] : needs_) needs.emplace_back(place[object], place[needed]);
  // Children of one parent stand one after another, so most parents are the one before.
  Schema::Index parent = Schema::kNone;
  for (Schema::Index i = 0; i < count; ++i) {
    const ObjectId& id = schema.objects_[i].id;
    if (!HasParent(id.kind)) continue;
    const bool same = parent != Schema::kNone && schema.objects_[parent].id.name == id.parent &&
                      schema.objects_[parent].id.schema == id.schema;
    if (!same) parent = FindParent(schema, id);
    if (parent == Schema::kNone) continue;
    needs.emplace_back(i, parent);
    children.emplace_back(parent, i);
  }
  Pack(needs, count, schema.needs_, schema.needs_begin_);
  Pack(children, count, schema.children_, schema.children_begin_);
  objects_.clear();
  needs_.clear();
  return schema;
}

}  // namespace sluice
