// What a database is called, before anybody has connected to it. Pure.
#pragma once

#include <string>
#include <vector>

#include "operator/api/schema_migration.h"

namespace sluice::migration {

// `secret/NAME/KEY`, or `HOST:PORT/NAME`.
std::string NameOf(const api::DatabaseRef& database);

// Of what a resource's Jobs work on: its database, and staging's.
std::vector<std::string> DatabasesOf(const api::SchemaMigration& resource);

}  // namespace sluice::migration
