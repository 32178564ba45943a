// An index of a partitioned table in use: made on each partition by itself, so that writers go on. Pure.
#pragma once

#include <optional>

#include "core/engine/safe_form.h"
#include "core/model/operation.h"
#include "core/sql/emit/emit.h"

namespace sluice {

// CREATE INDEX CONCURRENTLY isn't there for partitioned tables; the way round it is that of the manual ("Table
// Partitioning"): the index of the table alone, which is invalid, those of the partitions, and the attachment of each.
// They get the names that PostgreSQL would give them. Empty when this can't be done: expressions, whose names can't be
// told, a name that is taken, partitions that come, go or are foreign, one that has such an index already.
// REQUIRES: `operation` creates an index, and its table is in both schemas and partitioned.
std::optional<OnlineForm> FindPartitionedIndexForm(const Operation& operation, const EmitContext& context);

}  // namespace sluice
