// Indexes; those of constraints give their storage to the constraint. Of a partition's index that is attached to its
// parent's only the name is kept, where it isn't the one that PostgreSQL gives: the parent's makes it.
#include <algorithm>
#include <map>
#include <utility>

#include "core/db/inspect/array_text.h"
#include "core/db/inspect/relations.h"
#include "core/sql/identifier.h"
#include "core/sql/object_name.h"

namespace sluice {
namespace {

// The columns of IndexesQuery.
enum Column {
  kIndex,
  kTable,
  kName,
  kMethod,
  kUnique,
  kValid,
  kClustered,
  kReplicaIdentity,
  kNotDistinct,
  kKeyColumns,
  kKey,
  kClasses,
  kCollations,
  kOrders,
  kOptions,
  kTablespace,
  kPredicate,
  kDefinition,
  kParent,
  kStatistics,
  kColumnNames
};

// Bits of pg_index.indoption (src/include/catalog/pg_index.h).
constexpr std::int64_t kDescending = 1;
constexpr std::int64_t kNullsFirst = 2;

struct OperatorClass {
  std::string name;
  bool hash = false;
  bool is_default = false;
};

// What stands between the parentheses behind `USING method`, in what pg_get_indexdef prints.
std::string KeyOf(std::string_view definition) {
  std::size_t begin = std::string_view::npos;
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < definition.size(); ++i) {
    const char c = definition[i];
    if (quote != 0) {
      // A doubled quote ends and begins; a backslash in E'…' is always doubled by PostgreSQL.
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(') {
      if (depth++ == 0) begin = i + 1;
    } else if (c == ')' && --depth == 0) {
      return std::string(definition.substr(begin, i - begin));
    }
  }
  return {};
}

class IndexReader {
 public:
  IndexReader(Inspection& inspection, Relations& relations) : inspection_(inspection), relations_(relations) {}

  Status Read() {
    SLUICE_CHECK(ReadOperatorClasses());
    SLUICE_CHECK(ReadCollationNames());
    SLUICE_CHECK(inspection_.Read(
        IndexesQuery(inspection_.server_major()), [this](const RowView& row) { Take(row); },
        Inspection::DependenciesQuery()));
    for (const auto& [oid, attached] : attached_) TakeAttached(oid, attached);
    for (auto& [object, members] : members_) {
      inspection_[object].Set(AttributeName::kMembers, SortedLines(std::move(members)));
    }
    return {};
  }

 private:
  // An index of a partition that hangs on its parent's.
  struct Attached {
    Oid parent = 0;
    const Relation* partition = nullptr;
    std::string name;
    std::string columns;  // `a_b`, as in the name that PostgreSQL gives it
  };

  Status ReadOperatorClasses() {
    return inspection_.Read(R"sql(
SELECT o.oid, o.opcname, n.nspname, o.opcdefault, o.opcintype, am.amname
FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am am ON am.oid = o.opcmethod
WHERE am.amname IN ('btree', 'hash'))sql",
                            [this](const RowView& row) {
                              const bool hash = row[5] == "hash";
                              std::string name = row[2] == "pg_catalog" ? QuoteIdentifier(row[1])
                                                                        : inspection_.Qualified(row[2], row[1]);
                              const bool is_default = row.IsTrue(3);
                              if (is_default) default_classes_.emplace(std::pair(hash, row.Number(4)), row.Number(0));
                              classes_.emplace(row.Number(0), OperatorClass{std::move(name), hash, is_default});
                            });
  }

  Status ReadCollationNames() {
    return inspection_.Read(
        "SELECT c.oid, n.nspname, c.collname FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace",
        [this](const RowView& row) { collations_.emplace(row.Number(0), CollationName(inspection_, row[1], row[2])); });
  }

  void Take(const RowView& row) {
    Relation* relation = relations_.Find(row.Number(kTable));
    if (relation == nullptr) return;
    const Oid oid = row.Number(kIndex);
    if (!row.IsNull(kParent)) {
      attached_.emplace(
          oid, Attached{row.Number(kParent), relation, std::string(row[kName]), std::string(row[kColumnNames])});
      return;
    }
    const auto constraint = inspection_.Resolve({Catalog::kRelation, oid});
    if (constraint != Inspection::kNone) {
      TakeOfConstraint(row, *relation, constraint);
      return;
    }
    SchemaObject object;
    object.id = {ObjectKind::kIndex, relation->schema, relation->name, std::string(row[kName]), {}};
    object.attributes.reserve(3);
    const std::string_view definition = row[kDefinition];
    object.Set(AttributeName::kColumns, definition.empty() ? Key(row, *relation) : KeyOf(definition));
    if (object.attributes.empty()) inspection_.Vanished(relation->schema + "." + object.id.name);
    if (row[kMethod] != "btree") object.Set(AttributeName::kAccessMethod, QuoteIdentifier(row[kMethod]));
    if (row.IsTrue(kUnique)) object.Set(AttributeName::kUnique, "true");
    object.Set(AttributeName::kPredicate, std::string(row[kPredicate]));
    object.Set(AttributeName::kOptions, SortedLines(ArrayElements(row[kOptions])));
    if (!row.IsTrue(kValid)) object.Set(AttributeName::kValidity, "invalid");
    object.Set(AttributeName::kStatisticsTarget, std::string(row[kStatistics]));
    SetShared(row, *relation, object);
    const auto handle = inspection_.Add({Catalog::kRelation, oid}, std::move(object));
    for (const std::int64_t attnum : NumberElements(row[kKey])) {
      if (const RelationColumn* column = relation->Column(attnum)) NeedColumn(handle, *relation, *column);
    }
    // That of a partitioned table is valid when each partition has one: ON ONLY comes when they are there.
    if (!row.IsTrue(kValid)) {
      for (const auto partition : relation->partitions) inspection_.Need(handle, partition);
    }
    MarkTable(row, *relation);
  }

  void TakeOfConstraint(const RowView& row, const Relation& relation, Inspection::Handle constraint) {
    SchemaObject& object = inspection_[constraint];
    object.Set(AttributeName::kIndexOptions, SortedLines(ArrayElements(row[kOptions])));
    SetShared(row, relation, object);
    MarkTable(row, relation);
  }

  void SetShared(const RowView& row, const Relation& relation, SchemaObject& object) {
    std::vector<std::int64_t> included = NumberElements(row[kKey]);
    included.erase(included.begin(),
                   included.begin() + std::min<std::ptrdiff_t>(row.Number(kKeyColumns), std::ssize(included)));
    object.Set(AttributeName::kInclude, ColumnList(relation, included));
    if (row.IsTrue(kNotDistinct)) object.Set(AttributeName::kNullsDistinct, "not distinct");
    object.Set(AttributeName::kTablespace, std::string(row[kTablespace]));
  }

  void MarkTable(const RowView& row, const Relation& relation) {
    SchemaObject& table = inspection_[relation.object];
    if (row.IsTrue(kClustered)) table.Set(AttributeName::kClusterOn, std::string(row[kName]));
    if (row.IsTrue(kReplicaIdentity)) table.Set(AttributeName::kReplicaIdentity, "index " + std::string(row[kName]));
  }

  // Of a plain index: as pg_get_indexdef_worker() in src/backend/utils/adt/ruleutils.c writes it.
  std::string Key(const RowView& row, const Relation& relation) const {
    const std::vector<std::int64_t> key = NumberElements(row[kKey]);
    const std::vector<std::int64_t> classes = NumberElements(row[kClasses]);
    const std::vector<std::int64_t> collations = NumberElements(row[kCollations]);
    const std::vector<std::int64_t> orders = NumberElements(row[kOrders]);
    const bool ordered = row[kMethod] == "btree";
    std::string text;
    for (std::size_t i = 0; i < row.Number(kKeyColumns); ++i) {
      const RelationColumn* column = relation.Column(key[i]);
      if (column == nullptr) continue;  // a system column: in no index that PostgreSQL allows
      if (!text.empty()) text += ", ";
      text += QuoteIdentifier(column->name);
      const auto collation = static_cast<Oid>(collations[i]);
      if (collation != 0 && collation != column->collation) text += " COLLATE " + collations_.at(collation);
      text += OperatorClassOf(static_cast<Oid>(classes[i]), column->type);
      if (ordered) text += OrderOf(orders[i]);
    }
    return text;
  }

  // Empty where it is the default of the type. That is one marked as default, unless another one is the default of
  // exactly this type (GetDefaultOpClass() in src/backend/commands/indexcmds.c).
  std::string OperatorClassOf(Oid oid, Oid type) const {
    const auto found = classes_.find(oid);
    if (found == classes_.end()) return {};
    const OperatorClass& used = found->second;
    const auto own = default_classes_.find({used.hash, type});
    const bool is_default = used.is_default && (own == default_classes_.end() || own->second == oid);
    return is_default ? "" : " " + used.name;
  }

  static std::string_view OrderOf(std::int64_t bits) {
    const bool nulls_first = (bits & kNullsFirst) != 0;
    if ((bits & kDescending) != 0) return nulls_first ? " DESC" : " DESC NULLS LAST";
    return nulls_first ? " NULLS FIRST" : "";
  }

  void NeedColumn(Inspection::Handle index, const Relation& relation, const RelationColumn& column) {
    inspection_.Need(index, column.object != Inspection::kNone ? column.object : relation.object);
  }

  void TakeAttached(Oid oid, const Attached& attached) {
    Oid top = attached.parent;
    for (auto i = attached_.find(top); i != attached_.end(); i = attached_.find(top)) top = i->second.parent;
    const auto object = inspection_.Resolve({Catalog::kRelation, top});
    if (object == Inspection::kNone) return;
    inspection_.AliasOfNeeded({Catalog::kRelation, oid}, object);
    const bool is_named_by_hand = attached.name != UsualName(attached, inspection_[object].id.kind);
    if (!is_named_by_hand && !inspection_[object].Has(AttributeName::kValidity)) return;
    members_[object].push_back(inspection_.Qualified(attached.partition->schema, attached.partition->name) + " " +
                               QuoteIdentifier(attached.name));
    inspection_.Need(object, attached.partition->object);
  }

  // ChooseIndexName() in src/backend/commands/indexcmds.c.
  static std::string UsualName(const Attached& attached, ObjectKind kind) {
    const std::string& table = attached.partition->name;
    if (kind == ObjectKind::kPrimaryKey) return MakeObjectName(table, {}, "pkey");
    const std::string_view label = kind == ObjectKind::kUniqueConstraint      ? "key"
                                   : kind == ObjectKind::kExclusionConstraint ? "excl"
                                                                              : "idx";
    return MakeObjectName(table, attached.columns, label);
  }

  Inspection& inspection_;
  Relations& relations_;
  std::unordered_map<Oid, OperatorClass> classes_;
  std::map<std::pair<bool, Oid>, Oid> default_classes_;  // by (hash, type)
  std::unordered_map<Oid, std::string> collations_;
  std::unordered_map<Oid, Attached> attached_;
  std::unordered_map<Inspection::Handle, std::vector<std::string>> members_;  // by the parent's object
};

}  // namespace

// An index with expressions, or of a method whose operator classes may have parameters, is written by PostgreSQL.
std::string IndexesQuery(int server_major) {
  const std::string not_distinct = server_major >= 15 ? "x.indnullsnotdistinct" : "false";
  return R"sql(
SELECT x.indexrelid, x.indrelid, i.relname, am.amname, x.indisunique, x.indisvalid, x.indisclustered,
  x.indisreplident, )sql" +
         not_distinct + R"sql(, x.indnkeyatts, x.indkey::text, x.indclass::text, x.indcollation::text,
  x.indoption::text, i.reloptions::text, ts.spcname, pg_get_expr(x.indpred, x.indrelid),
  CASE WHEN x.indexprs IS NOT NULL OR am.amname NOT IN ('btree', 'hash') THEN pg_get_indexdef(x.indexrelid) END,
  CASE WHEN i.relispartition THEN (SELECT h.inhparent FROM pg_inherits h WHERE h.inhrelid = i.oid) END,
  CASE WHEN x.indexprs IS NOT NULL THEN (
    SELECT string_agg(a.attnum || ' ' || a.attstattarget, E'\n' ORDER BY a.attnum)
    FROM pg_attribute a WHERE a.attrelid = i.oid AND a.attstattarget >= 0) END,
  CASE WHEN i.relispartition THEN (
    SELECT string_agg(a.attname, '_' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = i.oid) END
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_am am ON am.oid = i.relam
LEFT JOIN pg_tablespace ts ON ts.oid = i.reltablespace
WHERE x.indexrelid >= 16384 AND x.indislive AND i.relpersistence <> 't')sql";
}

Status ReadIndexes(Inspection& inspection, Relations& relations) { return IndexReader(inspection, relations).Read(); }

}  // namespace sluice
