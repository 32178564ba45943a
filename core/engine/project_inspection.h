// Inspecting databases as the project sees them: names as its scripts write them, without Sluice's own tables.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/db/inspector.h"
#include "core/engine/scratch_server.h"
#include "core/model/schema.h"
#include "core/model/settings.h"

namespace sluice {

// The schema that scripts create objects in when they name none: the first of the configured search_path, else
// `public`.
std::string HomeSchema(const Settings& settings);

InspectOptions ProjectInspectOptions(const Settings& settings);

// Connects, inspects, and connects no longer: a database can be copied only while nobody is connected to it. `conninfo`
// may hold secrets. Errors: kUnreachable with libpq's message; those of InspectSchema.
Result<Schema> InspectDatabase(const std::string& conninfo, const InspectOptions& options);

// The same of a state that nobody changes: what an earlier run of this build has read, or reads and keeps it. May run
// beside what else is done with the server of `prepared`.
Result<Schema> InspectPrepared(const PreparedDatabase& prepared, const Settings& settings,
                               const InspectOptions& options);

}  // namespace sluice
