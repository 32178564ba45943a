#include "core/engine/partitioned_constraint.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/engine/key_text.h"
#include "core/engine/partition_tree.h"
#include "core/engine/taken_name.h"
#include "core/sql/emit/emission.h"
#include "core/sql/emit/partition_index.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

using Index = Schema::Index;

std::vector<std::string> Texts(const std::vector<SqlStatement>& statements) {
  std::vector<std::string> texts;
  for (const SqlStatement& statement : statements) texts.push_back(statement.text);
  return texts;
}

class PartitionedConstraint {
 public:
  PartitionedConstraint(const Operation& operation, const EmitContext& context)
      : operation_(operation), context_(context), emission_(operation, context), object_(context.to[operation.to]) {
    if (auto leaves = StandingPartitions(context, context.to.Find(ParentTable(object_.id)))) leaves_ = *leaves;
  }

  std::optional<OnlineForm> FindForeignKey() const {
    const std::vector<std::string> plain = Texts(EmitOperation(operation_, context_));
    const std::string prefix = "ALTER TABLE " + emission_.ParentName() + " ";
    if (leaves_.empty() || !plain.front().starts_with(prefix)) return std::nullopt;
    const std::string add = plain.front().substr(prefix.size());
    const std::string name = QuoteIdentifier(object_.id.name);
    OnlineStep make{{}, true, {}, true, false, kNotValidWhy};
    OnlineStep validate{{}, true, {}, true, true, kValidateWhy};
    for (const Index leaf : leaves_) {
      if (HasItsOwn(leaf)) return std::nullopt;
      const std::string alter = "ALTER TABLE " + emission_.Name(context_.to[leaf].id) + " ";
      make.make.push_back(alter + add + " NOT VALID");
      make.take.push_back(alter + "DROP CONSTRAINT IF EXISTS " + name);
      validate.make.push_back(alter + "VALIDATE CONSTRAINT " + name);
    }
    return WithTables({std::move(make), std::move(validate)}, plain);
  }

  std::optional<OnlineForm> FindKey() const {
    // From PostgreSQL 18 on a partition that got a primary key by itself keeps NOT NULL for its own when the key goes.
    constexpr int kKeepsNotNull = 18;
    const bool is_primary = object_.id.kind == ObjectKind::kPrimaryKey;
    if (leaves_.empty() || (is_primary && context_.server_major >= kKeepsNotNull)) return std::nullopt;
    OnlineStep index{{}, false, {}, false, true, kConcurrently};
    std::vector<std::string> constraints;
    for (const Index leaf : leaves_) {
      const ObjectId& table = context_.to[leaf].id;
      const std::string name = NameOfPartitionsIndex(context_.to, object_, table);
      if (HasItsOwn(leaf) || IsTakenName(context_.from, table.schema, name) ||
          IsTakenName(context_.to, table.schema, name)) {
        return std::nullopt;
      }
      const std::string on = emission_.Name(table);
      const std::string schema = table.schema == context_.to.home_schema ? std::string() : table.schema;
      index.make.push_back(KeyIndexText(object_, QuoteIdentifier(name), on));
      index.take.push_back("DROP INDEX CONCURRENTLY IF EXISTS " + QuoteQualified(schema, name));
      constraints.push_back(KeyFromIndexText(object_, QuoteIdentifier(name), on));
    }
    const std::vector<std::string> plain = Texts(EmitOperation(operation_, context_));
    constraints.insert(constraints.end(), plain.begin(), plain.end());
    return WithTables({std::move(index)}, constraints);
  }

 private:
  // What the table's constraint would take for its part, or stumble over.
  bool HasItsOwn(Index leaf) const {
    const auto children = context_.from.Children(context_.from.Find(context_.to[leaf].id));
    return std::any_of(children.begin(), children.end(), [&](Index child) {
      const SchemaObject& other = context_.from[child];
      if (other.id.kind != ObjectKind::kIndex && !IsConstraint(other.id.kind)) return false;
      const bool is_alike =
          (other.id.kind == ObjectKind::kForeignKey) == (object_.id.kind == ObjectKind::kForeignKey) &&
          other.Get(AttributeName::kColumns) == object_.Get(AttributeName::kColumns);
      return is_alike || other.id.name == object_.id.name;
    });
  }

  // The table's own constraint comes last, and takes all of them with it when it goes.
  OnlineForm WithTables(std::vector<OnlineStep> steps, std::vector<std::string> make) const {
    OnlineForm form;
    form.steps = std::move(steps);
    form.drop = Texts(EmitOperation(Inverse(operation_), Reversed(context_)));
    form.steps.push_back(
        {std::move(make), true, form.drop, true, false, "Each partition has its own by now: no row is read."});
    return form;
  }

  const Operation& operation_;
  const EmitContext& context_;
  const Emission emission_;
  const SchemaObject& object_;
  std::vector<Index> leaves_;  // empty: they can't be done one by one
};

}  // namespace

std::optional<OnlineForm> FindPartitionedForeignKeyForm(const Operation& operation, const EmitContext& context) {
  return PartitionedConstraint(operation, context).FindForeignKey();
}

std::optional<OnlineForm> FindPartitionedKeyForm(const Operation& operation, const EmitContext& context) {
  return PartitionedConstraint(operation, context).FindKey();
}

}  // namespace sluice
