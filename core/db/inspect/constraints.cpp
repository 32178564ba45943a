// Constraints of tables and foreign tables. What comes from a parent table only isn't an object: the parent's
// constraint makes it.
#include <utility>

#include "core/db/inspect/array_text.h"
#include "core/db/inspect/relations.h"
#include "core/sql/identifier.h"
#include "core/sql/object_name.h"
#include "core/sql/parentheses.h"

namespace sluice {
namespace {

// The columns of ConstraintsQuery.
enum Column {
  kOid,
  kName,
  kType,
  kRelation,
  kIndex,
  kParent,
  kKey,
  kReferenced,
  kReferencedKey,
  kMatch,
  kOnUpdate,
  kOnDelete,
  kSetColumns,
  kDeferrable,
  kDeferred,
  kValidated,
  kNoInherit,
  kInheritedOnly,
  kPeriod,
  kEnforced,
  kExpression,
  kCommented
};

std::string_view Action(std::string_view letter) {
  switch (letter.front()) {
    case 'r':
      return "RESTRICT";
    case 'c':
      return "CASCADE";
    case 'n':
      return "SET NULL";
    case 'd':
      return "SET DEFAULT";
    default:
      return {};  // NO ACTION
  }
}

ObjectKind KindOf(char type) {
  switch (type) {
    case 'p':
      return ObjectKind::kPrimaryKey;
    case 'u':
      return ObjectKind::kUniqueConstraint;
    case 'x':
      return ObjectKind::kExclusionConstraint;
    case 'f':
      return ObjectKind::kForeignKey;
    case 'n':
      return ObjectKind::kNotNullConstraint;
    default:
      return ObjectKind::kCheckConstraint;
  }
}

class ConstraintReader {
 public:
  ConstraintReader(Inspection& inspection, Relations& relations) : inspection_(inspection), relations_(relations) {}

  Status Read() {
    const int major = inspection_.server_major();
    SLUICE_CHECK(inspection_.Read(
        ConstraintsQuery(major), [this](const RowView& row) { Take(row); }, IndexesQuery(major)));
    for (const auto& [oid, clone] : clones_) AliasClone(oid, clone);
    return {};
  }

 private:
  // A constraint that a partition has because its parent has one.
  struct Clone {
    Oid parent = 0;
    Oid index = 0;
  };

  void Take(const RowView& row) {
    Relation* relation = relations_.Find(row.Number(kRelation));
    if (relation == nullptr) return;
    const Oid oid = row.Number(kOid);
    const char type = row[kType].front();
    const bool has_index = type == 'p' || type == 'u' || type == 'x';
    if (row.Number(kParent) != 0) {
      clones_.emplace(oid, Clone{row.Number(kParent), has_index ? row.Number(kIndex) : 0});
      return;
    }
    if (row.IsTrue(kInheritedOnly)) return;
    if (type == 'n' && !TakesNotNull(row, *relation)) return;
    SchemaObject object;
    object.id = {KindOf(type), relation->schema, relation->name, std::string(row[kName]), {}};
    object.attributes.reserve(3);
    const std::vector<std::int64_t> key = NumberElements(row[kKey]);
    if (type == 'p' || type == 'u' || type == 'n') {
      object.Set(AttributeName::kColumns,
                 ColumnList(*relation, key) + (row.IsTrue(kPeriod) ? " WITHOUT OVERLAPS" : ""));
    }
    if (type == 'c') object.Set(AttributeName::kDefinition, "CHECK " + Parenthesized(std::string(row[kExpression])));
    if (type == 'x') object.Set(AttributeName::kDefinition, std::string(row[kExpression]));
    // The definition of an exclusion constraint says it already.
    if (type != 'x' && row.IsTrue(kDeferrable)) {
      object.Set(AttributeName::kDeferrable, row.IsTrue(kDeferred) ? "initially deferred" : "deferrable");
    }
    if (row.IsTrue(kNoInherit) && (type == 'c' || type == 'n')) object.Set(AttributeName::kNoInherit, "true");
    if (!row.IsTrue(kValidated)) object.Set(AttributeName::kValidity, "not valid");
    if (!row.IsTrue(kEnforced)) object.Set(AttributeName::kValidity, "not enforced");
    if (type == 'f' && !SetReference(row, *relation, key, object)) return;
    const auto handle = inspection_.Add({Catalog::kConstraint, oid}, std::move(object));
    for (const std::int64_t attnum : key) {
      if (const RelationColumn* column = relation->Column(attnum)) inspection_.Need(handle, column->object);
    }
    if (has_index) inspection_.Alias({Catalog::kRelation, row.Number(kIndex)}, handle);
    if (type == 'f') NeedReferenced(row, handle);
  }

  // Only what NOT NULL of a column can't say. The column then leaves it to the constraint.
  bool TakesNotNull(const RowView& row, const Relation& relation) {
    const std::vector<std::int64_t> key = NumberElements(row[kKey]);
    const RelationColumn* column = key.empty() ? nullptr : relation.Column(key.front());
    if (column == nullptr) return false;
    const bool plain = row[kName] == MakeObjectName(relation.name, column->name, "not_null") &&
                       row.IsTrue(kValidated) && !row.IsTrue(kNoInherit) && !row.IsTrue(kCommented);
    if (!plain) inspection_[column->object].Set(AttributeName::kNotNull, {});
    return !plain;
  }

  // False when the referenced table isn't inspected and has no name to write.
  bool SetReference(const RowView& row, const Relation& relation, std::vector<std::int64_t> key, SchemaObject& object) {
    const Relation* referenced = relations_.Find(row.Number(kReferenced));
    if (referenced == nullptr) {
      inspection_.AddUnmanaged("foreign key", object.id.schema + "." + object.id.parent + "." + object.id.name,
                               "it refers to a table that is passed over");
      return false;
    }
    const auto list = [&](const Relation& of, std::vector<std::int64_t> attnums) {
      if (!row.IsTrue(kPeriod)) return ColumnList(of, attnums);
      const std::vector<std::int64_t> last{attnums.back()};
      attnums.pop_back();
      return ColumnList(of, attnums) + ", PERIOD " + ColumnList(of, last);
    };
    object.Set(AttributeName::kColumns, list(relation, std::move(key)));
    std::string text = inspection_.Qualified(referenced->schema, referenced->name) + " (" +
                       list(*referenced, NumberElements(row[kReferencedKey])) + ")";
    if (row[kMatch] == "f") text += " MATCH FULL";
    if (const std::string_view action = Action(row[kOnUpdate]); !action.empty()) {
      text += " ON UPDATE " + std::string(action);
    }
    if (const std::string_view action = Action(row[kOnDelete]); !action.empty()) {
      text += " ON DELETE " + std::string(action);
      const std::vector<std::int64_t> set = NumberElements(row[kSetColumns]);
      if (!set.empty()) text += " (" + ColumnList(relation, set) + ")";
    }
    object.Set(AttributeName::kReferences, std::move(text));
    return true;
  }

  void NeedReferenced(const RowView& row, Inspection::Handle handle) {
    const Relation* referenced = relations_.Find(row.Number(kReferenced));
    inspection_.Need(handle, referenced->object);
    for (const std::int64_t attnum : NumberElements(row[kReferencedKey])) {
      if (const RelationColumn* column = referenced->Column(attnum)) inspection_.Need(handle, column->object);
    }
    inspection_.Need(handle, {Catalog::kRelation, row.Number(kIndex)});
  }

  void AliasClone(Oid oid, const Clone& clone) {
    Oid top = clone.parent;
    for (auto i = clones_.find(top); i != clones_.end(); i = clones_.find(top)) top = i->second.parent;
    const auto object = inspection_.Find({Catalog::kConstraint, top});
    if (object == Inspection::kNone) return;
    inspection_.AliasOfNeeded({Catalog::kConstraint, oid}, object);
    if (clone.index != 0) inspection_.AliasOfNeeded({Catalog::kRelation, clone.index}, object);
  }

  Inspection& inspection_;
  Relations& relations_;
  std::unordered_map<Oid, Clone> clones_;
};

}  // namespace

std::string ConstraintsQuery(int server_major) {
  const std::string set_columns = server_major >= 15 ? "k.confdelsetcols::text" : "NULL";
  const std::string period = server_major >= 18 ? "k.conperiod" : "false";
  const std::string enforced = server_major >= 18 ? "k.conenforced" : "true";
  return R"sql(
SELECT k.oid, k.conname, k.contype, k.conrelid, k.conindid, k.conparentid, k.conkey::text,
  k.confrelid, k.confkey::text, k.confmatchtype, k.confupdtype, k.confdeltype, )sql" +
         set_columns + R"sql(,
  k.condeferrable, k.condeferred, k.convalidated, k.connoinherit, NOT k.conislocal AND k.coninhcount > 0, )sql" +
         period + ", " + enforced + R"sql(,
  CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid) WHEN 'x' THEN pg_get_constraintdef(k.oid) END,
  k.contype = 'n' AND k.oid IN (SELECT objoid FROM pg_description WHERE classoid = 2606)
FROM pg_constraint k
WHERE k.oid >= 16384 AND k.conrelid <> 0 AND k.contype IN ('p', 'u', 'x', 'c', 'f', 'n'))sql";
}

Status ReadConstraints(Inspection& inspection, Relations& relations) {
  return ConstraintReader(inspection, relations).Read();
}

}  // namespace sluice
