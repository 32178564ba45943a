// Parts that several JSON answers have in common (docs/json.md).
#pragma once

#include <vector>

#include "cmd/sluice/json_writer.h"
#include "core/db/version_store.h"
#include "core/engine/partial.h"
#include "core/graph/migration_plan.h"

namespace sluice::cli {

// Where the database is and what it is.
void WriteDatabase(JsonWriter& json, const DatabaseState& database);

// The members of a partial revision, into the object that is open.
void WritePartialMembers(JsonWriter& json, const PartialRevision& partial);

// An array.
void WriteWaiting(JsonWriter& json, const std::vector<WaitingRevision>& waiting);

}  // namespace sluice::cli
