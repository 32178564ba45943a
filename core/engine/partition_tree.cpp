#include "core/engine/partition_tree.h"

#include <algorithm>

namespace sluice {
namespace {

bool AddStanding(const EmitContext& context, Schema::Index table, std::vector<Schema::Index>& leaves) {
  const Schema::Index before = context.from.Find(context.to[table].id);
  const std::vector<Schema::Index> partitions = PartitionsOf(context.to, table);
  if (before == Schema::kNone || PartitionsOf(context.from, before).size() != partitions.size()) return false;
  return std::all_of(partitions.begin(), partitions.end(), [&](Schema::Index i) {
    const SchemaObject& partition = context.to[i];
    const Schema::Index old = context.from.Find(partition.id);
    if (partition.id.kind != ObjectKind::kTable || old == Schema::kNone) return false;
    for (const AttributeName name : {AttributeName::kPartitionOf, AttributeName::kPartitionKey}) {
      if (context.from[old].Get(name) != partition.Get(name)) return false;
    }
    if (partition.Has(AttributeName::kPartitionKey)) return AddStanding(context, i, leaves);
    leaves.push_back(i);
    return true;
  });
}

}  // namespace

std::vector<Schema::Index> PartitionsOf(const Schema& schema, Schema::Index table) {
  std::vector<Schema::Index> partitions;
  for (Schema::Index i = 0; i < schema.size(); ++i) {
    const auto needs = schema.Needs(i);
    if (schema[i].Has(AttributeName::kPartitionOf) && std::binary_search(needs.begin(), needs.end(), table)) {
      partitions.push_back(i);
    }
  }
  return partitions;
}

std::optional<std::vector<Schema::Index>> StandingPartitions(const EmitContext& context, Schema::Index table) {
  std::vector<Schema::Index> leaves;
  if (!AddStanding(context, table, leaves)) return std::nullopt;
  return leaves;
}

}  // namespace sluice
