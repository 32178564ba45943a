// The sides of `sluice diff`: what a word of the command line means as a schema, and reading it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/engine/desired_schema.h"
#include "core/engine/scratch_server.h"
#include "core/model/schema.h"
#include "core/model/settings.h"

namespace sluice {

enum class SchemaSourceKind {
  kEmpty,     // `empty`: a new database
  kDatabase,  // a URL, or `database`: the configured one
  kModels,    // `models`: the declared ones; or files and folders of SQL
  kScripts,   // `scripts`, `scripts@REV`: what the project's scripts build
};

struct SchemaSource {
  SchemaSourceKind kind = SchemaSourceKind::kEmpty;
  std::string word;               // as the user wrote it, without secrets
  ConnectionSettings connection;  // kDatabase
  ModelsSetting models;           // kModels
  std::string revision;           // kScripts: an identifier
};

// Errors: kUsage for a word that is none of them; kConfig for a URL that can't be read.
Result<SchemaSource> ParseSchemaSource(const std::string& word, const Settings& settings);

// What a database holds that nobody has put anything into: the schema public.
Schema EmptySchema(const Settings& settings);

struct SchemaState {
  Schema schema;
  std::vector<RenameHint> renames;  // of models
  std::vector<ModelNote> notes;
};

// Reads the schemas of one command. Sluice's own tables are left out. Models are loaded into a scratch database on the
// server of the first source that is a database, otherwise of the configured one. Not thread safe.
class SchemaReader {
 public:
  // REQUIRES: what `context` refers to outlives this.
  explicit SchemaReader(const RunContext& context)
      : settings_(context.settings), context_{settings_, context.observer, context.clock, context.interrupt} {}
  SchemaReader(const SchemaReader&) = delete;
  SchemaReader& operator=(const SchemaReader&) = delete;

  // Errors: those of Database::Connect, InspectSchema, ReadModels and PrepareDesiredSchema.
  Result<SchemaState> Read(const SchemaSource& source);
  // Both at once, each with a session of its own.
  Result<std::pair<SchemaState, SchemaState>> ReadBoth(const SchemaSource& first, const SchemaSource& second);

  // Opened when it is first asked for. Errors: those of ScratchServer::Open.
  Result<ScratchServer*> Scratch();

 private:
  // A source that is ready to be read: what takes long then is the inspection.
  struct Opened {
    Settings settings;
    std::unique_ptr<Database> database;
    std::optional<PreparedDatabase> prepared;
    LoadedModels models;
  };
  Status OpenModels(const SchemaSource& source, Opened& opened);
  Result<std::unique_ptr<Opened>> Open(const SchemaSource& source);
  static Result<SchemaState> Inspect(Opened& opened);

  Settings settings_;  // the connection is that of the server for scratch databases
  RunContext context_;
  std::unique_ptr<ScratchServer> scratch_;
};

}  // namespace sluice
