// Schemas as they are once tables and columns have their new names. PostgreSQL itself finds out what that makes of
// views, indexes and the like, on a scratch database.
#pragma once

#include "core/base/result.h"
#include "core/db/inspector.h"
#include "core/engine/rename_plan.h"
#include "core/engine/scratch_server.h"
#include "core/model/schema.h"

namespace sluice {

struct RenamedSchema {
  Schema schema;
  RenameSteps steps;  // with those that follow
};

// Renames in `database`, which is in the state that `steps` were planned for; what has its name from a renamed table
// follows where `to` has it under the new name. Errors: those of sessions, inspections and of the statements.
Result<RenamedSchema> ApplyRenames(const ScratchDatabase& database, const InspectOptions& options, RenameSteps steps,
                                   const Schema& to);

// The same for a schema that is not on a scratch server: it is made there from nothing first.
Result<RenamedSchema> ApplyRenames(const Schema& from, ScratchServer& server, RenameSteps steps, const Schema& to);

// Takes the renames back in `database`, which has the new names.
Result<Schema> TakeRenamesBack(const ScratchDatabase& database, const InspectOptions& options,
                               const RenameSteps& steps);

}  // namespace sluice
