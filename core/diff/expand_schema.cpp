#include "core/diff/expand_schema.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/attribute_value.h"
#include "core/model/not_null.h"

namespace sluice {
namespace {

using Index = Schema::Index;

// What code names in its statements.
constexpr bool IsAskedFor(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kSchema:
    case ObjectKind::kEnum:
    case ObjectKind::kDomain:
    case ObjectKind::kCompositeType:
    case ObjectKind::kRangeType:
    case ObjectKind::kSequence:
    case ObjectKind::kTable:
    case ObjectKind::kForeignTable:
    case ObjectKind::kView:
    case ObjectKind::kMaterializedView:
    case ObjectKind::kColumn:
    case ObjectKind::kFunction:
    case ObjectKind::kProcedure:
    case ObjectKind::kAggregate:
      return true;
    default:
      return false;
  }
}

// Relations and types of a schema have different names each.
constexpr bool TakesTypeName(ObjectKind kind) {
  return (kind >= ObjectKind::kEnum && kind <= ObjectKind::kMaterializedView) || kind == ObjectKind::kIndex;
}

bool IsFilled(const SchemaObject& column) {
  return column.Has(AttributeName::kDefault) || column.Has(AttributeName::kIdentity) ||
         column.Has(AttributeName::kGenerated);
}

// The labels of both, in the order of the later ones; one that only the earlier have stands behind the one it stood
// behind.
std::string MergeLabels(std::string_view from, std::string_view to) {
  std::vector<std::string_view> merged = LinesOf(to);
  auto place = merged.begin();
  for (const std::string_view label : LinesOf(from)) {
    const auto found = std::find(merged.begin(), merged.end(), label);
    place = found != merged.end() ? found + 1 : merged.insert(place, label) + 1;
  }
  std::string text;
  for (const std::string_view label : merged) {
    if (!text.empty()) text += '\n';
    text += label;
  }
  return text;
}

class Expansion {
 public:
  Expansion(const Schema& from, const Schema& to) : from_(from), to_(to), kept_(from.size()), waits_(to.size()) {}

  Schema Build() {
    FindNames();
    ChooseKept();
    FindWaiting();
    return Assemble();
  }

 private:
  void FindNames() {
    for (const SchemaObject& object : to_.objects()) {
      if (TakesTypeName(object.id.kind)) names_.emplace(object.id.schema, object.id.name);
    }
  }

  bool IsGone(Index i) const { return to_.Find(from_[i].id) == Schema::kNone; }

  bool Clashes(const ObjectId& id) const { return TakesTypeName(id.kind) && names_.contains({id.schema, id.name}); }

  // What hangs on something that stays, stays too; and so does what it needs.
  void ChooseKept() {
    std::vector<Index> gone;
    for (Index i = 0; i < from_.size(); ++i) {
      if (!IsGone(i) || Clashes(from_[i].id)) continue;
      gone.push_back(i);
      kept_[i] = IsAskedFor(from_[i].id.kind);
    }
    for (bool changed = true; changed;) {
      changed = false;
      for (const Index i : gone) {
        for (const Index needed : from_.Needs(i)) {
          const bool both = kept_[i] || kept_[needed];
          if (!both || (kept_[i] && kept_[needed])) continue;
          const bool keep_this = !kept_[i];
          const bool keep_needed = !kept_[needed] && IsGone(needed) && !Clashes(from_[needed].id);
          kept_[i] = kept_[i] || keep_this;
          kept_[needed] = kept_[needed] || keep_needed;
          changed = changed || keep_this || keep_needed;
        }
      }
    }
    // Nothing stays on what can't.
    for (bool changed = true; changed;) {
      changed = false;
      for (const Index i : gone) {
        const auto needs = from_.Needs(i);
        const bool lost =
            std::any_of(needs.begin(), needs.end(), [&](Index needed) { return IsGone(needed) && !kept_[needed]; });
        if (kept_[i] && lost) kept_[i] = false, changed = true;
      }
    }
  }

  // NOT NULL that code of `from` may violate.
  bool NotNullWaits(const SchemaObject& column) const {
    if (!column.Has(AttributeName::kNotNull) || from_.Find(ParentTable(column.id)) == Schema::kNone) return false;
    const Index before = from_.Find(column.id);
    if (before != Schema::kNone) return !IsNotNull(from_, before);
    return !IsFilled(column);
  }

  void FindWaiting() {
    std::vector<Index> queue;
    for (Index i = 0; i < to_.size(); ++i) {
      if (to_[i].id.kind == ObjectKind::kColumn && NotNullWaits(to_[i])) not_null_waits_.insert(i);
    }
    if (not_null_waits_.empty()) return;
    for (bool changed = true; changed;) {
      changed = false;
      for (Index i = 0; i < to_.size(); ++i) {
        if (waits_[i] || from_.Find(to_[i].id) != Schema::kNone) continue;
        const ObjectKind kind = to_[i].id.kind;
        const bool needs_not_null = kind == ObjectKind::kPrimaryKey || kind == ObjectKind::kNotNullConstraint;
        for (const Index needed : to_.Needs(i)) {
          if (!waits_[needed] && !(needs_not_null && not_null_waits_.contains(needed))) continue;
          waits_[i] = changed = true;
          break;
        }
      }
    }
  }

  SchemaObject Between(Index i) const {
    SchemaObject object = to_[i];
    const Index before = from_.Find(object.id);
    if (not_null_waits_.contains(i)) object.Set(AttributeName::kNotNull, "");
    if (before == Schema::kNone) return object;
    const SchemaObject& old = from_[before];
    if (object.id.kind == ObjectKind::kEnum) {
      object.Set(AttributeName::kLabels,
                 MergeLabels(old.Get(AttributeName::kLabels), object.Get(AttributeName::kLabels)));
    }
    const bool loses_default = old.Has(AttributeName::kDefault) && !IsFilled(object) &&
                               object.Get(AttributeName::kType) == old.Get(AttributeName::kType);
    if (object.id.kind == ObjectKind::kColumn && loses_default && object.Has(AttributeName::kNotNull)) {
      object.Set(AttributeName::kDefault, std::string(old.Get(AttributeName::kDefault)));
    }
    return object;
  }

  // A column of `from` in a table that `to` has: nobody fills it any more.
  SchemaObject Kept(Index i) const {
    SchemaObject object = from_[i];
    if (object.id.kind != ObjectKind::kColumn || to_.Find(ParentTable(object.id)) == Schema::kNone) return object;
    if (!IsFilled(object) && !IsInKeptKey(i)) object.Set(AttributeName::kNotNull, "");
    return object;
  }

  bool IsInKeptKey(Index column) const {
    const Index table = from_.Find(ParentTable(from_[column].id));
    if (table == Schema::kNone) return false;
    for (const Index child : from_.Children(table)) {
      if (!kept_[child] || from_[child].id.kind != ObjectKind::kPrimaryKey) continue;
      const auto needs = from_.Needs(child);
      if (std::find(needs.begin(), needs.end(), column) != needs.end()) return true;
    }
    return false;
  }

  Schema Assemble() const {
    SchemaBuilder builder;
    std::vector<SchemaBuilder::Handle> of_to(to_.size(), Schema::kNone);
    std::vector<SchemaBuilder::Handle> of_from(from_.size(), Schema::kNone);
    for (Index i = 0; i < to_.size(); ++i) {
      if (!waits_[i]) of_to[i] = builder.Add(Between(i));
    }
    for (Index i = 0; i < from_.size(); ++i) {
      if (kept_[i]) of_from[i] = builder.Add(Kept(i));
    }
    for (Index i = 0; i < to_.size(); ++i) {
      for (const Index needed : to_.Needs(i)) {
        if (!waits_[i] && !waits_[needed]) builder.AddNeed(of_to[i], of_to[needed]);
      }
    }
    for (Index i = 0; i < from_.size(); ++i) {
      if (!kept_[i]) continue;
      for (const Index needed : from_.Needs(i)) {
        const Index later = to_.Find(from_[needed].id);
        if (kept_[needed]) builder.AddNeed(of_from[i], of_from[needed]);
        if (later != Schema::kNone && !waits_[later]) builder.AddNeed(of_from[i], of_to[later]);
      }
    }
    Schema schema = builder.Build();
    schema.server_major = to_.server_major;
    schema.home_schema = to_.home_schema;
    schema.unmanaged = to_.unmanaged;
    return schema;
  }

  const Schema& from_;
  const Schema& to_;
  std::vector<char> kept_;          // by object of `from_`
  std::vector<char> waits_;         // by object of `to_`
  std::set<Index> not_null_waits_;  // columns of `to_`
  std::set<std::pair<std::string, std::string>> names_;
};

}  // namespace

Schema ExpandSchema(const Schema& from, const Schema& to) { return Expansion(from, to).Build(); }

}  // namespace sluice
