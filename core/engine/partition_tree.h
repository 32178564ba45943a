// The partitions of a partitioned table in use. Pure.
#pragma once

#include <optional>
#include <vector>

#include "core/model/schema.h"
#include "core/sql/emit/emit.h"

namespace sluice {

// The partitions of `table`, without those of its partitions.
std::vector<Schema::Index> PartitionsOf(const Schema& schema, Schema::Index table);

// The partitions that hold the rows of `table`, a place in `context.to`, at any depth. Empty when one of them, or of
// those between, comes, goes, moves, or is a foreign table: what is done to each by itself would miss the one or fail
// on the other.
std::optional<std::vector<Schema::Index>> StandingPartitions(const EmitContext& context, Schema::Index table);

}  // namespace sluice
