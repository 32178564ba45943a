// How many rows a destructive operation takes with it, counted on a database.
#pragma once

#include <string>

#include "core/db/pg_session.h"
#include "core/model/operation.h"
#include "core/model/schema.h"

namespace sluice {

// A query of one number: the rows of a dropped table, the values of a dropped or narrowed column. Empty where there is
// nothing to count. Pure.
std::string CountQuery(const Operation& operation, const Schema& from);

// `3 rows`, or empty where the database can't say (no such table, no privilege). `home_schema`: that of the query's
// names.
std::string CountLost(ReadSession& session, const std::string& query, const std::string& home_schema);

}  // namespace sluice
