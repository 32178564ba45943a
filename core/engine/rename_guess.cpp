#include "core/engine/rename_guess.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sluice {
namespace {

// What a column is, without its name, its place and what is said about it.
bool AreAlike(const SchemaObject& a, const SchemaObject& b) {
  const auto covers = [](const SchemaObject& x, const SchemaObject& y) {
    return std::all_of(x.attributes.begin(), x.attributes.end(), [&](const Attribute& attribute) {
      const bool matters = attribute.name != AttributeName::kPosition && attribute.name != AttributeName::kComment &&
                           attribute.name != AttributeName::kGrants;
      return !matters || y.Get(attribute.name) == attribute.value;
    });
  };
  return covers(a, b) && covers(b, a);
}

class Asker {
 public:
  Asker(const Schema& from, const Schema& to, std::vector<RenameHint> hints, const RenameQuestion& ask)
      : from_(from), to_(to), hints_(std::move(hints)), ask_(ask) {}

  Result<std::vector<RenameHint>> Ask() {
    for (const ObjectKind kind : {ObjectKind::kTable, ObjectKind::kColumn}) {
      for (Schema::Index old = 0; old < from_.size(); ++old) {
        if (from_[old].id.kind == kind) SLUICE_CHECK(AskWhatBecameOf(old));
      }
    }
    return std::move(hints_);
  }

 private:
  Status AskWhatBecameOf(Schema::Index old) {
    const ObjectId& id = from_[old].id;
    const std::string table = id.parent.empty() ? std::string() : TableNow(id);
    if (to_.Find({id.kind, id.schema, table, id.name, {}}) != Schema::kNone) return {};
    for (Schema::Index now = 0; now < to_.size(); ++now) {
      const ObjectId& other = to_[now].id;
      if (other.kind != id.kind || other.schema != id.schema || other.parent != table) continue;
      if (from_.Find({id.kind, id.schema, id.parent, other.name, {}}) != Schema::kNone) continue;
      const RenameHint hint = HintOf(id, other);
      if (IsTold(hint) || !CouldBe(old, now)) continue;
      SLUICE_TRY(const bool yes, ask_(hint));
      if (!yes) continue;
      hints_.push_back(hint);
      return {};
    }
    return {};
  }

  const std::string& SchemaOf(const RenameHint& hint) const {
    return hint.schema.empty() ? to_.home_schema : hint.schema;
  }

  // What the column's table is called now.
  std::string TableNow(const ObjectId& column) const {
    for (const RenameHint& hint : hints_) {
      const bool same = hint.old_name == column.parent && SchemaOf(hint) == column.schema;
      if (hint.kind == RenameHint::Kind::kTable && same) return hint.table;
    }
    return column.parent;
  }

  RenameHint HintOf(const ObjectId& old, const ObjectId& now) const {
    RenameHint hint;
    if (now.schema != to_.home_schema) hint.schema = now.schema;
    hint.old_name = old.name;
    hint.table = now.parent.empty() ? now.name : now.parent;
    if (!now.parent.empty()) {
      hint.kind = RenameHint::Kind::kColumn;
      hint.column = now.name;
    }
    return hint;
  }

  // Whether a rename speaks of the old name or of the new one.
  bool IsTold(const RenameHint& hint) const {
    return std::any_of(hints_.begin(), hints_.end(), [&](const RenameHint& known) {
      if (known.kind != hint.kind || SchemaOf(known) != SchemaOf(hint)) return false;
      if (hint.kind == RenameHint::Kind::kTable) return known.old_name == hint.old_name || known.table == hint.table;
      return known.table == hint.table && (known.old_name == hint.old_name || known.column == hint.column);
    });
  }

  bool CouldBe(Schema::Index old, Schema::Index now) const {
    if (from_[old].id.kind == ObjectKind::kColumn) return AreAlike(from_[old], to_[now]);
    return Columns(from_, old) == Columns(to_, now);
  }

  // Names and types, in the order of the names.
  static std::vector<std::pair<std::string, std::string>> Columns(const Schema& schema, Schema::Index table) {
    std::vector<std::pair<std::string, std::string>> columns;
    for (const Schema::Index child : schema.Children(table)) {
      if (schema[child].id.kind != ObjectKind::kColumn) continue;
      columns.emplace_back(schema[child].id.name, schema[child].Get(AttributeName::kType));
    }
    std::sort(columns.begin(), columns.end());
    return columns;
  }

  const Schema& from_;
  const Schema& to_;
  std::vector<RenameHint> hints_;
  const RenameQuestion& ask_;
};

}  // namespace

Result<std::vector<RenameHint>> AskForRenames(const Schema& from, const Schema& to, std::vector<RenameHint> known,
                                              const RenameQuestion& ask) {
  return Asker(from, to, std::move(known), ask).Ask();
}

}  // namespace sluice
