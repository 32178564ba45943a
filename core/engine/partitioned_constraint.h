// Keys and foreign keys of a partitioned table in use: made on each partition by itself, so that writers go on. Pure.
#pragma once

#include <optional>

#include "core/engine/safe_form.h"
#include "core/model/operation.h"
#include "core/sql/emit/emit.h"

namespace sluice {

// A foreign key of a partitioned table can be NOT VALID from PostgreSQL 18 only. So each partition gets its own, NOT
// VALID, and validated; the table's then takes these for its parts and reads no rows (tryAttachPartitionForeignKey() in
// src/backend/commands/tablecmds.c). Empty when this can't be done: partitions that come, go or are foreign, one that
// has a constraint of that name or such a foreign key already. REQUIRES: `operation` creates a foreign key that is
// validated, and its table is in both schemas and partitioned.
std::optional<OnlineForm> FindPartitionedForeignKeyForm(const Operation& operation, const EmitContext& context);

// Each partition gets its index CONCURRENTLY, which becomes its constraint; the table's then takes these for its parts
// and builds nothing (DefineIndex() in src/backend/commands/indexcmds.c). They get the names that PostgreSQL would give
// them. Empty as above, and for a PRIMARY KEY from PostgreSQL 18 on. REQUIRES: `operation` creates a UNIQUE constraint
// or PRIMARY KEY that an index by itself can stand for, and its table is in both schemas and partitioned.
std::optional<OnlineForm> FindPartitionedKeyForm(const Operation& operation, const EmitContext& context);

}  // namespace sluice
