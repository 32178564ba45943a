#include "core/diff/rebuild.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "core/diff/alterable.h"
#include "core/diff/attribute_needs.h"
#include "core/diff/steps.h"

namespace sluice {
namespace {

// What an object's change means to those that need it.
enum class Effect : std::uint8_t {
  kGone,      // it is dropped (and perhaps created again)
  kReplaced,  // a type set aside
  kDisturbed
};

// What happens to an object that needs one so affected.
enum class Reaction : std::uint8_t { kNone, kRebuild, kReplace, kReplaceParent, kRetype, kReset };

constexpr bool IsType(ObjectKind kind) {
  return kind == ObjectKind::kEnum || kind == ObjectKind::kDomain || kind == ObjectKind::kCompositeType ||
         kind == ObjectKind::kRangeType;
}

constexpr bool IsTable(ObjectKind kind) { return kind == ObjectKind::kTable || kind == ObjectKind::kForeignTable; }

void Insert(std::vector<AttributeName>& names, AttributeName name) {
  const auto place = std::lower_bound(names.begin(), names.end(), name);
  if (place == names.end() || *place != name) names.insert(place, name);
}

bool Contains(const std::vector<AttributeName>& names, AttributeName name) {
  return std::binary_search(names.begin(), names.end(), name);
}

// Whether something besides owner, comments and grants is changed.
bool ChangesMeaning(const std::vector<AttributeName>& changes) {
  return std::any_of(changes.begin(), changes.end(), [](AttributeName name) {
    return name != AttributeName::kOwner && name != AttributeName::kComment && name != AttributeName::kGrants &&
           name != AttributeName::kIndexComment;
  });
}

class Spreader {
 public:
  Spreader(const Schema& from, const Schema& to) : from_(from), to_(to) {
    set_.by_from.assign(from.size(), ChangeSet::kNone);
    set_.by_to.assign(to.size(), ChangeSet::kNone);
  }

  ChangeSet Run(const std::vector<Difference>& differences, const std::vector<Schema::Index>& rebuilt) {
    for (const Difference& difference : differences) Begin(difference);
    for (const Schema::Index object : rebuilt) Rebuild(object);
    for (const Difference& difference : differences) TightenDomain(difference);
    if (!queue_.empty()) {
      IndexDependents();
      for (std::size_t next = 0; next < queue_.size(); ++next) Spread(queue_[next].first, queue_[next].second);
    }
    SimplifyReplaced();
    for (ObjectChange& change : set_.changes) ResetInheritedDefault(change);
    return std::move(set_);
  }

 private:
  ObjectChange& Add(Fate fate, Schema::Index from, Schema::Index to) {
    const auto place = static_cast<std::uint32_t>(set_.changes.size());
    ObjectChange& change = set_.changes.emplace_back();
    change.fate = fate;
    change.from = from;
    change.to = to;
    if (from != Schema::kNone) set_.by_from[from] = place;
    if (to != Schema::kNone) set_.by_to[to] = place;
    return change;
  }

  ObjectChange* Find(Schema::Index from) {
    return set_.by_from[from] == ChangeSet::kNone ? nullptr : &set_.changes[set_.by_from[from]];
  }

  // The change of an object that is in both schemas; made where there was none.
  ObjectChange& FindOrAdd(Schema::Index from) {
    if (ObjectChange* change = Find(from); change != nullptr) return *change;
    return Add(Fate::kAltered, from, to_.Find(from_[from].id));
  }

  void Begin(const Difference& difference) {
    if (difference.from == Schema::kNone) {
      Add(Fate::kCreated, difference.from, difference.to);
      return;
    }
    if (difference.to == Schema::kNone) {
      Add(Fate::kDropped, difference.from, difference.to);
      queue_.emplace_back(difference.from, Effect::kGone);
      return;
    }
    Change strongest = Change::kReported;
    std::vector<AttributeName> changes;
    for (const AttributeName attribute : difference.attributes) {
      const Change change = HowChanged(from_[difference.from], to_[difference.to], attribute, from_.server_major);
      strongest = std::max(strongest, change);
      if (change != Change::kReported) changes.push_back(attribute);
    }
    if (strongest == Change::kReported) return;
    if (strongest == Change::kRebuilt) {
      Rebuild(difference.from);
    } else if (strongest == Change::kReplaced) {
      Replace(difference.from);
    } else {
      Alter(difference, std::move(changes), strongest == Change::kDisturbing);
    }
  }

  void Alter(const Difference& difference, std::vector<AttributeName> changes, bool disturbing) {
    ObjectChange& change = Add(Fate::kAltered, difference.from, difference.to);
    change.changes = std::move(changes);
    // A partition leaves its old parent before another one takes its place there.
    for (const AttributeName attribute : {AttributeName::kPartitionOf, AttributeName::kPartitionBound}) {
      if (Contains(change.changes, attribute))
        Reset(change, {AttributeName::kPartitionOf, AttributeName::kPartitionBound});
    }
    // A serial column becomes an identity column under the same name of its sequence, or the other way round.
    if (Contains(change.changes, AttributeName::kIdentity) && Contains(change.changes, AttributeName::kDefault)) {
      Reset(change, {AttributeName::kDefault});
    }
    if (disturbing) Disturb(difference.from);
  }

  void Rebuild(Schema::Index object) {
    ObjectChange& change = FindOrAdd(object);
    if (change.fate == Fate::kRebuilt || change.fate == Fate::kDropped) return;
    change.fate = Fate::kRebuilt;
    queue_.emplace_back(object, Effect::kGone);
    KeepIndexUses(object);
    const ObjectId& id = from_[object].id;
    if (id.kind != ObjectKind::kCheckConstraint) return;
    const Schema::Index domain = from_.Find({ObjectKind::kDomain, id.schema, {}, id.parent, {}});
    const bool stays = domain != Schema::kNone && (Find(domain) == nullptr || Find(domain)->fate == Fate::kAltered);
    if (stays) ReplaceHeldWithin(domain);
  }

  // A table that names the index as its replica identity or its order has to name it again.
  void KeepIndexUses(Schema::Index index) {
    const ObjectKind kind = from_[index].id.kind;
    if (kind != ObjectKind::kIndex && !IsConstraint(kind)) return;
    const Schema::Index table = ParentOf(from_, index);
    if (table == Schema::kNone) return;
    for (const AttributeName name : {AttributeName::kReplicaIdentity, AttributeName::kClusterOn}) {
      const std::vector<Schema::Index> uses = ExtraNeeds(from_, table, {&name, 1});
      if (std::find(uses.begin(), uses.end(), index) != uses.end()) Reset(FindOrAdd(table), {name});
    }
  }

  void Replace(Schema::Index type) {
    ObjectChange& change = FindOrAdd(type);
    if (change.fate != Fate::kAltered) return;
    change.fate = Fate::kReplaced;
    queue_.emplace_back(type, Effect::kReplaced);
  }

  void Disturb(Schema::Index column) {
    ObjectChange& change = FindOrAdd(column);
    if (std::exchange(change.disturbing, true)) return;
    queue_.emplace_back(column, Effect::kDisturbed);
  }

  static void Reset(ObjectChange& change, std::initializer_list<AttributeName> attributes) {
    for (const AttributeName attribute : attributes) {
      Insert(change.resets, attribute);
      std::erase(change.changes, attribute);
    }
  }

  // PostgreSQL can't look for values that break a new rule of a domain in arrays, composites and ranges, so it refuses
  // the rule while columns hold such (find_composite_type_dependencies, get_rels_with_domain in typecmds.c).
  void TightenDomain(const Difference& difference) {
    if (difference.to == Schema::kNone) return;
    const SchemaObject& object = to_[difference.to];
    ObjectId id = object.id;
    if (id.kind == ObjectKind::kCheckConstraint) {
      id = {ObjectKind::kDomain, id.schema, {}, id.parent, {}};
    } else if (id.kind != ObjectKind::kDomain || !object.Has(AttributeName::kNotNull)) {
      return;
    }
    const Schema::Index domain = from_.Find(id);
    if (domain == Schema::kNone || (Find(domain) != nullptr && Find(domain)->fate != Fate::kAltered)) return;
    if (id.kind == object.id.kind && from_[domain].Has(AttributeName::kNotNull)) return;
    ReplaceHeldWithin(domain);
  }

  void ReplaceHeldWithin(Schema::Index domain) {
    for (Schema::Index i = 0; i < from_.size(); ++i) {
      const ObjectKind kind = from_[i].id.kind;
      if (kind != ObjectKind::kColumn && kind != ObjectKind::kRangeType) continue;
      const auto needs = from_.Needs(i);
      if (!std::binary_search(needs.begin(), needs.end(), domain)) continue;
      const Schema::Index parent = ParentOf(from_, i);
      const bool within = kind == ObjectKind::kRangeType || from_[i].Get(AttributeName::kType).ends_with("[]") ||
                          (parent != Schema::kNone && from_[parent].id.kind == ObjectKind::kCompositeType);
      if (within) return Replace(domain);
    }
  }

  // The statement that changes the type of a parent's column changes its children's too; a default that can't be cast
  // is in its way there as well.
  void ResetInheritedDefault(ObjectChange& change) {
    if (change.fate != Fate::kAltered || !Contains(change.changes, AttributeName::kType)) return;
    if (!from_[change.from].Has(AttributeName::kDefault) || InheritedFrom(from_, change.from) == Schema::kNone) return;
    const bool is_replaced = from_[change.from].Get(AttributeName::kType) == to_[change.to].Get(AttributeName::kType);
    if (is_replaced || Contains(change.changes, AttributeName::kDefault)) Reset(change, {AttributeName::kDefault});
  }

  void IndexDependents() {
    begin_.assign(from_.size() + 1, 0);
    for (Schema::Index i = 0; i < from_.size(); ++i) {
      for (const Schema::Index needed : from_.Needs(i)) ++begin_[needed + 1];
    }
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
    dependents_.resize(begin_.back());
    std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
    for (Schema::Index i = 0; i < from_.size(); ++i) {
      for (const Schema::Index needed : from_.Needs(i)) dependents_[next[needed]++] = i;
    }
  }

  std::span<const Schema::Index> Dependents(Schema::Index i) const {
    return {dependents_.data() + begin_[i], begin_[i + 1] - begin_[i]};
  }

  void Spread(Schema::Index cause, Effect effect) {
    if (effect == Effect::kDisturbed && from_[cause].id.kind == ObjectKind::kColumn) DisturbComposite(cause);
    for (const Schema::Index dependent : Dependents(cause)) {
      const ObjectChange* change = Find(dependent);
      if (change != nullptr && (change->fate == Fate::kDropped || change->fate == Fate::kRebuilt)) continue;
      const bool dropped = effect == Effect::kGone && Find(cause)->fate == Fate::kDropped;
      // What is no longer needed is let go by the dependent's own change.
      if (dropped && change != nullptr && ChangesMeaning(change->changes)) continue;
      if (to_.Find(from_[dependent].id) == Schema::kNone) continue;
      Apply(React(cause, effect, dependent), cause, dependent);
    }
  }

  void Apply(Reaction reaction, Schema::Index cause, Schema::Index dependent) {
    switch (reaction) {
      case Reaction::kNone:
        break;
      case Reaction::kRebuild:
        Rebuild(dependent);
        break;
      case Reaction::kReplace:
        holders_.emplace_back(cause, dependent);
        Replace(dependent);
        break;
      case Reaction::kReplaceParent:
        holders_.emplace_back(cause, ParentOf(from_, dependent));
        Replace(ParentOf(from_, dependent));
        break;
      case Reaction::kRetype:
        holders_.emplace_back(cause, dependent);
        Insert(FindOrAdd(dependent).changes, AttributeName::kType);
        Disturb(dependent);
        break;
      case Reaction::kReset:
        ResetFor(cause, dependent);
        break;
    }
  }

  void ResetFor(Schema::Index cause, Schema::Index dependent) {
    ObjectChange& change = FindOrAdd(dependent);
    if (IsTable(from_[dependent].id.kind)) {
      if (IsType(from_[cause].id.kind)) {
        Reset(change, {AttributeName::kOfType});
      } else if (from_[dependent].Has(AttributeName::kPartitionOf)) {
        Reset(change, {AttributeName::kPartitionOf, AttributeName::kPartitionBound});
      } else {
        Reset(change, {AttributeName::kInherits});
      }
    } else if (from_[cause].id.kind == ObjectKind::kCollation) {
      Reset(change, {AttributeName::kCollation});
      Disturb(dependent);
    } else {
      Reset(change, {AttributeName::kDefault});
    }
  }

  Reaction React(Schema::Index cause, Effect effect, Schema::Index dependent) {
    const ObjectId& id = from_[dependent].id;
    if (effect != Effect::kDisturbed && ParentOf(from_, dependent) == cause) return Reaction::kRebuild;
    if (id.kind == ObjectKind::kColumn) return ReactColumn(cause, effect, dependent);
    if (IsTable(id.kind)) return ReactTable(cause, effect);
    if (id.kind == ObjectKind::kForeignKey && effect == Effect::kDisturbed) return ReactForeignKey(dependent);
    const bool has_index = IsConstraint(id.kind) || id.kind == ObjectKind::kIndex || id.kind == ObjectKind::kStatistics;
    if (effect == Effect::kDisturbed && (has_index || IsType(id.kind) || id.kind == ObjectKind::kSequence)) {
      return Reaction::kNone;  // PostgreSQL makes indexes, constraints and statistics anew by itself
    }
    if (id.kind == ObjectKind::kDomain && !IsType(from_[cause].id.kind)) return Reaction::kReset;
    if (IsType(id.kind)) return Reaction::kReplace;
    return Reaction::kRebuild;
  }

  Reaction ReactColumn(Schema::Index cause, Effect effect, Schema::Index dependent) {
    const SchemaObject& column = from_[dependent];
    const Schema::Index parent = ParentOf(from_, dependent);
    if (parent != Schema::kNone && from_[parent].id.kind == ObjectKind::kCompositeType) {
      return effect == Effect::kDisturbed ? Reaction::kNone : Reaction::kReplaceParent;
    }
    if (column.Has(AttributeName::kGenerated)) return Reaction::kRebuild;
    if (effect == Effect::kDisturbed) return Reaction::kNone;
    const ObjectKind kind = from_[cause].id.kind;
    const bool of_type =
        (IsType(kind) || IsRelation(kind)) && Mentions(column.Get(AttributeName::kType), from_[cause].id);
    if (!of_type) return Reaction::kReset;
    return effect == Effect::kReplaced ? Reaction::kRetype : Reaction::kRebuild;
  }

  Reaction ReactTable(Schema::Index cause, Effect effect) const {
    const ObjectKind kind = from_[cause].id.kind;
    if (effect == Effect::kDisturbed) return Reaction::kRebuild;  // a column of the partition key
    return IsTable(kind) || kind == ObjectKind::kCompositeType ? Reaction::kReset : Reaction::kRebuild;
  }

  // A key whose columns change on both sides would compare different types in between.
  Reaction ReactForeignKey(Schema::Index key) {
    int disturbed = 0;
    for (const Schema::Index needed : from_.Needs(key)) {
      const ObjectChange* change = Find(needed);
      if (change != nullptr && change->disturbing) ++disturbed;
    }
    return disturbed > 1 ? Reaction::kRebuild : Reaction::kNone;
  }

  // ALTER TYPE … ALTER ATTRIBUTE … TYPE is refused while a column holds the composite type.
  void DisturbComposite(Schema::Index column) {
    const Schema::Index parent = ParentOf(from_, column);
    if (parent == Schema::kNone || from_[parent].id.kind != ObjectKind::kCompositeType) return;
    for (const Schema::Index dependent : Dependents(parent)) {
      const ObjectKind kind = from_[dependent].id.kind;
      const bool own = ParentOf(from_, dependent) == parent;
      if (!own && (kind == ObjectKind::kColumn || IsType(kind))) {
        Replace(parent);
        return;
      }
    }
  }

  // A type that no column holds, not even through another type, needs no setting aside.
  void SimplifyReplaced() {
    std::set<Schema::Index> held;
    for (bool found = true; found;) {
      found = false;
      for (const auto& [type, holder] : holders_) {
        const ObjectChange* change = Find(holder);
        const bool holds =
            from_[holder].id.kind == ObjectKind::kColumn ? change->fate == Fate::kAltered : held.count(holder) > 0;
        if (holds) found |= held.insert(type).second;
      }
    }
    for (ObjectChange& change : set_.changes) {
      if (change.fate == Fate::kReplaced && held.count(change.from) == 0) change.fate = Fate::kRebuilt;
    }
  }

  const Schema& from_;
  const Schema& to_;
  ChangeSet set_;
  std::vector<std::pair<Schema::Index, Effect>> queue_;
  std::vector<std::pair<Schema::Index, Schema::Index>>
      holders_;  // a type, and the column or type that keeps its values
  std::vector<Schema::Index> dependents_;
  std::vector<std::size_t> begin_;
};

}  // namespace

ChangeSet SpreadChanges(const Schema& from, const Schema& to, const std::vector<Difference>& differences,
                        const std::vector<Schema::Index>& rebuilt) {
  return Spreader(from, to).Run(differences, rebuilt);
}

}  // namespace sluice
