#include "core/engine/rename_plan.h"

#include <algorithm>
#include <map>

#include "core/sql/identifier.h"

namespace sluice {
namespace {

class RenamePlanner {
 public:
  RenamePlanner(const Schema& from, const Schema& to) : from_(from), to_(to) {}

  Status Add(const RenameHint& hint) {
    return hint.kind == RenameHint::Kind::kTable ? AddTable(hint) : AddColumn(hint);
  }

  RenameSteps Take() {
    std::reverse(steps_.backward.begin(), steps_.backward.end());
    return std::move(steps_);
  }

 private:
  std::string SchemaOf(const RenameHint& hint) const { return hint.schema.empty() ? to_.home_schema : hint.schema; }

  static bool HasTable(const Schema& schema, const std::string& in, const std::string& name) {
    return schema.Find({ObjectKind::kTable, in, "", name, ""}) != Schema::kNone;
  }
  static bool HasColumn(const Schema& schema, const std::string& in, const std::string& table,
                        const std::string& name) {
    return schema.Find({ObjectKind::kColumn, in, table, name, ""}) != Schema::kNone;
  }

  std::string Name(const std::string& schema, const std::string& name) const {
    return QuoteQualified(schema == to_.home_schema ? "" : schema, name);
  }

  static Error Trouble(const RenameHint& hint, std::string message, std::string what_to_do) {
    Error error = MakeError(ErrorCode::kModel, std::move(message), std::move(what_to_do));
    error.where.file = hint.file;
    error.where.line = hint.line;
    return error;
  }

  Status AddTable(const RenameHint& hint) {
    const std::string schema = SchemaOf(hint);
    if (!HasTable(to_, schema, hint.table)) {
      return Trouble(hint, "the models have no table " + hint.table + " that could have been " + hint.old_name,
                     "name the table as the models do: old=new");
    }
    if (!HasTable(from_, schema, hint.old_name) || HasTable(from_, schema, hint.table)) return {};
    if (HasTable(to_, schema, hint.old_name)) {
      return Trouble(hint, "table " + hint.old_name + " can't have become " + hint.table + ": the models have both",
                     "take the hint away, or the table");
    }
    old_names_[{schema, hint.table}] = hint.old_name;
    Push("ALTER TABLE " + Name(schema, hint.old_name) + " RENAME TO " + QuoteIdentifier(hint.table),
         "ALTER TABLE " + Name(schema, hint.table) + " RENAME TO " + QuoteIdentifier(hint.old_name));
    return {};
  }

  Status AddColumn(const RenameHint& hint) {
    const std::string schema = SchemaOf(hint);
    if (!HasColumn(to_, schema, hint.table, hint.column)) {
      return Trouble(
          hint,
          "the models have no column " + hint.table + "." + hint.column + " that could have been " + hint.old_name,
          "name the column as the models do: table.old=new");
    }
    const auto renamed = old_names_.find({schema, hint.table});
    const std::string& old_table = renamed == old_names_.end() ? hint.table : renamed->second;
    if (!HasColumn(from_, schema, old_table, hint.old_name) || HasColumn(from_, schema, old_table, hint.column)) {
      return {};
    }
    if (HasColumn(to_, schema, hint.table, hint.old_name)) {
      return Trouble(
          hint,
          "column " + hint.table + "." + hint.old_name + " can't have become " + hint.column + ": the models have both",
          "take the hint away, or the column");
    }
    const std::string alter = "ALTER TABLE " + Name(schema, hint.table) + " RENAME COLUMN ";
    Push(alter + QuoteIdentifier(hint.old_name) + " TO " + QuoteIdentifier(hint.column),
         alter + QuoteIdentifier(hint.column) + " TO " + QuoteIdentifier(hint.old_name));
    return {};
  }

  void Push(std::string forward, std::string backward) {
    steps_.forward.push_back(std::move(forward));
    steps_.backward.push_back(std::move(backward));
  }

  const Schema& from_;
  const Schema& to_;
  RenameSteps steps_;
  std::map<std::pair<std::string, std::string>, std::string> old_names_;  // of tables, by schema and new name
};

}  // namespace

Result<RenameSteps> PlanRenames(const std::vector<RenameHint>& hints, const Schema& from, const Schema& to) {
  RenamePlanner planner(from, to);
  for (const RenameHint::Kind kind : {RenameHint::Kind::kTable, RenameHint::Kind::kColumn}) {
    for (const RenameHint& hint : hints) {
      if (hint.kind == kind) SLUICE_CHECK(planner.Add(hint));
    }
  }
  return planner.Take();
}

}  // namespace sluice
