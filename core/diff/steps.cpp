#include "core/diff/steps.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/diff/attribute_needs.h"
#include "core/model/not_null.h"

namespace sluice {
namespace {

constexpr bool IsWrittenWithin(ObjectKind kind) { return kind == ObjectKind::kColumn || IsConstraint(kind); }

// What keys of one table have to share to be alike.
constexpr AttributeName kKeyAttributes[] = {AttributeName::kColumns, AttributeName::kInclude,
                                            AttributeName::kNullsDistinct, AttributeName::kDeferrable};

constexpr bool IsKey(ObjectKind kind) {
  return kind == ObjectKind::kPrimaryKey || kind == ObjectKind::kUniqueConstraint;
}

class StepBuilder {
 public:
  StepBuilder(const Schema& from, const Schema& to, const ChangeSet& changes, const Separations& separations)
      : from_(from), to_(to), changes_(changes), separations_(separations) {
    steps_.of_from.resize(from.size());
    steps_.of_to.resize(to.size());
  }

  Steps Build() {
    for (const ObjectChange& change : changes_.changes) AddOwnSteps(change);
    for (const ObjectChange& change : changes_.changes) {
      if (IsMade(change)) AddCreatedPart(change.to);
      if (IsRemoved(change)) AddDroppedPart(change.from);
    }
    for (const ObjectChange& change : changes_.changes) {
      if (IsMade(change)) AddLateSteps(change);
      if (IsRemoved(change)) AddEarlySteps(change);
    }
    for (Operation& operation : steps_.operations) {
      std::sort(operation.parts.begin(), operation.parts.end());
      std::sort(operation.parts_without_default.begin(), operation.parts_without_default.end());
    }
    return std::move(steps_);
  }

 private:
  static bool IsMade(const ObjectChange& change) {
    return change.to != Schema::kNone && change.fate != Fate::kAltered && change.fate != Fate::kDropped;
  }
  static bool IsRemoved(const ObjectChange& change) {
    return change.from != Schema::kNone && change.fate != Fate::kAltered && change.fate != Fate::kCreated;
  }

  const ObjectChange* ChangeOfTo(Schema::Index i) const { return ChangeAt(changes_.by_to[i]); }
  const ObjectChange* ChangeOfFrom(Schema::Index i) const { return ChangeAt(changes_.by_from[i]); }
  const ObjectChange* ChangeAt(std::uint32_t place) const {
    return place == ChangeSet::kNone ? nullptr : &changes_.changes[place];
  }

  // The object whose creation this one is written with; itself when it has a step of its own.
  Schema::Index HomeInTo(Schema::Index i) const {
    const SchemaObject& object = to_[i];
    if (separations_.to[i]) return i;
    if (object.id.kind == ObjectKind::kSequence) {
      const Schema::Index owner = OwnerOf(to_, i);
      const ObjectChange* change = owner == Schema::kNone ? nullptr : ChangeOfTo(owner);
      if (change != nullptr && TradesSequence(*change) && !to_[owner].Has(AttributeName::kIdentity)) return owner;
      return change != nullptr && IsMade(*change) ? HomeInTo(owner) : i;
    }
    if (const Schema::Index column = RenamedWith(to_, i); column != Schema::kNone) return column;
    if (!IsWrittenWithin(object.id.kind)) return i;
    if (IsConstraint(object.id.kind) && object.Has(AttributeName::kValidity)) return i;  // NOT VALID is for ALTER TABLE
    if (IsRedundantKey(i)) return i;
    if (IsConstraint(object.id.kind) && object.Has(AttributeName::kMembers)) return i;  // partitions are there before
    const Schema::Index parent = ParentOf(to_, i);
    const ObjectChange* change = parent == Schema::kNone ? nullptr : ChangeOfTo(parent);
    if (change != nullptr && ComesWithParent(to_, i, *change)) return parent;
    return change != nullptr && IsMade(*change) ? parent : i;
  }

  Schema::Index HomeInFrom(Schema::Index i) const {
    if (separations_.from[i]) return i;
    if (RefersToPartitions(i)) return i;
    if (const Schema::Index column = RenamedWith(from_, i); column != Schema::kNone) return column;
    const bool sequence = from_[i].id.kind == ObjectKind::kSequence;
    const Schema::Index parent = sequence ? OwnerOf(from_, i) : ParentOf(from_, i);
    const ObjectChange* change = parent == Schema::kNone ? nullptr : ChangeOfFrom(parent);
    if (sequence && change != nullptr && TradesSequence(*change) && !from_[parent].Has(AttributeName::kIdentity)) {
      return parent;
    }
    if (change != nullptr && ComesWithParent(from_, i, *change)) return parent;
    if (change == nullptr || !IsRemoved(*change)) return i;
    return sequence ? HomeInFrom(parent) : parent;
  }

  // The column whose NOT NULL stays when this constraint of it comes or goes: only its name is another one. PostgreSQL
  // doesn't let it go where the column is in a primary key.
  Schema::Index RenamedWith(const Schema& schema, Schema::Index constraint) const {
    if (schema[constraint].id.kind != ObjectKind::kNotNullConstraint) return Schema::kNone;
    for (const Schema::Index column : schema.Needs(constraint)) {
      if (schema[column].id.kind != ObjectKind::kColumn) continue;
      const ObjectChange* change = &schema == &to_ ? ChangeOfTo(column) : ChangeOfFrom(column);
      const bool stays = change != nullptr && change->fate == Fate::kAltered &&
                         std::binary_search(change->changes.begin(), change->changes.end(), AttributeName::kNotNull) &&
                         IsNotNull(from_, change->from) && IsNotNull(to_, change->to);
      if (stays) return column;
    }
    return Schema::kNone;
  }

  // A serial column becomes an identity column, or the other way round: its sequence comes or goes with that.
  bool TradesSequence(const ObjectChange& change) const {
    return change.fate == Fate::kAltered &&
           from_[change.from].Has(AttributeName::kIdentity) != to_[change.to].Has(AttributeName::kIdentity);
  }

  // A foreign key that refers to a partitioned table goes before the first of its partitions, not with its own table.
  bool RefersToPartitions(Schema::Index i) const {
    if (from_[i].id.kind != ObjectKind::kForeignKey || from_[i].Has(AttributeName::kInherited)) return false;
    const auto needs = from_.Needs(i);
    return std::any_of(needs.begin(), needs.end(), [&](Schema::Index key) {
      const Schema::Index table = ParentOf(from_, key);
      return IsConstraint(from_[key].id.kind) && table != Schema::kNone &&
             from_[table].Has(AttributeName::kPartitionKey);
    });
  }

  // CREATE TABLE makes one index of keys that are alike (transformIndexConstraints in parse_utilcmd.c): the primary
  // key, else the first of them, is written within.
  bool IsRedundantKey(Schema::Index i) const {
    const ObjectKind kind = to_[i].id.kind;
    const Schema::Index table = ParentOf(to_, i);
    if (!IsKey(kind) || table == Schema::kNone) return false;
    const auto siblings = to_.Children(table);
    return std::any_of(siblings.begin(), siblings.end(), [&](Schema::Index other) {
      const bool is_first = to_[other].id.kind == kind ? other < i : to_[other].id.kind == ObjectKind::kPrimaryKey;
      return is_first && std::all_of(std::begin(kKeyAttributes), std::end(kKeyAttributes),
                                     [&](AttributeName name) { return to_[other].Get(name) == to_[i].Get(name); });
    });
  }

  // What comes and goes with the same object of the parent table.
  bool IsImplied(const Schema& schema, Schema::Index i, bool in_to) const {
    if (!schema[i].Has(AttributeName::kInherited)) return false;
    const Schema::Index parent = ParentOf(schema, i);
    if (parent == Schema::kNone) return false;
    const ObjectChange* change = in_to ? ChangeOfTo(parent) : ChangeOfFrom(parent);
    if (change == nullptr) return true;
    if (change->fate != Fate::kAltered) return schema[i].id.kind == ObjectKind::kIndex;
    const auto moves = [](AttributeName name) {
      return name == AttributeName::kInherits || name == AttributeName::kPartitionOf;
    };
    return ComesWithParent(schema, i, *change) ||
           (std::none_of(change->changes.begin(), change->changes.end(), moves) &&
            std::none_of(change->resets.begin(), change->resets.end(), moves));
  }

  // A column that a table has from its parents only comes and goes with these (core/sql/emit/inheritance.h).
  bool ComesWithParent(const Schema& schema, Schema::Index i, const ObjectChange& of_table) const {
    if (schema[i].id.kind != ObjectKind::kColumn || !schema[i].Has(AttributeName::kInherited)) return false;
    const ObjectChange* own = &schema == &to_ ? ChangeOfTo(i) : ChangeOfFrom(i);
    return own != nullptr && (own->fate == Fate::kCreated || own->fate == Fate::kDropped) &&
           of_table.fate == Fate::kAltered &&
           std::binary_search(of_table.changes.begin(), of_table.changes.end(), AttributeName::kInherits);
  }

  // Without those that an inherited column or constraint follows its parent in, where both change alike.
  std::vector<AttributeName> OwnChanges(const ObjectChange& change) const {
    const bool inherited =
        from_[change.from].Has(AttributeName::kInherited) && to_[change.to].Has(AttributeName::kInherited);
    if (!inherited) return change.changes;
    const Schema::Index parent_from = InheritedFrom(from_, change.from);
    const Schema::Index parent_to = InheritedFrom(to_, change.to);
    const ObjectChange* of_parent = parent_from == Schema::kNone ? nullptr : ChangeOfFrom(parent_from);
    if (of_parent == nullptr || of_parent->to != parent_to) return change.changes;
    std::vector<AttributeName> own = change.changes;
    std::erase_if(own, [&](AttributeName name) {
      const bool recursing = name == AttributeName::kType || name == AttributeName::kCollation ||
                             name == AttributeName::kNotNull || name == AttributeName::kValidity ||
                             name == AttributeName::kGenerated || name == AttributeName::kIdentity;
      return recursing && from_[change.from].Get(name) == from_[parent_from].Get(name) &&
             to_[change.to].Get(name) == to_[parent_to].Get(name);
    });
    return own;
  }

  StepGraph::Node Add(OperationKind kind, const ObjectChange& change, std::vector<AttributeName> attributes = {}) {
    Operation& operation = steps_.operations.emplace_back();
    operation.kind = kind;
    operation.from = change.from;
    operation.to = change.to;
    operation.changes = std::move(attributes);
    operation.rebuild =
        change.fate == Fate::kRebuilt && (kind == OperationKind::kCreate || kind == OperationKind::kDrop);
    return static_cast<StepGraph::Node>(steps_.operations.size() - 1);
  }

  void AddOwnSteps(const ObjectChange& change) {
    if (change.fate == Fate::kAltered) {
      AddAlteration(change);
    } else if (change.fate == Fate::kReplaced) {
      const StepGraph::Node set_aside = Add(OperationKind::kSetAside, change);
      const StepGraph::Node drop_aside = Add(OperationKind::kDropAside, change);
      steps_.of_to[change.to].made = set_aside;
      steps_.of_to[change.to].other = drop_aside;
      steps_.of_from[change.from].made = drop_aside;
      steps_.of_from[change.from].other = set_aside;
    } else {
      const bool makes = IsMade(change) && HomeInTo(change.to) == change.to && !IsImplied(to_, change.to, true);
      const bool drops =
          IsRemoved(change) && HomeInFrom(change.from) == change.from && !IsImplied(from_, change.from, false);
      if (drops) steps_.of_from[change.from].made = Add(OperationKind::kDrop, change);
      if (makes) steps_.of_to[change.to].made = Add(OperationKind::kCreate, change);
    }
  }

  void AddAlteration(const ObjectChange& change) {
    if (std::vector<AttributeName> own = OwnChanges(change); !own.empty()) {
      const StepGraph::Node node = Add(OperationKind::kAlter, change, std::move(own));
      steps_.of_from[change.from].altered = node;
      steps_.of_to[change.to].altered = node;
    }
    std::vector<AttributeName> had;
    std::vector<AttributeName> has;
    for (const AttributeName name : change.resets) {
      // A replica identity goes with its index.
      const bool goes = name == AttributeName::kReplicaIdentity || name == AttributeName::kClusterOn;
      if (from_[change.from].Has(name) && !(goes && to_[change.to].Has(name))) had.push_back(name);
      if (to_[change.to].Has(name)) has.push_back(name);
    }
    if (!had.empty()) steps_.of_from[change.from].reset = Add(OperationKind::kUnset, change, std::move(had));
    if (!has.empty()) steps_.of_to[change.to].reset = Add(OperationKind::kSet, change, std::move(has));
  }

  // What comes or goes with a table's parent isn't told by the step, nor is the constraint that a column's NOT NULL was
  // or becomes.
  bool TakesPart(StepGraph::Node node, const SchemaObject& part) const {
    return steps_.operations[node].kind != OperationKind::kAlter || part.id.kind == ObjectKind::kSequence;
  }

  // Of a column (or table) that stays, what a sequence (or column) comes or goes with is its alteration.
  static StepGraph::Node NodeOfHome(const ObjectSteps& home) {
    return home.made != StepGraph::kNone ? home.made : home.altered;
  }

  void AddCreatedPart(Schema::Index i) {
    const Schema::Index home = HomeInTo(i);
    if (home == i) return;
    const StepGraph::Node node = NodeOfHome(steps_.of_to[home]);
    if (node == StepGraph::kNone) return;
    steps_.of_to[i].made = node;
    if (TakesPart(node, to_[i])) steps_.operations[node].parts.push_back(i);
  }

  void AddDroppedPart(Schema::Index i) {
    const Schema::Index home = HomeInFrom(i);
    if (home == i) return;
    const StepGraph::Node node = NodeOfHome(steps_.of_from[home]);
    if (node == StepGraph::kNone) return;
    steps_.of_from[i].made = node;
    if (TakesPart(node, from_[i])) steps_.operations[node].parts.push_back(i);
  }

  // The replica identity of a new table waits for an index that has a step of its own.
  std::vector<AttributeName> LateAttributes(Schema::Index i) const {
    std::vector<AttributeName> late;
    if (const auto found = separations_.late_to.find(i); found != separations_.late_to.end()) late = found->second;
    for (const AttributeName name : {AttributeName::kReplicaIdentity, AttributeName::kClusterOn}) {
      const std::vector<Schema::Index> needs = ExtraNeeds(to_, i, {&name, 1});
      if (std::any_of(needs.begin(), needs.end(),
                      [&](Schema::Index needed) { return steps_.of_to[needed].made != steps_.of_to[i].made; })) {
        late.push_back(name);
      }
    }
    std::sort(late.begin(), late.end());
    return late;
  }

  void AddLateSteps(const ObjectChange& change) {
    const StepGraph::Node made = steps_.of_to[change.to].made;
    if (made == StepGraph::kNone) return;
    std::vector<AttributeName> late = LateAttributes(change.to);
    if (late.empty()) return;
    steps_.of_to[change.to].reset = Add(OperationKind::kSet, change, late);
    LeaveOut(steps_.operations[made], steps_.operations[made].to, change.to, std::move(late));
  }

  void AddEarlySteps(const ObjectChange& change) {
    const StepGraph::Node made = steps_.of_from[change.from].made;
    const auto found = separations_.early_from.find(change.from);
    if (made == StepGraph::kNone || found == separations_.early_from.end()) return;
    steps_.of_from[change.from].reset = Add(OperationKind::kUnset, change, found->second);
    LeaveOut(steps_.operations[made], steps_.operations[made].from, change.from, found->second);
  }

  static void LeaveOut(Operation& operation, Schema::Index main, Schema::Index object,
                       std::vector<AttributeName> attributes) {
    if (object == main) {
      operation.changes = std::move(attributes);
    } else {
      operation.parts_without_default.push_back(object);
    }
  }

  const Schema& from_;
  const Schema& to_;
  const ChangeSet& changes_;
  const Separations& separations_;
  Steps steps_;
};

}  // namespace

Schema::Index InheritedFrom(const Schema& schema, Schema::Index object) {
  if (!schema[object].Has(AttributeName::kInherited)) return Schema::kNone;
  const ObjectKind kind = schema[object].id.kind;
  for (const Schema::Index needed : schema.Needs(object)) {  // indexes and constraints of partitions know their parent
    if (schema[needed].id.kind == kind && schema[needed].id.parent != schema[object].id.parent) return needed;
  }
  const Schema::Index table = ParentOf(schema, object);
  if (table == Schema::kNone) return Schema::kNone;
  for (const Schema::Index parent : schema.Needs(table)) {
    if (!IsRelation(schema[parent].id.kind)) continue;
    ObjectId id = schema[object].id;
    id.schema = schema[parent].id.schema;
    id.parent = schema[parent].id.name;
    if (const Schema::Index found = schema.Find(id); found != Schema::kNone) return found;
  }
  return Schema::kNone;
}

Steps BuildSteps(const Schema& from, const Schema& to, const ChangeSet& changes, const Separations& separations) {
  return StepBuilder(from, to, changes, separations).Build();
}

}  // namespace sluice
