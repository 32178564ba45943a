#include "core/engine/rename_plan.h"

#include <algorithm>
#include <utility>

#include "core/diff/attribute_needs.h"
#include "core/model/operation.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

bool IsOfCommandLine(const RenameHint& hint) { return hint.line == 0; }

const std::string& NewName(const RenameHint& hint) {
  return hint.kind == RenameHint::Kind::kTable ? hint.table : hint.column;
}

std::string SchemaOf(const RenameHint& hint, const Schema& schema) {
  return hint.schema.empty() ? schema.home_schema : hint.schema;
}

bool HasRelation(const Schema& schema, const std::string& in, const std::string& name) {
  constexpr ObjectKind kKinds[] = {ObjectKind::kTable, ObjectKind::kForeignTable, ObjectKind::kView,
                                   ObjectKind::kMaterializedView};
  return std::any_of(std::begin(kKinds), std::end(kKinds), [&](ObjectKind kind) {
    return schema.Find({kind, in, {}, name, {}}) != Schema::kNone;
  });
}

bool HasColumn(const Schema& schema, const std::string& in, const std::string& table, const std::string& name) {
  return schema.Find({ObjectKind::kColumn, in, table, name, {}}) != Schema::kNone;
}

class RenamePlanner {
 public:
  RenamePlanner(const std::vector<RenameHint>& hints, const Schema& from, const Schema& to)
      : hints_(hints), from_(from), to_(to) {}

  Result<RenameSteps> Plan() {
    for (const RenameHint::Kind kind : {RenameHint::Kind::kTable, RenameHint::Kind::kColumn}) {
      std::vector<const RenameHint*> pending;
      for (const RenameHint& hint : hints_) {
        if (hint.kind != kind) continue;
        SLUICE_TRY(const bool is_pending, IsPending(hint));
        if (is_pending) pending.push_back(&hint);
      }
      AddStatements(pending);
      for (const RenameHint* hint : pending) steps_.hints.push_back(*hint);
    }
    std::reverse(steps_.backward.begin(), steps_.backward.end());
    return std::move(steps_);
  }

 private:
  // A table or column called `name` at the hint's place; the table of a column is called as before in `from_`.
  bool Has(const Schema& schema, const RenameHint& hint, const std::string& name) const {
    const std::string in = SchemaOf(hint, schema);
    if (hint.kind == RenameHint::Kind::kTable) return HasRelation(schema, in, name);
    return HasColumn(schema, in, &schema == &from_ ? TableBefore(hint) : hint.table, name);
  }

  const std::string& TableBefore(const RenameHint& column) const {
    for (const RenameHint& done : steps_.hints) {
      const bool same = SchemaOf(done, from_) == SchemaOf(column, from_) && done.table == column.table;
      if (done.kind == RenameHint::Kind::kTable && same) return done.old_name;
    }
    return column.table;
  }

  static std::string Text(const RenameHint& hint, const std::string& name) {
    return hint.kind == RenameHint::Kind::kTable ? "table " + name : "column " + hint.table + "." + name;
  }

  static Error Trouble(const RenameHint& hint, std::string message, std::string what_to_do) {
    const ErrorCode code = IsOfCommandLine(hint) ? ErrorCode::kUsage : ErrorCode::kModel;
    Error error = MakeError(code, std::move(message), std::move(what_to_do));
    error.where.file = hint.file;
    error.where.line = hint.line;
    return error;
  }

  Result<bool> IsPending(const RenameHint& hint) const {
    const std::string& name = NewName(hint);
    if (!Has(from_, hint, hint.old_name)) {
      if (!IsOfCommandLine(hint)) return false;
      return Trouble(hint, "there is no " + Text(hint, hint.old_name) + " to be renamed",
                     "--rename takes OLD=NEW for a table, TABLE.OLD=NEW for a column; TABLE is the name after it");
    }
    if (!Has(to_, hint, name)) {
      return Trouble(hint, "there is no " + Text(hint, name) + " that could have been " + hint.old_name,
                     "name it as the models do: OLD=NEW for a table, TABLE.OLD=NEW for a column");
    }
    if (Has(from_, hint, name) && !Vacates(hint, name)) return false;
    if (Has(to_, hint, hint.old_name) && !Arrives(hint, hint.old_name)) {
      return Trouble(hint, Text(hint, hint.old_name) + " can't have become " + name + ": both are wanted",
                     "take the hint away, or what has the old name");
    }
    return true;
  }

  // Whether another rename of the command line takes this name away, or gives it to something else.
  bool Vacates(const RenameHint& hint, const std::string& name) const {
    return IsOfCommandLine(hint) && AnyBeside(hint, [&](const RenameHint& other) { return other.old_name == name; });
  }
  bool Arrives(const RenameHint& hint, const std::string& name) const {
    return IsOfCommandLine(hint) && AnyBeside(hint, [&](const RenameHint& other) { return NewName(other) == name; });
  }
  template <typename Predicate>
  bool AnyBeside(const RenameHint& hint, const Predicate& holds) const {
    return std::any_of(hints_.begin(), hints_.end(), [&](const RenameHint& other) {
      return &other != &hint && other.kind == hint.kind && other.schema == hint.schema &&
             (hint.kind == RenameHint::Kind::kTable || other.table == hint.table) && holds(other);
    });
  }

  // `ALTER TABLE tenant RENAME ` or `… RENAME COLUMN note `: up to the `TO`.
  std::string Alter(const RenameHint& hint, const std::string& name) const {
    const std::string in = SchemaOf(hint, from_) == from_.home_schema ? std::string() : hint.schema;
    if (hint.kind == RenameHint::Kind::kTable) return "ALTER TABLE " + QuoteQualified(in, name) + " RENAME";
    return "ALTER TABLE " + QuoteQualified(in, hint.table) + " RENAME COLUMN " + QuoteIdentifier(name);
  }

  void Push(const RenameHint& hint, const std::string& before, const std::string& after) {
    steps_.forward.push_back(Alter(hint, before) + " TO " + QuoteIdentifier(after));
    steps_.backward.push_back(Alter(hint, after) + " TO " + QuoteIdentifier(before));
  }

  // In two steps where the new name is still another's: by a name that nobody has.
  void AddStatements(const std::vector<const RenameHint*>& pending) {
    std::vector<const RenameHint*> again;
    for (const RenameHint* hint : pending) {
      const bool taken = Has(from_, *hint, NewName(*hint));
      Push(*hint, hint->old_name, taken ? AsideName(hint->old_name) : NewName(*hint));
      if (taken) again.push_back(hint);
    }
    for (const RenameHint* hint : again) Push(*hint, AsideName(hint->old_name), NewName(*hint));
  }

  const std::vector<RenameHint>& hints_;
  const Schema& from_;
  const Schema& to_;
  RenameSteps steps_;
};

bool IsNamedAfterTable(ObjectKind kind) {
  return IsConstraint(kind) || kind == ObjectKind::kIndex || kind == ObjectKind::kSequence;
}

// What an object is, without what it is called.
bool AreAlike(const SchemaObject& a, const SchemaObject& b) {
  const auto matters = [](AttributeName name) {
    return name != AttributeName::kComment && name != AttributeName::kIndexComment && name != AttributeName::kOwner &&
           name != AttributeName::kGrants;
  };
  const auto covers = [&](const SchemaObject& x, const SchemaObject& y) {
    return std::all_of(x.attributes.begin(), x.attributes.end(), [&](const Attribute& attribute) {
      return !matters(attribute.name) || y.Get(attribute.name) == attribute.value;
    });
  };
  return covers(a, b) && covers(b, a);
}

// Whether the object belongs to a table that was renamed, or has a renamed column.
bool IsTouched(const SchemaObject& object, const Schema& schema, const std::vector<RenameHint>& hints) {
  return std::any_of(hints.begin(), hints.end(), [&](const RenameHint& hint) {
    if (SchemaOf(hint, schema) != object.id.schema) return false;
    return object.id.kind == ObjectKind::kSequence ? object.Get(AttributeName::kOwnedBy).starts_with(hint.table + ".")
                                                   : object.id.parent == hint.table;
  });
}

std::string RenameText(const Schema& schema, const ObjectId& id, const std::string& before, const std::string& after) {
  const std::string in = id.schema == schema.home_schema ? std::string() : id.schema;
  if (IsConstraint(id.kind)) {
    return "ALTER TABLE " + QuoteQualified(in, id.parent) + " RENAME CONSTRAINT " + QuoteIdentifier(before) + " TO " +
           QuoteIdentifier(after);
  }
  return "ALTER " + std::string(ObjectKindKeyword(id.kind)) + " " + QuoteQualified(in, before) + " RENAME TO " +
         QuoteIdentifier(after);
}

}  // namespace

Result<RenameSteps> PlanRenames(const std::vector<RenameHint>& hints, const Schema& from, const Schema& to) {
  return RenamePlanner(hints, from, to).Plan();
}

void FollowRenames(const Schema& renamed, const Schema& to, RenameSteps& steps) {
  std::vector<bool> taken(to.size(), false);
  for (const SchemaObject& object : renamed.objects()) {
    const ObjectId& id = object.id;
    if (!IsNamedAfterTable(id.kind) || to.Find(id) != Schema::kNone) continue;
    if (!IsTouched(object, renamed, steps.hints)) continue;
    for (Schema::Index i = 0; i < to.size(); ++i) {
      const ObjectId& other = to[i].id;
      if (taken[i] || other.kind != id.kind || other.schema != id.schema || other.parent != id.parent) continue;
      if (renamed.Find(other) != Schema::kNone || !AreAlike(object, to[i])) continue;
      taken[i] = true;
      steps.forward.push_back(RenameText(renamed, id, id.name, other.name));
      steps.backward.insert(steps.backward.begin(), RenameText(renamed, id, other.name, id.name));
      break;
    }
  }
}

}  // namespace sluice
