// Columns that are added, changed and dropped by themselves.
#include <algorithm>
#include <array>

#include "core/model/not_null.h"
#include "core/model/type_cast.h"
#include "core/sql/emit/annotations.h"
#include "core/sql/emit/identity.h"
#include "core/sql/emit/options.h"
#include "core/sql/emit/relation_text.h"
#include "core/sql/emit/writers.h"
#include "core/sql/identifier.h"
#include "core/sql/object_name.h"
#include "core/sql/parentheses.h"

namespace sluice {
namespace {

// The kind of what the column belongs to.
ObjectKind ParentKind(const Emission& emission) {
  const Schema::Index parent = emission.ParentOf(emission.id());
  return parent == Schema::kNone ? ObjectKind::kTable : emission.schema()[parent].id.kind;
}

constexpr bool IsView(ObjectKind kind) { return kind == ObjectKind::kView || kind == ObjectKind::kMaterializedView; }

// `mood` and `mood[]` are cast over text, as are all types that have been replaced.
std::string ThroughText(std::string_view type) {
  const std::size_t brackets = type.find('[');
  return brackets == std::string_view::npos ? "text" : "text" + std::string(type.substr(brackets));
}

// SET STORAGE DEFAULT is PostgreSQL 16's; before it the type's own is named (typstorage in pg_type.dat).
std::string DefaultStorage(std::string_view type, int server_major) {
  if (server_major >= 16) return "DEFAULT";
  const std::string_view name = type.substr(0, type.find('('));
  constexpr std::array<std::string_view, 3> kMain{"numeric", "inet", "cidr"};
  return std::find(kMain.begin(), kMain.end(), name) != kMain.end() ? "MAIN" : "EXTENDED";
}

// The subcommands of one ALTER TABLE for one column.
class ColumnChange {
 public:
  explicit ColumnChange(Emission& emission)
      : emission_(emission), column_("ALTER COLUMN " + QuoteIdentifier(emission.id().name)) {}

  void Write() {
    SequenceChange sequence(emission_);
    sequence.WriteBefore();
    WriteActions();
    sequence.WriteAfter();
    WriteOptions();
  }

 private:
  void WriteActions() {
    if (Changes(AttributeName::kGenerated)) ChangeGenerated();
    const bool type_changes = Changes(AttributeName::kType) || Changes(AttributeName::kCollation);
    const bool is_replaced = Changes(AttributeName::kType) && Old(AttributeName::kType) == New(AttributeName::kType);
    // A default has to go when it can't be cast with the column; it comes back as it should be.
    const bool default_moves =
        Changes(AttributeName::kDefault) || (is_replaced && emission_.Has(AttributeName::kDefault));
    const bool default_goes = New(AttributeName::kDefault).empty() || type_changes;
    // A statement of its own (AddOnly) finds the type as it is by then.
    const bool default_waits = HadDefault() || (type_changes && HasChildren());
    if (default_moves && !default_waits) {
      SetDefault();
    } else if (default_moves && default_goes && HadDefault()) {
      AddOnly("DROP DEFAULT");
    }
    if (Changes(AttributeName::kIdentity) && New(AttributeName::kIdentity).empty()) {
      Add("DROP IDENTITY");
      if (type_changes) Flush();  // the type of the sequence would change with the column's
    }
    if (type_changes) ChangeType(is_replaced);
    if (default_moves && default_waits) SetDefault();
    if (Changes(AttributeName::kNotNull)) ChangeNotNull();
    if (Changes(AttributeName::kIdentity) && !New(AttributeName::kIdentity).empty()) {
      const std::string action = IdentityAction(Old(AttributeName::kIdentity), New(AttributeName::kIdentity));
      if (!action.empty()) Add(action);
    }
    // A new type brings its own storage and compression.
    const auto set_anew = [&](AttributeName name) { return Changes(name) || (type_changes && emission_.Has(name)); };
    if (set_anew(AttributeName::kStorage)) ChangeStorage();
    const auto change = [&](AttributeName name, std::string_view words, std::string_view usual) {
      if (name == AttributeName::kCompression ? !set_anew(name) : !Changes(name)) return;
      const std::string_view value = emission_.Get(name);
      AddOnly(std::string(words) + std::string(value.empty() ? usual : value));
    };
    change(AttributeName::kCompression, "SET COMPRESSION ", "default");
    change(AttributeName::kStatisticsTarget, "SET STATISTICS ", "-1");
    Flush();
  }

  void WriteOptions() {
    const std::string prefix = "ALTER " + ParentTarget(emission_, emission_.id()) + " " + column_;
    if (Changes(AttributeName::kProperties)) {
      EmitStorageParameters(emission_, prefix, Old(AttributeName::kProperties), New(AttributeName::kProperties));
    }
    if (Changes(AttributeName::kOptions)) {
      EmitForeignOptions(emission_, prefix, Old(AttributeName::kOptions), New(AttributeName::kOptions));
    }
  }

  bool Changes(AttributeName name) const { return emission_.Changes(name); }
  std::string_view Old(AttributeName name) const { return emission_.Old(name); }
  std::string_view New(AttributeName name) const { return emission_.New(name); }
  bool HadDefault() const { return !Old(AttributeName::kDefault).empty(); }

  void Add(std::string_view action) { actions_.push_back(column_ + " " + std::string(action)); }

  void SetDefault() {
    const std::string_view value = New(AttributeName::kDefault);
    if (!value.empty()) AddOnly("SET DEFAULT " + std::string(value));
  }

  // What children have of their own, though PostgreSQL would give them the parent's; what else is done to the column is
  // done to theirs too.
  void AddOnly(const std::string& action) {
    if (!HasChildren()) return Add(action);
    Flush();
    emission_.Add("ALTER TABLE ONLY " + emission_.ParentName() + " " + column_ + " " + action);
  }

  void ChangeNotNull() {
    const EmitContext& context = emission_.context();
    const Operation& operation = emission_.operation();
    if (IsNotNull(context.from, operation.from) && IsNotNull(context.to, operation.to)) return RenameNotNull();
    Add(New(AttributeName::kNotNull).empty() ? "DROP NOT NULL" : "SET NOT NULL");
  }

  // One of the two is a constraint that says more than the column could: its name, or a comment.
  void RenameNotNull() {
    const EmitContext& context = emission_.context();
    const Schema::Index before = NotNullConstraintOf(context.from, emission_.operation().from);
    const Schema::Index after = NotNullConstraintOf(context.to, emission_.operation().to);
    const std::string usual = MakeObjectName(emission_.id().parent, emission_.id().name, "not_null");
    const std::string& old_name = before == Schema::kNone ? usual : context.from[before].id.name;
    const std::string& new_name = after == Schema::kNone ? usual : context.to[after].id.name;
    if (old_name != new_name) {
      emission_.Add("ALTER TABLE " + emission_.ParentName() + " RENAME CONSTRAINT " + QuoteIdentifier(old_name) +
                    " TO " + QuoteIdentifier(new_name));
    }
    const bool had_comment = before != Schema::kNone && context.from[before].Has(AttributeName::kComment);
    const std::string_view comment =
        after == Schema::kNone ? std::string_view() : context.to[after].Get(AttributeName::kComment);
    if (!had_comment && comment.empty()) return;
    emission_.Add("COMMENT ON CONSTRAINT " + QuoteIdentifier(new_name) + " ON " + emission_.ParentName() + " IS " +
                  (comment.empty() ? "NULL" : QuoteLiteral(comment)));
  }

  void ChangeGenerated() {
    const std::string_view expression = New(AttributeName::kGenerated);
    if (expression.empty()) return Add("DROP EXPRESSION");
    constexpr std::string_view kVirtual = "virtual: ";
    const bool is_virtual = expression.substr(0, kVirtual.size()) == kVirtual;
    Add("SET EXPRESSION AS " + Parenthesized(std::string(expression.substr(is_virtual ? kVirtual.size() : 0))));
  }

  void ChangeType(bool is_replaced) {
    const std::string type(New(AttributeName::kType).empty() ? emission_.Get(AttributeName::kType)
                                                             : New(AttributeName::kType));
    std::string action = "TYPE " + type;
    const std::string_view collation =
        Changes(AttributeName::kCollation) ? New(AttributeName::kCollation) : emission_.Get(AttributeName::kCollation);
    if (!collation.empty()) action += " COLLATE " + std::string(collation);
    const std::string name = QuoteIdentifier(emission_.id().name);
    // A generated column is computed anew.
    if (!emission_.Has(AttributeName::kGenerated)) {
      const TypeCast cast = is_replaced ? TypeCast::kThroughText : HowCast(Old(AttributeName::kType), type);
      if (cast == TypeCast::kThroughText) action += " USING " + name + "::" + ThroughText(type) + "::" + type;
      if (cast == TypeCast::kExplicit) action += " USING " + name + "::" + type;
    }
    Add(action);
  }

  void ChangeStorage() {
    const std::string_view storage = emission_.Get(AttributeName::kStorage);
    const std::string usual = DefaultStorage(emission_.Get(AttributeName::kType), emission_.context().server_major);
    AddOnly("SET STORAGE " + (storage.empty() ? usual : std::string(storage)));
  }

  void Flush() {
    if (actions_.empty()) return;
    std::string text = "ALTER " + ParentTarget(emission_, emission_.id());
    for (std::size_t i = 0; i < actions_.size(); ++i) {
      text += (i == 0 ? "" : ",") + std::string(actions_.size() == 1 ? " " : "\n  ") + actions_[i];
    }
    emission_.Add(std::move(text));
    actions_.clear();
  }

  bool HasChildren() const {
    const Schema::Index parent = emission_.ParentOf(emission_.id());
    if (parent == Schema::kNone) return false;
    const Schema& schema = emission_.schema();
    if (schema[parent].Has(AttributeName::kPartitionKey)) return true;
    const std::string name = emission_.ParentName();
    for (const SchemaObject& table : schema.objects()) {
      if (table.id.kind != ObjectKind::kTable && table.id.kind != ObjectKind::kForeignTable) continue;
      const std::vector<std::string_view> parents = LinesOf(table.Get(AttributeName::kInherits));
      if (std::find(parents.begin(), parents.end(), name) != parents.end()) return true;
    }
    return false;
  }

  Emission& emission_;
  std::string column_;
  std::vector<std::string> actions_;
};

void CreateColumn(Emission& emission, ObjectKind parent_kind) {
  const SchemaObject& column = emission.object();
  if (IsView(parent_kind)) return EmitColumnExtras(emission, column);
  const bool without_default = emission.Changes(AttributeName::kDefault);
  std::string_view serial;
  std::vector<Schema::Index> sequences;
  for (const Schema::Index part : emission.operation().parts) {
    if (emission.schema()[part].id.kind == ObjectKind::kSequence) sequences.push_back(part);
  }
  if (sequences.size() == 1 && !without_default) serial = SerialType(column, emission.schema()[sequences.front()]);
  if (serial.empty()) {
    for (const Schema::Index sequence : sequences) emission.Add(CreateSequence(emission, emission.schema()[sequence]));
  }
  emission.Add("ALTER " + ParentTarget(emission, column.id) + " ADD COLUMN " +
               ColumnText(column, {without_default, false, serial}));
  if (serial.empty()) {
    for (const Schema::Index sequence : sequences) {
      emission.Add("ALTER SEQUENCE " + emission.Name(emission.schema()[sequence].id) + " OWNED BY " +
                   std::string(emission.schema()[sequence].Get(AttributeName::kOwnedBy)));
    }
  }
  EmitColumnExtras(emission, column);
}

// A column of a view stays, without what it was given.
void ForgetViewColumn(Emission& emission, ObjectKind parent_kind) {
  const std::string view = std::string(ObjectKindKeyword(parent_kind)) + " " + emission.ParentName();
  const std::string prefix = "ALTER " + view + " ALTER COLUMN " + QuoteIdentifier(emission.id().name) + " ";
  if (emission.Has(AttributeName::kDefault)) emission.Add(prefix + "DROP DEFAULT");
  if (emission.Has(AttributeName::kStatisticsTarget)) emission.Add(prefix + "SET STATISTICS -1");
  if (emission.Has(AttributeName::kStorage)) {
    emission.Add(prefix + "SET STORAGE " +
                 DefaultStorage(emission.Get(AttributeName::kType), emission.context().server_major));
  }
  if (emission.Has(AttributeName::kComment)) {
    emission.Add("COMMENT ON " + AnnotationTarget(emission, emission.object()) + " IS NULL");
  }
}

}  // namespace

void EmitColumn(Emission& emission) {
  const ObjectKind parent_kind = ParentKind(emission);
  if (emission.creates()) CreateColumn(emission, parent_kind);
  if (emission.changes()) ColumnChange(emission).Write();
  if (emission.drops()) {
    const std::string name = QuoteIdentifier(emission.id().name);
    if (IsView(parent_kind)) {
      ForgetViewColumn(emission, parent_kind);
    } else {
      emission.Add("ALTER " + ParentTarget(emission, emission.id()) + " DROP COLUMN " + name);
    }
  }
}

}  // namespace sluice
