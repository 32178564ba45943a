// The two sides of `sluice diff`: what a word of the command line means as a schema, and reading it.
#pragma once

#include <string>
#include <utility>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/model/schema.h"
#include "core/model/settings.h"

namespace sluice {

enum class SchemaSourceKind {
  kEmpty,     // `empty`: a new database
  kDatabase,  // a URL, or `database`: the configured one
};

struct SchemaSource {
  SchemaSourceKind kind = SchemaSourceKind::kEmpty;
  std::string word;               // as the user wrote it, without secrets
  ConnectionSettings connection;  // kDatabase
};

// Errors: kUsage for a word that is none of them; kConfig for a URL that can't be read.
Result<SchemaSource> ParseSchemaSource(const std::string& word, const Settings& settings);

// What a database holds that nobody has put anything into: the schema public.
Schema EmptySchema(const Settings& settings);

// Reads a schema. Sluice's own tables are left out. Errors: those of Database::Connect and InspectSchema.
Result<Schema> ReadSchemaSource(const SchemaSource& source, const RunContext& context);

// Reads two at once, each with a session of its own.
Result<std::pair<Schema, Schema>> ReadSchemaSources(const SchemaSource& first, const SchemaSource& second,
                                                    const RunContext& context);

}  // namespace sluice
