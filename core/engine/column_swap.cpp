#include "core/engine/column_swap.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/engine/column_follow.h"
#include "core/engine/key_text.h"
#include "core/engine/lone_object.h"
#include "core/engine/safe_form.h"
#include "core/engine/swap_obstacle.h"
#include "core/engine/taken_name.h"
#include "core/model/foreign_key.h"
#include "core/model/not_null.h"
#include "core/model/type_cast.h"
#include "core/model/type_text.h"
#include "core/sql/column_word.h"
#include "core/sql/emit/emission.h"
#include "core/sql/emit/identity.h"
#include "core/sql/emit/sequence_options.h"
#include "core/sql/identifier.h"
#include "core/sql/object_name.h"

namespace sluice {
namespace {

using Index = Schema::Index;

constexpr int kNamesNotNull = 18;  // PostgreSQL gives NOT NULL a name since

std::string Named(const ObjectId& id) { return std::string(ObjectKindName(id.kind)) + " " + id.name; }

bool IsKey(ObjectKind kind) { return kind == ObjectKind::kPrimaryKey || kind == ObjectKind::kUniqueConstraint; }

std::string Commented(const std::string& why, std::string statement) {
  return "-- " + why + "\n" + std::move(statement);
}

bool IsRoutine(ObjectKind kind) {
  return kind == ObjectKind::kFunction || kind == ObjectKind::kProcedure || kind == ObjectKind::kAggregate;
}

std::vector<std::string> Texts(const std::vector<SqlStatement>& statements) {
  std::vector<std::string> texts;
  for (const SqlStatement& statement : statements) texts.push_back(statement.text);
  return texts;
}

void Append(std::vector<std::string>& to, std::vector<std::string> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// What the values' text depends on, and a type's name; it has to be the same for everybody who writes.
std::string SettingsOf(std::string_view cast, std::string_view from, std::string_view to) {
  std::string settings;
  const auto is_moment = [](std::string_view type) {
    const std::string base = ReadType(type).base;
    return base.starts_with("timestamp") || base.starts_with("time ") || base.starts_with("date") ||
           base.starts_with("interval");
  };
  if (is_moment(from) || is_moment(to)) {
    settings += " SET TimeZone FROM CURRENT SET DateStyle FROM CURRENT SET IntervalStyle FROM CURRENT";
  }
  if (from.starts_with("money") || to.starts_with("money")) settings += " SET lc_monetary FROM CURRENT";
  if (from.starts_with("bytea")) settings += " SET bytea_output FROM CURRENT";
  if (from.starts_with("double") || from.starts_with("real")) settings += " SET extra_float_digits FROM CURRENT";
  return cast.empty() ? settings : settings + " SET search_path FROM CURRENT";
}

class Swapper {
 public:
  Swapper(const Operations& operations, std::size_t place, const EmitContext& context)
      : operations_(operations),
        place_(place),
        context_(context),
        operation_(operations[place]),
        emission_(operation_, context),
        old_(context.from[operation_.from]),
        new_(context.to[operation_.to]),
        table_(emission_.ParentName()),
        alter_("ALTER TABLE " + table_ + " "),
        column_(QuoteIdentifier(new_.id.name)),
        next_name_(MakeObjectName(new_.id.name, "", "new")),
        next_(QuoteIdentifier(next_name_)) {}

  SwapAnswer Find() {
    const std::string own = MakeObjectName(new_.id.parent, next_name_, "");
    const std::string trigger = MakeObjectName("zz", own, "");
    why_not_ = FindSwapObstacle(operation_, context_, trigger);
    if (why_not_.empty()) FindTakenNames(own);
    if (why_not_.empty()) FindDependents();
    for (const Index object : carried_) Carry(object);
    if (!why_not_.empty()) return {std::nullopt, why_not_};
    DescribeFollower(own, trigger);
    WriteColumn();
    WriteNotNull();
    WriteIndexes();
    WriteConstraints();
    Prepare("The planner knows nothing of the new column yet.", {"ANALYZE " + table_});
    WriteSwap();
    WriteFinish();
    return {std::move(swap_), {}};
  }

 private:
  void Fail(std::string why) {
    if (why_not_.empty()) why_not_ = std::move(why);
  }

  void FindTakenNames(const std::string& function) {
    for (const Schema* schema : {&context_.from, &context_.to}) {
      ObjectId next = new_.id;
      next.name = next_name_;
      if (schema->Find(next) != Schema::kNone) return Fail("there is a column " + next_name_);
      for (const SchemaObject& object : schema->objects()) {
        const bool is_taken =
            IsRoutine(object.id.kind) && object.id.schema == new_.id.schema && object.id.name == function;
        if (is_taken) return Fail("there is a function " + function);
      }
    }
  }

  // Dependents -------------------------------------------------------------------------------------------------------

  template <typename Touches>
  bool HasStep(std::size_t begin, std::size_t end, const Touches& touches) const {
    return std::any_of(operations_.begin() + static_cast<std::ptrdiff_t>(begin),
                       operations_.begin() + static_cast<std::ptrdiff_t>(end), touches);
  }

  bool IsDroppedBefore(Index object) const {
    return HasStep(0, place_,
                   [&](const Operation& step) { return step.kind == OperationKind::kDrop && step.from == object; });
  }

  bool IsCreatedAfter(Index object) const {
    return HasStep(place_ + 1, operations_.size(),
                   [&](const Operation& step) { return step.kind == OperationKind::kCreate && step.to == object; });
  }

  bool IsTouched(Index before, Index after) const {
    return HasStep(0, operations_.size(),
                   [&](const Operation& step) { return step.from == before || step.to == after; });
  }

  static bool DependsOn(const Schema& schema, Index object, Index needed) {
    const auto needs = schema.Needs(object);
    return std::binary_search(needs.begin(), needs.end(), needed);
  }

  bool IsCarried(Index after) const { return std::find(carried_.begin(), carried_.end(), after) != carried_.end(); }

  void FindDependents() {
    for (Index i = 0; i < context_.from.size(); ++i) {
      if (DependsOn(context_.from, i, operation_.from)) AddDependent(i);
    }
    for (Index i = 0; i < context_.from.size(); ++i) {
      if (context_.from[i].id.kind == ObjectKind::kForeignKey && RefersToCarriedKey(i)) AddDependent(i);
    }
    for (Index i = 0; i < context_.to.size(); ++i) {
      if (!DependsOn(context_.to, i, operation_.to) || IsCreatedAfter(i) || IsCarried(i)) continue;
      return Fail(Named(context_.to[i].id) + " changes with it");
    }
    for (const Index object : carried_) CheckOtherColumns(object);
    FindStatistics();
  }

  // Extended statistics have their columns in the order of the table's.
  void FindStatistics() {
    for (const auto& [schema, column] : {std::pair(&context_.from, operation_.from), {&context_.to, operation_.to}}) {
      for (Index i = 0; i < schema->size(); ++i) {
        const ObjectId& id = (*schema)[i].id;
        if (id.kind == ObjectKind::kStatistics && DependsOn(*schema, i, column)) {
          return Fail(Named(id) + " would have another order of columns");
        }
      }
    }
  }

  bool RefersToCarriedKey(Index foreign_key) const {
    const auto needs = context_.from.Needs(foreign_key);
    return std::any_of(needs.begin(), needs.end(), [&](Index needed) {
      const ObjectId& id = context_.from[needed].id;
      return IsKey(id.kind) && IsCarried(context_.to.Find(id));
    });
  }

  // What goes before the swap and comes back after it is left to its own steps; what stays is carried over.
  void AddDependent(Index before) {
    if (IsDroppedBefore(before)) return;
    const SchemaObject& object = context_.from[before];
    const Index after = context_.to.Find(object.id);
    const auto same = [&](AttributeName name) { return context_.to[after].Get(name) == object.Get(name); };
    const bool stays = after != Schema::kNone &&
                       (object.id.kind == ObjectKind::kSequence
                            ? same(AttributeName::kOwnedBy)
                            : context_.to[after].attributes == object.attributes && !IsTouched(before, after));
    if (!stays) return Fail(Named(object.id) + " changes with it");
    if (!IsCarried(after)) carried_.push_back(after);
  }

  // What is made beforehand has to find the table's other columns as they are.
  void CheckOtherColumns(Index object) {
    for (const Index needed : context_.to.Needs(object)) {
      const SchemaObject& other = context_.to[needed];
      if (needed == operation_.to || other.id.kind != ObjectKind::kColumn) continue;
      const Index before = context_.from.Find(other.id);
      const bool same =
          before != Schema::kNone && context_.from[before].Get(AttributeName::kType) == other.Get(AttributeName::kType);
      if (!same) return Fail(Named(context_.to[object].id) + " has another column that changes");
    }
  }

  void Carry(Index place) {
    const SchemaObject& object = context_.to[place];
    const bool is_own = ParentTable(object.id) == ParentTable(new_.id);
    const std::string why_not = Named(object.id) + " can't be carried over";
    if (object.Has(AttributeName::kValidity)) return Fail(why_not);
    switch (object.id.kind) {
      case ObjectKind::kSequence:
        sequences_.push_back(&object);
        return;
      case ObjectKind::kForeignKey:
        if (is_own && !RefersToOwnTable(context_.to, place)) break;
        if (!IsPlainTable(ParentTable(object.id))) return Fail(why_not);
        foreign_keys_.push_back(&object);
        swap_.locks.insert(ParentTable(object.id));
        return;
      case ObjectKind::kIndex:
      case ObjectKind::kPrimaryKey:
      case ObjectKind::kUniqueConstraint:
      case ObjectKind::kCheckConstraint:
        break;
      default:
        return Fail(why_not);
    }
    const std::optional<SchemaObject> over = OverNext(object);
    if (!is_own || !over || (IsKey(object.id.kind) && !CanTakeIndex(object))) return Fail(why_not);
    const bool is_index = IsKey(object.id.kind) || object.id.kind == ObjectKind::kIndex;
    (is_index ? indexes_ : constraints_).emplace_back(&object, *over);
  }

  bool IsPlainTable(const ObjectId& table) const {
    const Index place = context_.to.Find(table);
    return place != Schema::kNone && !context_.to[place].Has(AttributeName::kPartitionKey);
  }

  // The object over the new column, under a name for the meantime; empty where that can't be told.
  std::optional<SchemaObject> OverNext(const SchemaObject& object) const {
    SchemaObject over = object;
    over.id.name = MakeObjectName(object.id.name, "", "new");
    for (const Schema* schema : {&context_.from, &context_.to}) {
      if (IsTakenName(*schema, object.id.schema, over.id.name)) return std::nullopt;
    }
    // ON DELETE SET NULL (column): the column's name among those of another table.
    if (object.Get(AttributeName::kReferences).find(" SET ") != std::string_view::npos &&
        object.Get(AttributeName::kReferences).ends_with(')')) {
      return std::nullopt;
    }
    for (const AttributeName name :
         {AttributeName::kColumns, AttributeName::kInclude, AttributeName::kPredicate, AttributeName::kDefinition}) {
      if (!object.Has(name)) continue;
      // PostgreSQL reads an array with casts as another expression than it prints (core/sql/expression_form.h).
      if (object.Get(name).find("ARRAY[") != std::string_view::npos) return std::nullopt;
      std::optional<std::string> text = WithColumnNamed(object.Get(name), new_.id.name, next_name_);
      if (!text) return std::nullopt;
      over.Set(name, *std::move(text));
    }
    return over;
  }

  // Before the swap --------------------------------------------------------------------------------------------------

  void DescribeFollower(const std::string& function, const std::string& trigger) {
    const std::string_view from = old_.Get(AttributeName::kType);
    const std::string_view to = new_.Get(AttributeName::kType);
    follower_.table = table_;
    follower_.function = QuoteQualified(new_.id.schema == context_.to.home_schema ? "" : new_.id.schema, function);
    follower_.trigger = QuoteIdentifier(trigger);
    follower_.from = column_;
    follower_.to = next_;
    const TypeCast cast = HowCast(from, to);
    if (cast == TypeCast::kThroughText) follower_.cast = "::text::" + std::string(to);
    if (cast == TypeCast::kExplicit) follower_.cast = "::" + std::string(to);
    follower_.settings = SettingsOf(follower_.cast, from, to);
  }

  std::vector<std::string> Make(const SchemaObject& object) const {
    const LoneObject lone(context_.to, object);
    return Texts(EmitOperation(lone.create(), lone.Context(context_.server_major)));
  }

  void Prepare(const std::string& why, std::vector<std::string> statements) {
    if (statements.empty()) return;
    statements.front() = Commented(why, std::move(statements.front()));
    Append(swap_.prepare, std::move(statements));
  }

  void WriteColumn() {
    SchemaObject bare = new_;
    bare.id.name = next_name_;
    for (const AttributeName name : {AttributeName::kNotNull, AttributeName::kDefault, AttributeName::kIdentity}) {
      bare.Set(name, "");
    }
    swap_.begin = Make(bare);
    swap_.begin.front() =
        Commented("A new column gets the values of " + new_.id.name +
                      " as they are written, then those of the rows that are there, and at last the name.",
                  std::move(swap_.begin.front()));
    Append(swap_.begin, FollowStatements(follower_));
    swap_.leave = UnfollowStatements(follower_, true);
    swap_.leave.push_back(alter_ + "DROP COLUMN IF EXISTS " + next_);
    Prepare("Fills it in, some blocks at a time; what a run that was cut off has done stays.",
            {FillStatement(follower_)});
  }

  void WriteNotNull() {
    if (!IsNotNull(context_.to, operation_.to)) return;
    const std::string name = QuoteIdentifier(MakeObjectName(new_.id.parent, next_name_, "not_null_check"));
    Prepare(kNotValidWhy, {alter_ + "ADD CONSTRAINT " + name + " CHECK (" + next_ + " IS NOT NULL) NOT VALID"});
    Prepare(kValidateWhy, {alter_ + "VALIDATE CONSTRAINT " + name});
    Prepare("The constraint proves it: no row is read.",
            {alter_ + "ALTER COLUMN " + next_ + " SET NOT NULL", alter_ + "DROP CONSTRAINT " + name});
  }

  void WriteIndexes() {
    std::vector<std::string> made;
    for (const auto& [object, over] : indexes_) {
      if (IsKey(object->id.kind)) {
        made.push_back(KeyIndexText(over, QuoteIdentifier(over.id.name), table_));
        continue;
      }
      std::vector<std::string> make = Make(over);
      constexpr std::string_view kIndex = "INDEX ";
      make.front().insert(make.front().find(kIndex) + kIndex.size(), "CONCURRENTLY ");
      Append(made, std::move(make));
    }
    Prepare(kConcurrently, std::move(made));
  }

  void WriteConstraints() {
    for (const auto& [object, over] : constraints_) {
      std::vector<std::string> make = Make(over);
      make.front() += " NOT VALID";
      Prepare(kNotValidWhy, std::move(make));
      Prepare(kValidateWhy, {alter_ + "VALIDATE CONSTRAINT " + QuoteIdentifier(over.id.name)});
    }
  }

  // The swap ---------------------------------------------------------------------------------------------------------

  std::string AlterTableOf(const SchemaObject& child) const { return "ALTER TABLE " + emission_.ParentName(child.id); }

  void WriteSwap() {
    std::vector<std::string>& swap = swap_.swap;
    for (const SchemaObject* key : foreign_keys_) {
      swap.push_back(AlterTableOf(*key) + " DROP CONSTRAINT " + QuoteIdentifier(key->id.name));
    }
    Append(swap, UnfollowStatements(follower_, false));
    for (const SchemaObject* sequence : sequences_) {
      swap.push_back("ALTER SEQUENCE " + emission_.Name(sequence->id) + " OWNED BY " + table_ + "." + next_);
    }
    const bool is_identity = new_.Has(AttributeName::kIdentity);
    if (is_identity) StartIdentity();
    swap.push_back(alter_ + "DROP COLUMN " + column_);
    swap.push_back(alter_ + "RENAME COLUMN " + next_ + " TO " + column_);
    if (is_identity && NamedSequence(new_.Get(AttributeName::kIdentity)).empty()) {
      swap.push_back("ALTER SEQUENCE " + Sequence(next_name_) + " RENAME TO " +
                     QuoteIdentifier(MakeObjectName(new_.id.parent, new_.id.name, "seq")));
    }
    if (IsNotNull(context_.to, operation_.to) && context_.server_major >= kNamesNotNull) {
      swap.push_back(alter_ + "RENAME CONSTRAINT " +
                     QuoteIdentifier(MakeObjectName(new_.id.parent, next_name_, "not_null")) + " TO " +
                     QuoteIdentifier(MakeObjectName(new_.id.parent, new_.id.name, "not_null")));
    }
    if (new_.Has(AttributeName::kDefault)) {
      swap.push_back(alter_ + "ALTER COLUMN " + column_ + " SET DEFAULT " +
                     std::string(new_.Get(AttributeName::kDefault)));
    }
    for (const auto& [object, over] : indexes_) TakeIndex(*object, over);
    for (const auto& [object, over] : constraints_) {
      swap.push_back(alter_ + "RENAME CONSTRAINT " + QuoteIdentifier(over.id.name) + " TO " +
                     QuoteIdentifier(object->id.name));
    }
    for (const SchemaObject* key : foreign_keys_) {
      std::vector<std::string> make = Make(*key);
      make.front() += " NOT VALID";
      Append(swap, std::move(make));
    }
  }

  std::string Sequence(const std::string& column) const {
    const std::string schema = new_.id.schema == context_.to.home_schema ? std::string() : new_.id.schema;
    return QuoteQualified(schema, MakeObjectName(new_.id.parent, column, "seq"));
  }

  // The new column's sequence goes on where the old one's is.
  void StartIdentity() {
    const std::string_view old_named = NamedSequence(old_.Get(AttributeName::kIdentity));
    const std::string_view new_named = NamedSequence(new_.Get(AttributeName::kIdentity));
    std::string old_name = old_named.empty() ? Sequence(old_.id.name) : std::string(old_named);
    if (old_named == new_named && !new_named.empty()) {
      const std::string aside = Sequence(next_name_);
      swap_.swap.push_back("ALTER SEQUENCE " + old_name + " RENAME TO " +
                           QuoteIdentifier(MakeObjectName(new_.id.parent, next_name_, "seq")));
      old_name = aside;
    }
    swap_.swap.push_back(alter_ + "ALTER COLUMN " + next_ + " " +
                         IdentityAction("", new_.Get(AttributeName::kIdentity)));
    const std::string name = new_named.empty() ? Sequence(next_name_) : std::string(new_named);
    swap_.swap.push_back("SELECT setval(" + QuoteLiteral(name) + ", last_value, is_called) FROM " + old_name);
  }

  void TakeIndex(const SchemaObject& object, const SchemaObject& over) {
    const std::string schema = over.id.schema == context_.to.home_schema ? std::string() : over.id.schema;
    const std::string name = QuoteIdentifier(object.id.name);
    swap_.swap.push_back("ALTER INDEX " + QuoteQualified(schema, over.id.name) + " RENAME TO " + name);
    if (!IsKey(object.id.kind)) return;
    swap_.swap.push_back(KeyFromIndexText(object, name, table_));
    std::vector<std::string> make = Make(object);
    swap_.swap.insert(swap_.swap.end(), make.begin() + 1, make.end());  // its comments
  }

  void WriteFinish() {
    for (const SchemaObject* key : foreign_keys_) {
      swap_.finish.push_back(
          Commented(kValidateWhy, AlterTableOf(*key) + " VALIDATE CONSTRAINT " + QuoteIdentifier(key->id.name)));
    }
  }

  const Operations& operations_;
  const std::size_t place_;
  const EmitContext& context_;
  const Operation& operation_;
  const Emission emission_;
  const SchemaObject& old_;
  const SchemaObject& new_;
  const std::string table_;  // as SQL, like what follows
  const std::string alter_;
  const std::string column_;
  const std::string next_name_;  // without quotes
  const std::string next_;
  FollowedColumn follower_;
  std::vector<Index> carried_;  // in context_.to
  std::vector<const SchemaObject*> sequences_;
  std::vector<const SchemaObject*> foreign_keys_;                      // that refer to the column
  std::vector<std::pair<const SchemaObject*, SchemaObject>> indexes_;  // each with itself over the new column
  std::vector<std::pair<const SchemaObject*, SchemaObject>> constraints_;
  ColumnSwap swap_;
  std::string why_not_;
};

}  // namespace

SwapAnswer FindColumnSwap(const Operations& operations, std::size_t place, const EmitContext& context) {
  return Swapper(operations, place, context).Find();
}

}  // namespace sluice
