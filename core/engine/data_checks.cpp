#include "core/engine/data_checks.h"

#include <algorithm>
#include <string_view>

#include "core/model/not_null.h"
#include "core/model/type_text.h"
#include "core/sql/emit/emission.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

// A condition that is true for values of the first type that the second can't hold; empty when there are none, or when
// it takes more than a comparison to tell.
std::string MisfitCondition(std::string_view from, std::string_view to, const std::string& column) {
  const TypeText before = ReadType(from);
  const TypeText after = ReadType(to);
  const int most = after.modifiers[0];
  const bool text_before = before.base == "text" || before.base == "character varying";
  if (text_before && after.base == "character varying" && most > 0) {
    const bool grows = before.modifiers[0] > 0 && before.modifiers[0] <= most;
    return grows ? "" : "length(" + column + ") > " + std::to_string(most);
  }
  const int rank = IntegerRank(after.base);
  if (rank >= 0 && (IntegerRank(before.base) > rank || before.base == "numeric")) {
    constexpr std::string_view kLimits[] = {"-32768 AND 32767", "-2147483648 AND 2147483647",
                                            "-9223372036854775808 AND 9223372036854775807"};
    return column + " NOT BETWEEN " + std::string(kLimits[rank]);
  }
  if (before.base == "numeric" && after.base == "numeric" && most > 0) {
    const int scale = std::max(after.modifiers[1], 0);
    const int digits = most - scale;
    if (before.modifiers[0] > 0 && before.modifiers[0] - std::max(before.modifiers[1], 0) <= digits) return "";
    return "abs(round(" + column + ", " + std::to_string(scale) + ")) >= 1e" + std::to_string(digits);
  }
  return "";
}

class CheckFinder {
 public:
  CheckFinder(const Operation& operation, const EmitContext& context)
      : operation_(operation), context_(context), emission_(operation, context) {}

  std::vector<GeneratedCheck> Find() {
    const bool makes = operation_.to != Schema::kNone && operation_.kind != OperationKind::kDrop &&
                       operation_.kind != OperationKind::kDropAside;
    if (!makes) return {};
    switch (Object().id.kind) {
      case ObjectKind::kColumn:
        if (TableWasThere()) FindForColumn();
        break;
      case ObjectKind::kPrimaryKey:
      case ObjectKind::kUniqueConstraint:
        if (CreatesOverOldColumns()) FindForKey();
        break;
      case ObjectKind::kCheckConstraint:
        if (CreatesOverOldColumns() && !Object().Has(AttributeName::kValidity)) FindForCheck();
        break;
      case ObjectKind::kForeignKey:
        if (CreatesOverOldColumns() && !Object().Has(AttributeName::kValidity)) FindForForeignKey();
        break;
      case ObjectKind::kIndex:
        if (CreatesOverOldColumns() && Object().Has(AttributeName::kUnique)) FindForUniqueIndex();
        break;
      case ObjectKind::kEnum:
        if (operation_.from != Schema::kNone) FindForEnum();
        break;
      default:
        break;
    }
    return std::move(checks_);
  }

 private:
  const SchemaObject& Object() const { return context_.to[operation_.to]; }
  std::string_view Get(AttributeName name) const { return Object().Get(name); }
  std::string Table() const { return emission_.ParentName(); }

  bool TableWasThere() const { return context_.from.Find(ParentTable(Object().id)) != Schema::kNone; }

  // Created in a table that was there, over columns that were there, so that their rows can be looked at beforehand.
  bool CreatesOverOldColumns() const {
    if (operation_.kind != OperationKind::kCreate || !TableWasThere()) return false;
    const auto needs = context_.to.Needs(operation_.to);
    return std::all_of(needs.begin(), needs.end(), [&](Schema::Index needed) {
      const ObjectId& id = context_.to[needed].id;
      const bool asked = id.kind == ObjectKind::kColumn || id.kind == ObjectKind::kTable ||
                         id.kind == ObjectKind::kFunction || id.kind == ObjectKind::kEnum;
      return !asked || context_.from.Find(id) != Schema::kNone;
    });
  }

  bool Changes(AttributeName name) const {
    return std::find(operation_.changes.begin(), operation_.changes.end(), name) != operation_.changes.end();
  }

  void Add(std::string message, std::string query) { checks_.push_back({std::move(message), std::move(query)}); }

  void FindForColumn() {
    const std::string column = QuoteIdentifier(Object().id.name);
    const std::string name = Object().id.parent + "." + Object().id.name;
    const bool is_filled = Object().Has(AttributeName::kDefault) || Object().Has(AttributeName::kIdentity) ||
                           Object().Has(AttributeName::kGenerated);
    if (operation_.kind == OperationKind::kCreate && operation_.from == Schema::kNone) {
      if (!Object().Has(AttributeName::kNotNull) || is_filled) return;
      Add("table " + Object().id.parent + " has rows, and its new column " + Object().id.name +
              " is NOT NULL and has no value for them",
          "SELECT * FROM " + Table() + " LIMIT 1");
    }
    if (operation_.kind != OperationKind::kAlter) return;
    const bool gains_not_null = Changes(AttributeName::kNotNull) && Object().Has(AttributeName::kNotNull) &&
                                !IsNotNull(context_.from, operation_.from);
    if (gains_not_null) {
      Add("column " + name + " becomes NOT NULL and holds NULLs",
          "SELECT * FROM " + Table() + " WHERE " + column + " IS NULL LIMIT 10");
    }
    if (!Changes(AttributeName::kType)) return;
    const std::string misfit =
        MisfitCondition(context_.from[operation_.from].Get(AttributeName::kType), Get(AttributeName::kType), column);
    if (misfit.empty()) return;
    Add("column " + name + " becomes " + std::string(Get(AttributeName::kType)) + " and holds values that don't fit",
        "SELECT * FROM " + Table() + " WHERE " + misfit + " LIMIT 10");
  }

  void FindForKey() {
    const std::string columns(Get(AttributeName::kColumns));
    if (columns.find(" WITHOUT OVERLAPS") != std::string::npos) return;
    FindDuplicates(columns, Object().Has(AttributeName::kNullsDistinct));
  }

  // Indexes on expressions are left to the server: their columns are text with operator classes and orders.
  void FindForUniqueIndex() {
    if (Object().Has(AttributeName::kPredicate)) return;
    const std::string columns(Get(AttributeName::kColumns));
    for (const std::string_view word : {"(", " DESC", " NULLS ", " COLLATE ", "_ops"}) {
      if (columns.find(word) != std::string::npos) return;
    }
    FindDuplicates(columns, Object().Has(AttributeName::kNullsDistinct));
  }

  // PostgreSQL takes NULLs for different ones unless it is told otherwise.
  void FindDuplicates(const std::string& columns, bool nulls_are_equal) {
    std::string query = "SELECT " + columns + ", count(*) FROM " + Table();
    if (!nulls_are_equal) query += " WHERE num_nulls(" + columns + ") = 0";
    query += " GROUP BY " + columns + " HAVING count(*) > 1 LIMIT 10";
    Add("table " + Object().id.parent + " has rows that are equal in (" + columns + "), which " + Object().id.name +
            " forbids",
        std::move(query));
  }

  bool KeepsTypes() const {
    const auto needs = context_.to.Needs(operation_.to);
    return std::all_of(needs.begin(), needs.end(), [&](Schema::Index needed) {
      const SchemaObject& column = context_.to[needed];
      const Schema::Index before = context_.from.Find(column.id);
      return column.id.kind != ObjectKind::kColumn || before == Schema::kNone ||
             context_.from[before].Get(AttributeName::kType) == column.Get(AttributeName::kType);
    });
  }

  // `CHECK (…)`, as pg_get_constraintdef() has it: written for the types that the columns will have.
  void FindForCheck() {
    constexpr std::string_view kCheck = "CHECK ";
    const std::string_view definition = Get(AttributeName::kDefinition);
    if (!definition.starts_with(kCheck) || !KeepsTypes()) return;
    Add("table " + Object().id.parent + " has rows that " + Object().id.name + " forbids",
        "SELECT * FROM " + Table() + " WHERE NOT " + std::string(definition.substr(kCheck.size())) + " LIMIT 10");
  }

  // Rows whose key is complete and that have no row to refer to. MATCH FULL and PERIOD are left to the server.
  void FindForForeignKey() {
    const std::string columns(Get(AttributeName::kColumns));
    const std::string references(Get(AttributeName::kReferences));
    const std::size_t open = references.find(" (");
    const std::size_t close = references.find(')', open);
    if (open == std::string::npos || close == std::string::npos) return;
    if (references.find(" MATCH FULL", close) != std::string::npos || columns.find("PERIOD ") != std::string::npos)
      return;
    const std::string referenced = references.substr(0, open);
    const std::string keys = references.substr(open + 2, close - open - 2);
    Add("table " + Object().id.parent + " has rows whose (" + columns + ") is not in " + referenced + " (" + keys + ")",
        "SELECT " + columns + " FROM " + Table() + " WHERE num_nulls(" + columns + ") = 0 EXCEPT SELECT " + keys +
            " FROM " + referenced + " LIMIT 10");
  }

  void FindForEnum() {
    const std::vector<std::string_view> after = LinesOf(Get(AttributeName::kLabels));
    std::string removed;
    for (const std::string_view label : LinesOf(context_.from[operation_.from].Get(AttributeName::kLabels))) {
      if (std::find(after.begin(), after.end(), label) != after.end()) continue;
      removed += (removed.empty() ? "" : ", ") + std::string(label);
    }
    if (removed.empty()) return;
    for (Schema::Index i = 0; i < context_.from.size(); ++i) {
      const SchemaObject& column = context_.from[i];
      if (column.id.kind != ObjectKind::kColumn) continue;
      const auto needs = context_.from.Needs(i);
      const bool holds = std::find(needs.begin(), needs.end(), operation_.from) != needs.end();
      if (holds && context_.from.Find(ParentTable(column.id)) != Schema::kNone) FindLabels(column, removed);
    }
  }

  void FindLabels(const SchemaObject& column, const std::string& removed) {
    const std::string name = QuoteIdentifier(column.id.name);
    const bool is_array = column.Get(AttributeName::kType).ends_with("[]");
    const std::string condition =
        is_array ? name + "::text[] && ARRAY[" + removed + "]" : name + "::text IN (" + removed + ")";
    Add("column " + column.id.parent + "." + column.id.name + " holds labels that " + Object().id.name +
            " no longer has: " + removed,
        "SELECT " + name + ", count(*) FROM " + emission_.Name(ParentTable(column.id)) + " WHERE " + condition +
            " GROUP BY " + name + " LIMIT 10");
  }

  const Operation& operation_;
  const EmitContext& context_;
  const Emission emission_;
  std::vector<GeneratedCheck> checks_;
};

}  // namespace

std::vector<GeneratedCheck> FindDataChecks(const Operations& operations, const EmitContext& context) {
  std::vector<GeneratedCheck> checks;
  for (const Operation& operation : operations) {
    for (GeneratedCheck& check : CheckFinder(operation, context).Find()) checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace sluice
