// The custom resource SchemaMigration as JSON. Pure.
#pragma once

#include "operator/api/schema_migration.h"

namespace sluice::api {

// Reads an object as the API server has it. Never fails: what isn't there, is of another kind or can't be understood is
// what the resource's defaults say, so that an object of an older or newer schema is still known by its name. Durations
// are texts (`1h30m`); `validation.mode: None` reads as no validation.
SchemaMigration ReadSchemaMigration(const Json& object);

// The member `status` as it goes to the status subresource: all of it, so it takes the place of the one before; what is
// empty is left out. Valid UTF-8; texts and lists are cut to the limits of limits.h, kMostSteps and kMostHistory, and
// when it is still larger than kLargestStatus, the plan's last steps are left out, then the way back's data losses,
// then revisions of `reached`, then the oldest of the history, and then the ends of messages. Times are whole seconds.
Json WriteStatus(const Status& status);

}  // namespace sluice::api
