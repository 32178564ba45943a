// Reads a whole schema from the catalogs, in a fixed number of queries, in one repeatable-read transaction.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/db/pg_session.h"
#include "core/model/schema.h"

namespace sluice {

struct InspectOptions {
  // The schema whose objects are written without its name, as scripts write them that run under this search_path.
  // Empty: every name is qualified.
  std::string home_schema;
  // Schemas that are passed over as if they weren't there (Sluice's bookkeeping), and single relations (`schema.name`:
  // the version table).
  std::vector<std::string> hidden_schemas;
  std::vector<std::string> hidden_relations;
};

// Needs only what every role may read of the catalogs. Leaves the session's settings as they were. Errors: those of
// ReadSession::Query; kLockBudget when a lock of another session held it up for ten seconds; kInternal when the
// catalogs changed in a way that the transaction's snapshot doesn't protect from (an object that pg_get_*def no longer
// finds), to be tried again.
Result<Schema> InspectSchema(ReadSession& session, const InspectOptions& options);

}  // namespace sluice
