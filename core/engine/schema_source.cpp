#include "core/engine/schema_source.h"

#include <optional>
#include <string_view>
#include <thread>

#include "core/base/file_system.h"
#include "core/config/database_url.h"
#include "core/db/inspector.h"
#include "core/engine/project_inspection.h"
#include "core/engine/replay.h"

namespace sluice {
namespace {

bool IsUrl(std::string_view word) {
  return word.starts_with("postgres://") || word.starts_with("postgresql://") || word.starts_with("postgresql+");
}

Result<ConnectionSettings> ConnectionOf(const std::string& url, const Settings& settings) {
  SLUICE_TRY(const ConnectionParts parts, ParseDatabaseUrl(url, "the database URL"));
  ConnectionSettings connection = settings.connection;
  connection.keywords.clear();
  for (const auto& [keyword, value] : parts) {
    const bool secret = keyword == "password" || keyword == "sslpassword";
    connection.keywords.push_back({keyword, value, "the URL", "the command line", secret});
  }
  return connection;
}

}  // namespace

Result<SchemaSource> ParseSchemaSource(const std::string& word, const Settings& settings) {
  SchemaSource source;
  source.word = word;
  if (word == "empty") return source;
  if (word == "models") {
    source.kind = SchemaSourceKind::kModels;
    source.models = settings.models;
    return source;
  }
  if (word == "scripts" || word.starts_with("scripts@")) {
    source.kind = SchemaSourceKind::kScripts;
    source.revision = word == "scripts" ? "heads" : word.substr(word.find('@') + 1);
    return source;
  }
  if (word == "database") {
    source.kind = SchemaSourceKind::kDatabase;
    source.connection = settings.connection;
    return source;
  }
  if (IsUrl(word)) {
    source.kind = SchemaSourceKind::kDatabase;
    source.word = RedactDatabaseUrl(word);
    SLUICE_TRY(source.connection, ConnectionOf(word, settings));
    return source;
  }
  if (word.ends_with(".sql") || word.find('/') != std::string::npos || FileExists(word) || DirectoryExists(word)) {
    source.kind = SchemaSourceKind::kModels;
    source.models.paths = {word};
    return source;
  }
  return MakeError(ErrorCode::kUsage, "\"" + word + "\" names no schema",
                   "it is a database's URL (postgresql://…), a file or folder of SQL, models for the declared ones, "
                   "scripts or scripts@REV for what the scripts build, database for the configured one, or empty");
}

Schema EmptySchema(const Settings& settings) {
  SchemaBuilder builder;
  SchemaObject home;
  home.id.kind = ObjectKind::kSchema;
  home.id.name = "public";
  home.Set(AttributeName::kOwner, "pg_database_owner");  // since PostgreSQL 15
  builder.Add(std::move(home));
  Schema empty = builder.Build();
  empty.home_schema = HomeSchema(settings);
  return empty;
}

Result<ScratchServer*> SchemaReader::Scratch() {
  if (scratch_ == nullptr) {
    SLUICE_TRY(scratch_, ScratchServer::Open(context_));
  }
  return scratch_.get();
}

Result<std::unique_ptr<SchemaReader::Opened>> SchemaReader::Open(const SchemaSource& source) {
  auto opened = std::make_unique<Opened>();
  opened->settings = settings_;
  if (source.kind == SchemaSourceKind::kDatabase) {
    opened->settings.connection = source.connection;
    opened->database =
        std::make_unique<Database>(RunContext{opened->settings, context_.observer, context_.clock, context_.interrupt});
    SLUICE_CHECK(opened->database->Connect());
  }
  if (source.kind == SchemaSourceKind::kModels) SLUICE_CHECK(OpenModels(source, *opened));
  if (source.kind == SchemaSourceKind::kScripts) {
    SLUICE_TRY(const Project project, LoadProject(settings_));
    SLUICE_TRY(ScratchServer* const scratch, Scratch());
    SLUICE_TRY(opened->prepared, PrepareReplay(context_, *scratch, project, {source.revision}));
  }
  return opened;
}

Status SchemaReader::OpenModels(const SchemaSource& source, Opened& opened) {
  SLUICE_TRY(const ModelSources sources, ReadModels(source.models, context_.interrupt));
  SLUICE_TRY(ScratchServer* const scratch, Scratch());
  SLUICE_TRY(DesiredSchema desired, PrepareDesiredSchema(context_, *scratch, sources));
  opened.models = std::move(desired.models);
  opened.prepared.emplace(std::move(desired.database));
  return {};
}

Result<SchemaState> SchemaReader::Inspect(Opened& opened) {
  SchemaState state;
  const InspectOptions options = ProjectInspectOptions(opened.settings);
  if (opened.prepared) {
    SLUICE_TRY(state.schema, InspectPrepared(*opened.prepared, opened.settings, options));
    state.renames = opened.models.renames;
    state.notes = opened.models.notes;
  } else if (opened.database != nullptr) {
    SLUICE_TRY(state.schema, InspectSchema(opened.database->reader(), options));
  } else {
    state.schema = EmptySchema(opened.settings);
  }
  return state;
}

Result<SchemaState> SchemaReader::Read(const SchemaSource& source) {
  SLUICE_TRY(const std::unique_ptr<Opened> opened, Open(source));
  return Inspect(*opened);
}

Result<std::pair<SchemaState, SchemaState>> SchemaReader::ReadBoth(const SchemaSource& first,
                                                                   const SchemaSource& second) {
  for (const SchemaSource* source : {&second, &first}) {
    if (source->kind == SchemaSourceKind::kDatabase) settings_.connection = source->connection;
  }
  SLUICE_TRY(const std::unique_ptr<Opened> first_opened, Open(first));
  SLUICE_TRY(const std::unique_ptr<Opened> second_opened, Open(second));
  std::optional<Result<SchemaState>> second_state;
  std::thread reader([&] { second_state.emplace(Inspect(*second_opened)); });
  Result<SchemaState> first_state = Inspect(*first_opened);
  reader.join();
  if (!first_state.ok()) return std::move(first_state).error();
  if (!second_state->ok()) return std::move(*second_state).error();
  return std::pair(std::move(first_state).value(), std::move(*second_state).value());
}

}  // namespace sluice
