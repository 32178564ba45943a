#include "core/engine/safe_form.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/engine/key_text.h"
#include "core/engine/lone_object.h"
#include "core/engine/partitioned_constraint.h"
#include "core/engine/partitioned_index.h"
#include "core/model/not_null.h"
#include "core/sql/emit/emission.h"
#include "core/sql/identifier.h"
#include "core/sql/object_name.h"

namespace sluice {
namespace {

// Functions of PostgreSQL that are volatile and that people write into defaults (pg_proc.provolatile = 'v').
constexpr std::string_view kVolatileFunctions[] = {"nextval(",         "gen_random_uuid(", "random(",
                                                   "clock_timestamp(", "timeofday(",       "uuidv4(",
                                                   "uuidv7(",          "setval(",          "lastval("};

std::vector<std::string> Texts(const std::vector<SqlStatement>& statements) {
  std::vector<std::string> texts;
  texts.reserve(statements.size());
  for (const SqlStatement& statement : statements) texts.push_back(statement.text);
  return texts;
}

std::vector<std::string> PlainMake(const Operation& operation, const EmitContext& context) {
  return Texts(EmitOperation(operation, context));
}

std::vector<std::string> PlainTake(const Operation& operation, const EmitContext& context) {
  return Texts(EmitOperation(Inverse(operation), Reversed(context)));
}

class FormFinder {
 public:
  FormFinder(const Operation& operation, const EmitContext& context)
      : operation_(operation), context_(context), emission_(operation, context) {}

  std::optional<OnlineForm> Find() {
    if (operation_.to == Schema::kNone || Table() == Schema::kNone) return std::nullopt;
    const bool creates = operation_.kind == OperationKind::kCreate;
    if (Object().id.kind == ObjectKind::kColumn) return creates ? NewColumn() : ChangedColumn();
    if (!creates) return std::nullopt;
    const bool is_validated = !Object().Has(AttributeName::kValidity);
    switch (Object().id.kind) {
      case ObjectKind::kIndex:
        return IsPartitioned() ? FindPartitionedIndexForm(operation_, context_) : Index();
      case ObjectKind::kForeignKey:
        if (!is_validated) return std::nullopt;
        return IsPartitioned() ? FindPartitionedForeignKeyForm(operation_, context_) : Validated();
      case ObjectKind::kCheckConstraint:
        return is_validated ? std::optional(Validated()) : std::nullopt;
      case ObjectKind::kUniqueConstraint:
      case ObjectKind::kPrimaryKey:
        if (!CanTakeIndex(Object())) return std::nullopt;
        return IsPartitioned() ? FindPartitionedKeyForm(operation_, context_) : Key();
      default:
        return std::nullopt;
    }
  }

 private:
  const SchemaObject& Object() const { return context_.to[operation_.to]; }

  Schema::Index Table() const { return context_.to.Find(ParentTable(Object().id)); }

  bool IsPartitioned() const { return context_.to[Table()].Has(AttributeName::kPartitionKey); }

  std::string AlterTable() const { return "ALTER TABLE " + emission_.ParentName() + " "; }

  std::string ObjectName(std::string_view name) const {
    return QuoteQualified(Object().id.schema == context_.to.home_schema ? "" : Object().id.schema, name);
  }

  std::optional<OnlineForm> Index() const {
    std::vector<std::string> statements = PlainMake(operation_, context_);
    const std::size_t place = statements.front().find("INDEX ");
    if (place == std::string::npos) return std::nullopt;
    statements.front().insert(place + std::string_view("INDEX ").size(), "CONCURRENTLY ");
    const std::string drop = "DROP INDEX CONCURRENTLY " + ObjectName(Object().id.name);
    OnlineForm form;
    form.steps.push_back({{statements.front()}, false, {drop}, false, true, kConcurrently});
    if (statements.size() > 1)
      form.steps.push_back({{statements.begin() + 1, statements.end()}, true, {}, true, false, ""});
    form.drop = {drop};
    form.drop_in_transaction = false;
    return form;
  }

  // NOT VALID takes the lock for a moment; VALIDATE reads the rows and lets everybody work.
  OnlineForm Validated() const {
    std::vector<std::string> statements = PlainMake(operation_, context_);
    statements.front() += " NOT VALID";
    const std::string validate = AlterTable() + "VALIDATE CONSTRAINT " + QuoteIdentifier(Object().id.name);
    OnlineForm form;
    form.drop = PlainTake(operation_, context_);
    form.steps.push_back({statements, true, form.drop, true, false, kNotValidWhy});
    form.steps.push_back({{validate}, true, {}, true, true, kValidateWhy});
    return form;
  }

  OnlineForm Key() const {
    const std::string name = QuoteIdentifier(Object().id.name);
    std::vector<std::string> second = PlainMake(operation_, context_);
    second.front() = KeyFromIndexText(Object(), name, emission_.ParentName());
    OnlineForm form;
    form.drop = PlainTake(operation_, context_);
    form.steps.push_back({{KeyIndexText(Object(), name, emission_.ParentName())},
                          false,
                          {"DROP INDEX CONCURRENTLY IF EXISTS " + ObjectName(Object().id.name)},
                          false,
                          true,
                          kConcurrently});
    form.steps.push_back({std::move(second), true, form.drop, true, false, "The index is there: no row is read."});
    return form;
  }

  bool HasVolatileDefault() const {
    const std::string_view text = Object().Get(AttributeName::kDefault);
    for (const std::string_view function : kVolatileFunctions) {
      if (text.find(function) != std::string_view::npos) return true;
    }
    for (const Schema::Index needed : context_.to.Needs(operation_.to)) {
      const SchemaObject& function = context_.to[needed];
      const std::string_view properties = function.Get(AttributeName::kProperties);
      const bool fixed =
          properties.find("IMMUTABLE") != std::string_view::npos || properties.find("STABLE") != std::string_view::npos;
      if (function.id.kind == ObjectKind::kFunction && !fixed) return true;
    }
    return false;
  }

  // The statements that add the column as `column` says.
  std::vector<std::string> AddColumn(const SchemaObject& column) const {
    const LoneObject lone(context_.to, column);
    return Texts(EmitOperation(lone.create(), lone.Context(context_.server_major)));
  }

  std::optional<OnlineForm> NewColumn() const {
    const bool has_default = Object().Has(AttributeName::kDefault);
    const bool fills_itself = Object().Has(AttributeName::kIdentity) || Object().Has(AttributeName::kGenerated);
    const bool is_volatile = has_default && HasVolatileDefault();
    const bool must_be_filled = Object().Has(AttributeName::kNotNull) && !has_default;
    if (fills_itself || (!is_volatile && !must_be_filled)) return std::nullopt;
    SchemaObject bare = Object();
    bare.Set(AttributeName::kNotNull, "");
    bare.Set(AttributeName::kDefault, "");
    std::vector<std::string> add = AddColumn(bare);
    const std::string column = QuoteIdentifier(Object().id.name);
    OnlineForm form;
    form.drop = PlainTake(operation_, context_);
    if (is_volatile) {
      add.push_back(AlterTable() + "ALTER COLUMN " + column + " SET DEFAULT " +
                    std::string(Object().Get(AttributeName::kDefault)));
    }
    form.steps.push_back({std::move(add), true, form.drop, true, false,
                          is_volatile
                              ? "Rows that are there stay empty for now: a default that is computed for each would "
                                "write the table anew under the lock."
                              : ""});
    if (is_volatile) {
      form.steps.push_back(
          {{"UPDATE " + emission_.ParentName() + " SET " + column + " = DEFAULT WHERE " + column + " IS NULL"},
           true,
           {},
           true,
           true,
           "Fills in the rows that were there."});
    }
    if (Object().Has(AttributeName::kNotNull)) AddNotNull(form, {});
    return form;
  }

  std::optional<OnlineForm> ChangedColumn() const {
    const std::vector<AttributeName>& changes = operation_.changes;
    const bool gains_not_null = operation_.kind == OperationKind::kAlter && Object().Has(AttributeName::kNotNull) &&
                                std::find(changes.begin(), changes.end(), AttributeName::kNotNull) != changes.end() &&
                                !IsNotNull(context_.from, operation_.from);
    if (!gains_not_null) return std::nullopt;
    OnlineForm form;
    form.drop = PlainTake(operation_, context_);
    Operation rest = operation_;
    std::erase(rest.changes, AttributeName::kNotNull);
    if (!rest.changes.empty()) {
      form.steps.push_back({PlainMake(rest, context_), true, PlainTake(rest, context_), true, false, ""});
    }
    AddNotNull(form, {AlterTable() + "ALTER COLUMN " + QuoteIdentifier(Object().id.name) + " DROP NOT NULL"});
    return form;
  }

  // PostgreSQL takes a validated CHECK as proof that there are no NULLs (ALTER TABLE, SET NOT NULL), and reads no rows
  // under the lock.
  void AddNotNull(OnlineForm& form, std::vector<std::string> take) const {
    const std::string column = QuoteIdentifier(Object().id.name);
    const std::string name = QuoteIdentifier(MakeObjectName(Object().id.parent, Object().id.name, "not_null_check"));
    form.steps.push_back({{AlterTable() + "ADD CONSTRAINT " + name + " CHECK (" + column + " IS NOT NULL) NOT VALID"},
                          true,
                          {AlterTable() + "DROP CONSTRAINT IF EXISTS " + name},
                          true,
                          false,
                          kNotValidWhy});
    form.steps.push_back({{AlterTable() + "VALIDATE CONSTRAINT " + name}, true, {}, true, true, kValidateWhy});
    form.steps.push_back(
        {{AlterTable() + "ALTER COLUMN " + column + " SET NOT NULL", AlterTable() + "DROP CONSTRAINT " + name},
         true,
         std::move(take),
         true,
         false,
         "The constraint proves it: no row is read."});
  }

  const Operation& operation_;
  const EmitContext& context_;
  const Emission emission_;
};

}  // namespace

std::optional<OnlineForm> FindOnlineForm(const Operation& operation, const EmitContext& context) {
  return FormFinder(operation, context).Find();
}

}  // namespace sluice
