// CREATE TABLE and DROP TABLE, for all sorts of tables: ordinary, partitioned, partitions, children, typed and foreign.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/sql/emit/options.h"
#include "core/sql/emit/relation_text.h"
#include "core/sql/emit/writers.h"
#include "core/sql/identifier.h"
#include "core/sql/object_name.h"

namespace sluice {
namespace {

using Index = Schema::Index;

constexpr int kNotNullsHaveNames = 18;  // the first version of PostgreSQL

class TableWriter {
 public:
  explicit TableWriter(Emission& emission)
      : emission_(emission), schema_(emission.schema()), table_(emission.object()) {
    Sort();
    joins_ = table_.Has(AttributeName::kPartitionOf) && !emission.Changes(AttributeName::kPartitionOf);
    // PARTITION OF takes the columns in the parent's order.
    creates_within_ = joins_ && HasOrderOfParent();
  }

  void Write() {
    for (const Index sequence : sequences_) {
      if (serials_.count(sequence) == 0) emission_.Add(CreateSequence(emission_, schema_[sequence]));
    }
    emission_.Add(Create());
    if (joins_ && !creates_within_) {
      emission_.Add("ALTER TABLE " + std::string(table_.Get(AttributeName::kPartitionOf)) + " ATTACH PARTITION " +
                    emission_.Name() + " " + std::string(table_.Get(AttributeName::kPartitionBound)));
    }
    for (const Index sequence : sequences_) {
      if (serials_.count(sequence) == 0) WriteOwner(schema_[sequence]);
    }
    for (const Index column : columns_) WriteRest(column);
    WriteProperties();
  }

 private:
  void Sort() {
    const Operation& operation = emission_.operation();
    for (const Index part : operation.parts) {
      const ObjectKind kind = schema_[part].id.kind;
      if (kind == ObjectKind::kColumn) columns_.push_back(part);
      if (kind == ObjectKind::kSequence) sequences_.push_back(part);
      if (IsConstraint(kind)) constraints_.push_back(part);
      if (kind == ObjectKind::kPrimaryKey) {
        for (const std::string& name : SplitNames(schema_[part].Get(AttributeName::kColumns))) key_.insert(name);
      }
    }
    const auto position = [&](Index column) {
      const std::string_view text = schema_[column].Get(AttributeName::kPosition);
      return std::pair(text.size(), text);
    };
    std::sort(columns_.begin(), columns_.end(), [&](Index a, Index b) { return position(a) < position(b); });
    std::unordered_map<std::string_view, Index> owned;
    for (const Index sequence : sequences_) owned.emplace(schema_[sequence].Get(AttributeName::kOwnedBy), sequence);
    for (const Index column : columns_) {
      const SchemaObject& object = schema_[column];
      const auto found = owned.find(emission_.ParentName(object.id) + "." + QuoteIdentifier(object.id.name));
      if (found == owned.end() || WithoutDefault(column)) continue;
      const std::string_view type = SerialType(object, schema_[found->second]);
      if (type.empty()) continue;
      serials_.insert(found->second);
      serial_types_.emplace(column, type);
    }
  }

  bool WithoutDefault(Index column) const {
    const std::vector<Index>& without = emission_.operation().parts_without_default;
    return std::binary_search(without.begin(), without.end(), column);
  }

  bool HasOrderOfParent() const {
    std::vector<std::pair<std::size_t, std::string>> order;
    for (const Index column : columns_) {
      const std::vector<Index> inherited = InheritedColumns(schema_, schema_[column]);
      if (inherited.empty()) return false;
      const std::string position(schema_[inherited.front()].Get(AttributeName::kPosition));
      order.emplace_back(position.size(), position);
    }
    return std::is_sorted(order.begin(), order.end());
  }

  bool IsInherited(Index part) const { return schema_[part].Has(AttributeName::kInherited); }

  // The lines between the parentheses.
  std::vector<std::string> Items() const {
    std::vector<std::string> items;
    for (const Index column : columns_) {
      const SchemaObject object = ForCreation(column);
      const bool is_key = key_.count(object.id.name) != 0;
      if (table_.Has(AttributeName::kOfType)) {
        const std::string own = OwnOfTyped(column, is_key);
        if (!own.empty()) items.push_back(QuoteIdentifier(object.id.name) + " WITH OPTIONS" + own);
        continue;
      }
      const bool comes_from_parent = IsInherited(column) && (creates_within_ || table_.Has(AttributeName::kInherits));
      if (comes_from_parent && !emission_.Changes(AttributeName::kInherits)) continue;
      const auto serial = serial_types_.find(column);
      items.push_back(ColumnText(object, {WithoutDefault(column), is_key,
                                          serial == serial_types_.end() ? std::string_view() : serial->second}));
    }
    for (const Index column : columns_) {
      if (NamesNotNull(column)) items.push_back(NamedNotNull(column));
    }
    for (const Index constraint : constraints_) {
      if (!IsInherited(constraint)) items.push_back(ConstraintInTable(schema_, constraint));
    }
    if (table_.Has(AttributeName::kPartitionOf) && !creates_within_) AddChecksOfParent(table_, items);
    return items;
  }

  bool IsAttachedLater(Index column) const {
    return table_.Has(AttributeName::kPartitionOf) && !creates_within_ && IsInherited(column);
  }

  // Where PostgreSQL would choose another name.
  bool NamesNotNull(Index column) const {
    return schema_[column].Has(AttributeName::kNotNull) && !table_.Has(AttributeName::kOfType) &&
           emission_.context().server_major >= kNotNullsHaveNames &&
           (IsAttachedLater(column) || (!IsInherited(column) && HasNamesakeBefore()));
  }

  // Children of a table of this name in another schema have its names, and may be in the way here until they change.
  bool HasNamesakeBefore() const {
    const Schema& from = emission_.context().from;
    const auto is_there = [&](const std::string& schema) {
      return schema != table_.id.schema &&
             from.Find({ObjectKind::kTable, schema, {}, table_.id.name, {}}) != Schema::kNone;
    };
    for (Index i = 0; i < from.size() && from[i].id.kind == ObjectKind::kSchema; ++i) {
      if (is_there(from[i].id.name)) return true;
    }
    return is_there("public");
  }

  // A partition that is attached must not have the identity that it gets from its parent (PostgreSQL 17).
  SchemaObject ForCreation(Index column) const {
    SchemaObject object = schema_[column];
    if (IsAttachedLater(column)) object.Set(AttributeName::kIdentity, "");
    if (NamesNotNull(column)) object.Set(AttributeName::kNotNull, "");
    return object;
  }

  // Under the name of the table where the column comes from, as PARTITION OF would give it.
  std::string NamedNotNull(Index column) const {
    const SchemaObject* origin = &schema_[column];
    for (std::vector<Index> parents; !(parents = InheritedColumns(schema_, *origin)).empty();) {
      origin = &schema_[parents.front()];
    }
    const std::string name = MakeObjectName(origin->id.parent, origin->id.name, "not_null");
    return "CONSTRAINT " + QuoteIdentifier(name) + " NOT NULL " + QuoteIdentifier(origin->id.name);
  }

  std::string OwnOfTyped(Index column, bool is_key) const {
    const SchemaObject& object = schema_[column];
    std::string own;
    if (object.Has(AttributeName::kDefault) && !WithoutDefault(column)) {
      own += " DEFAULT " + std::string(object.Get(AttributeName::kDefault));
    }
    if (object.Has(AttributeName::kNotNull) && !is_key) own += " NOT NULL";
    return own;
  }

  // ATTACH PARTITION wants them to be there.
  void AddChecksOfParent(const SchemaObject& table, std::vector<std::string>& items) const {
    for (const Index needed : schema_.Needs(schema_.Find(table.id))) {
      const SchemaObject& parent = schema_[needed];
      if (!IsRelation(parent.id.kind)) continue;
      for (const Index child : schema_.Children(needed)) {
        const SchemaObject& check = schema_[child];
        if (check.id.kind != ObjectKind::kCheckConstraint || check.Has(AttributeName::kNoInherit)) continue;
        ObjectId own = check.id;
        own.schema = table_.id.schema;
        own.parent = table_.id.name;
        if (schema_.Find(own) == Schema::kNone) items.push_back(ConstraintText(check));
      }
      if (parent.Has(AttributeName::kPartitionOf)) AddChecksOfParent(parent, items);
    }
  }

  std::string Create() const {
    const auto get = [&](AttributeName name) { return std::string(table_.Get(name)); };
    const bool foreign = table_.id.kind == ObjectKind::kForeignTable;
    std::string text = "CREATE ";
    if (table_.Has(AttributeName::kPersistence)) text += "UNLOGGED ";
    text += (foreign ? "FOREIGN TABLE " : "TABLE ") + emission_.Name();
    if (creates_within_) text += " PARTITION OF " + get(AttributeName::kPartitionOf);
    if (table_.Has(AttributeName::kOfType)) text += " OF " + get(AttributeName::kOfType);
    const std::vector<std::string> items = Items();
    std::string list;
    for (const std::string& item : items) list += (list.empty() ? "\n  " : ",\n  ") + item;
    const bool bare = creates_within_ || table_.Has(AttributeName::kOfType);
    if (!items.empty()) {
      text += " (" + list + "\n)";
    } else if (!bare) {
      text += " ()";
    }
    if (creates_within_) text += (items.empty() ? "\n  " : "\n") + get(AttributeName::kPartitionBound);
    return text + Clauses();
  }

  // What stands behind the list, each on a line of its own.
  std::string Clauses() const {
    std::string text;
    const auto add = [&](const std::string& clause) { text += "\n" + clause; };
    const auto get = [&](AttributeName name) { return std::string(table_.Get(name)); };
    if (table_.Has(AttributeName::kInherits) && !emission_.Changes(AttributeName::kInherits)) {
      std::string parents;
      for (const std::string_view parent : LinesOf(table_.Get(AttributeName::kInherits))) {
        parents += (parents.empty() ? "" : ", ") + std::string(parent);
      }
      add("INHERITS (" + parents + ")");
    }
    if (table_.Has(AttributeName::kPartitionKey)) add("PARTITION BY " + get(AttributeName::kPartitionKey));
    if (table_.id.kind == ObjectKind::kForeignTable) {
      add("SERVER " + QuoteIdentifier(table_.Get(AttributeName::kServer)));
      if (table_.Has(AttributeName::kOptions)) {
        add("OPTIONS (" + ForeignOptions(table_.Get(AttributeName::kOptions)) + ")");
      }
      return text;
    }
    if (table_.Has(AttributeName::kAccessMethod)) {
      add("USING " + QuoteIdentifier(table_.Get(AttributeName::kAccessMethod)));
    }
    if (table_.Has(AttributeName::kOptions)) {
      add("WITH (" + StorageParameters(table_.Get(AttributeName::kOptions)) + ")");
    }
    if (table_.Has(AttributeName::kTablespace)) {
      add("TABLESPACE " + QuoteIdentifier(table_.Get(AttributeName::kTablespace)));
    }
    return text;
  }

  void WriteOwner(const SchemaObject& sequence) {
    emission_.Add("ALTER SEQUENCE " + emission_.Name(sequence.id) + " OWNED BY " +
                  std::string(sequence.Get(AttributeName::kOwnedBy)));
  }

  void WriteRest(Index column) {
    const SchemaObject& object = schema_[column];
    const bool from_parent = creates_within_ || (table_.Has(AttributeName::kInherits) && IsInherited(column) &&
                                                 !emission_.Changes(AttributeName::kInherits));
    if (from_parent) EmitInheritedDifference(emission_, object, WithoutDefault(column));
    EmitColumnExtras(emission_, object);
  }

  void WriteProperties() {
    for (const AttributeName name :
         {AttributeName::kRowSecurity, AttributeName::kReplicaIdentity, AttributeName::kClusterOn}) {
      if (!emission_.Changes(name)) EmitTableProperty(emission_, name, {}, table_.Get(name));
    }
  }

  Emission& emission_;
  const Schema& schema_;
  const SchemaObject& table_;
  std::vector<Index> columns_;
  std::vector<Index> constraints_;
  std::vector<Index> sequences_;
  std::unordered_set<std::string> key_;  // the primary key's columns
  std::unordered_set<Index> serials_;
  std::unordered_map<Index, std::string_view> serial_types_;
  bool joins_ = false;           // becomes a partition
  bool creates_within_ = false;  // by PARTITION OF
};

// Whether a foreign key refers to the partitioned table: PostgreSQL refuses to drop a partition from under it.
bool IsReferredTo(const Schema& schema, Schema::Index table) {
  for (Schema::Index i = 0; i < schema.size(); ++i) {
    if (schema[i].id.kind != ObjectKind::kForeignKey) continue;
    for (const Schema::Index key : schema.Needs(i)) {
      const auto children = schema.Children(table);
      if (std::binary_search(children.begin(), children.end(), key)) return true;
    }
  }
  return false;
}

// The table that a partition belongs to; kNone: it is none.
Schema::Index PartitionedTable(const Schema& schema, Schema::Index partition) {
  if (!schema[partition].Has(AttributeName::kPartitionOf)) return Schema::kNone;
  for (const Schema::Index parent : schema.Needs(partition)) {
    if (schema[parent].Has(AttributeName::kPartitionKey)) return parent;
  }
  return Schema::kNone;
}

// A partition leaves its table first where that, or one that it belongs to itself, stays and is referred to.
void DetachDropped(Emission& emission) {
  const Schema& from = emission.context().from;
  const Schema::Index parent = PartitionedTable(from, emission.operation().from);
  for (Schema::Index table = parent; table != Schema::kNone; table = PartitionedTable(from, table)) {
    if (emission.context().to.Find(from[table].id) == Schema::kNone || !IsReferredTo(from, table)) continue;
    emission.Add("ALTER TABLE " + emission.Name(from[parent].id) + " DETACH PARTITION " + emission.Name());
    return;
  }
}

}  // namespace

void EmitTable(Emission& emission) {
  if (emission.creates()) TableWriter(emission).Write();
  if (emission.changes()) EmitTableChanges(emission);
  if (emission.drops()) {
    DetachDropped(emission);
    emission.Add("DROP " + std::string(ObjectKindKeyword(emission.id().kind)) + " " + emission.Name());
  }
}

}  // namespace sluice
