#include "core/sql/emit/inheritance.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/sql/emit/annotations.h"
#include "core/sql/emit/relation_text.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

using enum AttributeName;
using Index = Schema::Index;
using Objects = std::vector<const SchemaObject*>;

std::string Alter(const Emission& emission) {
  return "ALTER " + std::string(ObjectKindKeyword(emission.id().kind)) + " " + emission.Name();
}

// The checks that children of `table` have with it: its own, and those that it has from its parents.
void AddChecks(const Schema& schema, Index table, Objects& checks) {
  for (const Index child : schema.Children(table)) {
    const bool inheritable = schema[child].id.kind == ObjectKind::kCheckConstraint && !schema[child].Has(kNoInherit);
    if (inheritable) checks.push_back(&schema[child]);
  }
  for (const std::string_view name : LinesOf(schema[table].Get(kInherits))) {
    if (const Index parent = RelationNamed(schema, table, name); parent != Schema::kNone) {
      AddChecks(schema, parent, checks);
    }
  }
}

// Those of the parent that `table` has only because it is one of its children.
Objects ChecksFromParent(const Schema& schema, Index table, Index parent, const std::vector<std::string_view>& others) {
  Objects checks;
  AddChecks(schema, parent, checks);
  Objects had;
  for (const std::string_view name : others) {
    if (const Index other = RelationNamed(schema, table, name); other != Schema::kNone) AddChecks(schema, other, had);
  }
  std::set<std::string_view> names;
  for (const SchemaObject* check : had) names.insert(check->id.name);
  for (const Index child : schema.Children(table)) {
    if (IsConstraint(schema[child].id.kind)) names.insert(schema[child].id.name);
  }
  std::erase_if(checks, [&](const SchemaObject* check) { return !names.insert(check->id.name).second; });
  return checks;
}

bool HasColumn(const Schema& schema, Index table, const std::string& column) {
  return schema.Find({ObjectKind::kColumn, schema[table].id.schema, schema[table].id.name, column, {}}) !=
         Schema::kNone;
}

// The columns that `table` has from `parent` only, and that aren't there in `other`; what is generated from others
// stands behind them.
Objects ColumnsFromParent(const Schema& schema, Index table, Index parent, const Schema& other) {
  Objects columns;
  for (const Index child : schema.Children(table)) {
    const SchemaObject& column = schema[child];
    if (column.id.kind != ObjectKind::kColumn || !column.Has(kInherited)) continue;
    if (other.Find(column.id) != Schema::kNone) continue;
    if (HasColumn(schema, parent, column.id.name)) columns.push_back(&column);
  }
  std::stable_partition(columns.begin(), columns.end(),
                        [](const SchemaObject* column) { return !column->Has(kGenerated); });
  return columns;
}

// Whether one of the parents with these names has the column.
bool HasAnyColumn(const Schema& schema, Index table, const std::vector<std::string_view>& parents,
                  const std::string& column) {
  return std::any_of(parents.begin(), parents.end(), [&](std::string_view name) {
    const Index parent = RelationNamed(schema, table, name);
    return parent != Schema::kNone && HasColumn(schema, parent, column);
  });
}

std::string PlainColumn(const SchemaObject& column, bool with_default) {
  SchemaObject plain = column;
  plain.Set(kIdentity, {});
  return ColumnText(plain, {!with_default, !with_default, {}});
}

// The parents that a table gets, those that it leaves for a moment so that they come in their order, and what it has
// from them only. PostgreSQL takes what a child has at INHERIT for its own, but not what it has from another parent
// already: a table set aside is that other parent for as long as it takes.
class Joining {
 public:
  // `parents`: those that the table has by now; `again`: how many of them, at the end, go and come again.
  Joining(Emission& emission, std::vector<std::string_view> parents, std::size_t again,
          const std::vector<std::string_view>& now)
      : emission_(emission),
        to_(emission.context().to),
        table_(emission.operation().to),
        leaving_(parents.end() - static_cast<std::ptrdiff_t>(again), parents.end()) {
    for (const std::string_view name : leaving_) {
      for (const SchemaObject* check : ChecksOf(name, {})) held_checks_.push_back(check);
    }
    joining_.assign(now.begin() + static_cast<std::ptrdiff_t>(parents.size() - again), now.end());
    std::vector<std::string_view> there = parents;
    for (const std::string_view name : joining_) {
      if (std::find(parents.begin(), parents.end(), name) == parents.end()) AddNew(name, there);
      there.push_back(name);
    }
  }

  void Write() {
    const bool through_aside = !leaving_.empty() || !columns_.empty() || !checks_.empty();
    if (through_aside) WriteAside();
    for (auto name = leaving_.rbegin(); name != leaving_.rend(); ++name) Add(" NO INHERIT ", *name);
    for (const std::string_view name : joining_) Add(" INHERIT ", name);
    if (!through_aside) return;
    Add(" NO INHERIT ", Aside());
    emission_.Add("DROP TABLE " + Aside());
    for (const SchemaObject* column : columns_) {
      EmitColumnExtras(emission_, *column);
      EmitNewAnnotations(emission_, *column);
    }
  }

 private:
  Objects ChecksOf(std::string_view name, const std::vector<std::string_view>& others) const {
    const Index parent = RelationNamed(to_, table_, name);
    return parent == Schema::kNone ? Objects() : ChecksFromParent(to_, table_, parent, others);
  }

  // Without what comes with the parents `there`.
  void AddNew(std::string_view name, const std::vector<std::string_view>& there) {
    const Index parent = RelationNamed(to_, table_, name);
    if (parent == Schema::kNone) return;
    for (const SchemaObject* check : ChecksOf(name, there)) checks_.push_back(check);
    if (!emission_.alters()) return;
    for (const SchemaObject* column : ColumnsFromParent(to_, table_, parent, emission_.context().from)) {
      if (!HasAnyColumn(to_, table_, there, column->id.name)) columns_.push_back(column);
    }
  }

  void Add(std::string_view words, std::string_view parent) {
    emission_.Add(Alter(emission_) + std::string(words) + std::string(parent));
  }

  std::string Aside() const {
    ObjectId id = emission_.id();
    id.name = AsideName(id.name);
    return emission_.Name(id);
  }

  void WriteAside() {
    std::string list;
    const auto add = [&](const std::string& item) { list.append(list.empty() ? "" : ", ").append(item); };
    for (const Index child : to_.Children(table_)) {
      const SchemaObject& column = to_[child];
      if (column.id.kind != ObjectKind::kColumn || !HasAnyColumn(to_, table_, joining_, column.id.name)) continue;
      if (std::find(columns_.begin(), columns_.end(), &column) == columns_.end()) add(PlainColumn(column, false));
    }
    for (const SchemaObject* check : held_checks_) add(ConstraintText(*check));
    emission_.Add("CREATE TABLE " + Aside() + " (" + list + ")");
    Add(" INHERIT ", Aside());
    for (const SchemaObject* column : columns_) {
      emission_.Add("ALTER TABLE " + Aside() + " ADD COLUMN " + PlainColumn(*column, true));
    }
    for (const SchemaObject* check : checks_)
      emission_.Add("ALTER TABLE " + Aside() + " ADD " + ConstraintText(*check));
  }

  Emission& emission_;
  const Schema& to_;
  Index table_;
  std::vector<std::string_view> leaving_;  // and coming again, among `joining_`
  std::vector<std::string_view> joining_;  // in their order
  Objects held_checks_;                    // that the table has from those
  Objects columns_;                        // that come with new parents
  Objects checks_;                         // the same
};

// What came from the parent stays when it goes, as the table's own.
void LeaveParent(Emission& emission, std::string_view name, const std::vector<std::string_view>& others) {
  emission.Add(Alter(emission) + " NO INHERIT " + std::string(name));
  const Schema& from = emission.context().from;
  const Index table = emission.operation().from;
  const Index parent = RelationNamed(from, table, name);
  if (parent == Schema::kNone) return;
  for (const SchemaObject* check : ChecksFromParent(from, table, parent, others)) {
    emission.Add(Alter(emission) + " DROP CONSTRAINT " + QuoteIdentifier(check->id.name));
  }
  if (!emission.alters()) return;
  const Objects columns = ColumnsFromParent(from, table, parent, emission.context().to);
  for (auto column = columns.rbegin(); column != columns.rend(); ++column) {
    if (HasAnyColumn(from, table, others, (*column)->id.name)) continue;
    emission.Add(Alter(emission) + " DROP COLUMN " + QuoteIdentifier((*column)->id.name));
  }
}

}  // namespace

// The order of parents can be had by adding them in that order only: from the first one that stands elsewhere on, they
// go and come again.
void EmitInherits(Emission& emission, std::string_view before, std::string_view after) {
  const std::vector<std::string_view> now = LinesOf(after);
  std::vector<std::string_view> parents = LinesOf(before);
  for (std::size_t i = parents.size(); i-- > 0;) {
    if (std::find(now.begin(), now.end(), parents[i]) != now.end()) continue;
    const std::string_view name = parents[i];
    parents.erase(parents.begin() + static_cast<std::ptrdiff_t>(i));
    LeaveParent(emission, name, parents);
  }
  if (now.empty()) return;
  const auto again = parents.end() - std::mismatch(parents.begin(), parents.end(), now.begin(), now.end()).first;
  Joining(emission, parents, static_cast<std::size_t>(again), now).Write();
}

}  // namespace sluice
