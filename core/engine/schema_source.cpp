#include "core/engine/schema_source.h"

#include <memory>
#include <optional>
#include <string_view>
#include <thread>

#include "core/config/database_url.h"
#include "core/db/inspector.h"
#include "core/engine/project_inspection.h"

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

// A source that is ready to be read: what takes long is the inspection.
class OpenSource {
 public:
  explicit OpenSource(const RunContext& context) : settings_(context.settings), context_(context) {}

  Status Open(const SchemaSource& source) {
    if (source.kind == SchemaSourceKind::kEmpty) return {};
    settings_.connection = source.connection;
    database_.emplace(RunContext{settings_, context_.observer, context_.clock, context_.interrupt});
    return database_->Connect();
  }

  Result<Schema> Read() {
    if (!database_) return EmptySchema(settings_);
    return InspectSchema(database_->reader(), ProjectInspectOptions(settings_));
  }

 private:
  Settings settings_;
  const RunContext& context_;
  std::optional<Database> database_;
};

}  // namespace

Result<SchemaSource> ParseSchemaSource(const std::string& word, const Settings& settings) {
  SchemaSource source;
  source.word = word;
  if (word == "empty") return source;
  source.kind = SchemaSourceKind::kDatabase;
  if (word == "database") {
    source.connection = settings.connection;
    return source;
  }
  if (IsUrl(word)) {
    source.word = RedactDatabaseUrl(word);
    SLUICE_TRY(source.connection, ConnectionOf(word, settings));
    return source;
  }
  return MakeError(ErrorCode::kUsage, "\"" + word + "\" names no schema",
                   "it is a database's URL (postgresql://…), database for the configured one, or empty");
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

Result<Schema> ReadSchemaSource(const SchemaSource& source, const RunContext& context) {
  OpenSource open(context);
  SLUICE_CHECK(open.Open(source));
  return open.Read();
}

Result<std::pair<Schema, Schema>> ReadSchemaSources(const SchemaSource& first, const SchemaSource& second,
                                                    const RunContext& context) {
  OpenSource first_source(context);
  OpenSource second_source(context);
  SLUICE_CHECK(first_source.Open(first));
  SLUICE_CHECK(second_source.Open(second));
  std::optional<Result<Schema>> second_schema;
  std::thread reader([&] { second_schema.emplace(second_source.Read()); });
  Result<Schema> first_schema = first_source.Read();
  reader.join();
  if (!first_schema.ok()) return std::move(first_schema).error();
  if (!second_schema->ok()) return std::move(*second_schema).error();
  return std::pair(std::move(first_schema).value(), std::move(*second_schema).value());
}

}  // namespace sluice
