#include "core/model/schema.h"

#include <algorithm>
#include <map>
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

// For each object the rank of its (schema, parent) among all of these. Sorting objects compares ranks instead of text.
std::vector<std::uint32_t> RankHomes(const std::vector<SchemaObject>& objects) {
  using Home = std::pair<std::string_view, std::string_view>;
  std::map<Home, std::uint32_t> ranks;
  const auto home_of = [](const SchemaObject& object) { return Home(object.id.schema, object.id.parent); };
  // Objects of one home mostly come one after another.
  std::vector<std::uint32_t*> found(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const bool same = i > 0 && home_of(objects[i]) == home_of(objects[i - 1]);
    found[i] = same ? found[i - 1] : &ranks[home_of(objects[i])];
  }
  std::uint32_t next = 0;
  for (auto& [home, rank] : ranks) rank = next++;
  std::vector<std::uint32_t> homes(objects.size());
  std::transform(found.begin(), found.end(), homes.begin(), [](const std::uint32_t* rank) { return *rank; });
  return homes;
}

// By ObjectId.
std::vector<SchemaBuilder::Handle> SortObjects(const std::vector<SchemaObject>& objects,
                                               const std::vector<std::uint32_t>& homes) {
  std::vector<std::pair<std::uint64_t, SchemaBuilder::Handle>> keys(objects.size());
  for (SchemaBuilder::Handle i = 0; i < objects.size(); ++i) {
    keys[i] = {(static_cast<std::uint64_t>(objects[i].id.kind) << 32) | homes[i], i};
  }
  std::sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    const ObjectId& left = objects[a.second].id;
    const ObjectId& right = objects[b.second].id;
    return std::tie(left.name, left.signature) < std::tie(right.name, right.signature);
  });
  std::vector<SchemaBuilder::Handle> order(objects.size());
  std::transform(keys.begin(), keys.end(), order.begin(), [](const auto& key) { return key.second; });
  return order;
}

}  // namespace

ObjectId ParentTable(const ObjectId& child) { return {ObjectKind::kTable, child.schema, "", child.parent, ""}; }

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
  const std::vector<std::uint32_t> homes = RankHomes(objects_);
  const std::vector<Handle> order = SortObjects(objects_, homes);
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
  constexpr Schema::Index kNotSought = Schema::kNone - 1;
  std::vector<Schema::Index> parents(count, kNotSought);  // by home
  for (Schema::Index i = 0; i < count; ++i) {
    const ObjectId& id = schema.objects_[i].id;
    if (!HasParent(id.kind)) continue;
    Schema::Index& parent = parents[homes[order[i]]];
    if (parent == kNotSought) parent = FindParent(schema, id);
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
