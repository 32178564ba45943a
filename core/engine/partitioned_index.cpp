#include "core/engine/partitioned_index.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/engine/partition_tree.h"
#include "core/engine/taken_name.h"
#include "core/sql/emit/emission.h"
#include "core/sql/emit/partition_index.h"
#include "core/sql/identifier.h"
#include "core/sql/object_name.h"

namespace sluice {
namespace {

using Index = Schema::Index;

class PartitionedIndex {
 public:
  PartitionedIndex(const Operation& operation, const EmitContext& context)
      : context_(context), emission_(operation, context), index_(context.to[operation.to]) {}

  std::optional<OnlineForm> Find(const std::vector<SqlStatement>& plain) {
    const std::string& statement = plain.front().text;
    const std::string on = QuoteIdentifier(index_.id.name) + " ON " + emission_.ParentName();
    const std::size_t place = statement.find(on);
    const std::optional<std::string> columns = ColumnsInIndexName(index_);
    if (place == std::string::npos || !columns) return std::nullopt;
    create_ = statement.substr(0, place);
    definition_ = statement.substr(place + on.size());
    columns_ = *columns;
    const std::string name = emission_.Name(index_.id);
    alone_.push_back(create_ + QuoteIdentifier(index_.id.name) + " ON ONLY " + emission_.ParentName() + definition_);
    if (!AddPartitions(context_.to.Find(ParentTable(index_.id)), name) || partitions_.empty()) return std::nullopt;

    const std::string drop = "DROP INDEX IF EXISTS " + name;
    for (std::size_t i = 1; i < plain.size(); ++i) attach_.push_back(plain[i].text);
    OnlineForm form;
    form.steps.push_back(
        {std::move(alone_), true, {drop}, true, false, "It becomes valid when every partition has its index."});
    form.steps.push_back({std::move(partitions_), false, std::move(drop_partitions_), false, true, kConcurrently});
    form.steps.push_back({std::move(attach_), true, {drop}, true, false, ""});
    form.drop = {"DROP INDEX " + name};
    return form;
  }

 private:
  bool HasSuchAnIndex(const ObjectId& table) const {
    const auto children = context_.from.Children(context_.from.Find(table));
    return std::any_of(children.begin(), children.end(), [&](Index child) {
      const SchemaObject& other = context_.from[child];
      return other.id.kind == ObjectKind::kIndex &&
             other.Get(AttributeName::kColumns) == index_.Get(AttributeName::kColumns);
    });
  }

  // The indexes of a table's partitions, and of theirs; `parent_index` is written as SQL.
  bool AddPartitions(Index table, const std::string& parent_index) {
    const std::vector<Index> partitions = PartitionsOf(context_.to, table);
    const Index before = context_.from.Find(context_.to[table].id);
    if (before == Schema::kNone || PartitionsOf(context_.from, before).size() != partitions.size()) return false;
    return std::all_of(partitions.begin(), partitions.end(),
                       [&](Index partition) { return AddPartition(partition, parent_index); });
  }

  bool AddPartition(Index partition, const std::string& parent_index) {
    const SchemaObject& table = context_.to[partition];
    const std::string name = MakeObjectName(table.id.name, columns_, "idx");
    const Index before = context_.from.Find(table.id);
    if (table.id.kind != ObjectKind::kTable || before == Schema::kNone || HasSuchAnIndex(table.id)) return false;
    if (context_.from[before].Get(AttributeName::kPartitionOf) != table.Get(AttributeName::kPartitionOf)) return false;
    if (IsTakenName(context_.from, table.id.schema, name) || IsTakenName(context_.to, table.id.schema, name)) {
      return false;
    }
    const std::string qualified =
        QuoteQualified(table.id.schema == context_.to.home_schema ? "" : table.id.schema, name);
    if (table.Has(AttributeName::kPartitionKey)) {
      alone_.push_back(create_ + QuoteIdentifier(name) + " ON ONLY " + emission_.Name(table.id) + definition_);
      if (!AddPartitions(partition, qualified)) return false;
    } else {
      partitions_.push_back(create_ + "CONCURRENTLY " + QuoteIdentifier(name) + " ON " + emission_.Name(table.id) +
                            definition_);
      drop_partitions_.push_back("DROP INDEX CONCURRENTLY IF EXISTS " + qualified);
    }
    attach_.push_back("ALTER INDEX " + parent_index + " ATTACH PARTITION " + qualified);
    return true;
  }

  const EmitContext& context_;
  const Emission emission_;
  const SchemaObject& index_;
  std::string create_;      // `CREATE [UNIQUE] INDEX `
  std::string definition_;  // what follows the table's name
  std::string columns_;     // as they stand in the names of indexes
  std::vector<std::string> alone_;
  std::vector<std::string> partitions_;
  std::vector<std::string> drop_partitions_;
  std::vector<std::string> attach_;
};

}  // namespace

std::optional<OnlineForm> FindPartitionedIndexForm(const Operation& operation, const EmitContext& context) {
  return PartitionedIndex(operation, context).Find(EmitOperation(operation, context));
}

}  // namespace sluice
