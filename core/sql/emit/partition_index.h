// The indexes of partitions that hang on their parent's and have names of their own (AttributeName::kMembers). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/sql/emit/emission.h"

namespace sluice {

struct PartitionIndex {
  std::string table;  // as SQL
  std::string name;   // the same, without a schema
};

// The columns of an index or key as PostgreSQL joins them in a name that it makes up (ChooseIndexColumnNames() in
// src/backend/commands/indexcmds.c); empty where an expression has a part in it.
std::optional<std::string> ColumnsInIndexName(const SchemaObject& index);

// The partition that a line of AttributeName::kMembers of an index or key speaks of.
ObjectId MemberTable(const Schema& schema, std::string_view line);

// The name, without quotes, of what a partition has of an index or key of its partitioned table; empty where PostgreSQL
// made it up from an expression.
std::string NameOfPartitionsIndex(const Schema& schema, const SchemaObject& index, const ObjectId& partition);

// Those of an index or constraint that is created; deeper partitions first, so that each finds its own below it.
std::vector<PartitionIndex> PartitionIndexes(const Emission& emission);

// Brings their names from what they were, or from what PostgreSQL gave them, to what they have to be.
void EmitPartitionIndexNames(Emission& emission);

}  // namespace sluice
