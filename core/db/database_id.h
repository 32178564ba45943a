// Which database it is, whatever address it was reached by.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/db/pg_session.h"

namespace sluice {

// 32 hex digits: the same for two sessions that would migrate the same tables. Made of the cluster's system identifier,
// the database's oid and `version_table` (Bookkeeping::version_table_key). Where the role may not ask for the system
// identifier it is left out: databases of two clusters may then look alike, never one like two. Errors: ReadSession's.
Result<std::string> ReadDatabaseId(ReadSession& session, std::string_view version_table);

}  // namespace sluice
