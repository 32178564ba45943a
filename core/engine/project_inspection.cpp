#include "core/engine/project_inspection.h"

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/checksum.h"
#include "core/base/file_cache.h"
#include "core/db/bookkeeping.h"
#include "core/db/pg_session.h"
#include "core/model/schema_codec.h"

namespace sluice {
namespace {

// The first schema of a search_path that is a name, without its quotes.
std::string FirstSchema(std::string_view search_path) {
  while (!search_path.empty()) {
    const std::size_t comma = search_path.find(',');
    std::string_view name = search_path.substr(0, comma);
    search_path.remove_prefix(comma == std::string_view::npos ? search_path.size() : comma + 1);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    if (!name.empty() && name != "$user" && name != "pg_catalog") return std::string(name);
  }
  return "public";
}

// Inspections are files in the cache directory. The key of a state names the build of Sluice that reads it.
FileCache InspectionCache(const Settings& settings) {
  const std::string& directory = settings.cache_directory;
  return FileCache(directory.empty() ? "" : directory + "/inspections", settings.cache_size);
}

std::string InspectionKey(const PreparedDatabase& prepared, const InspectOptions& options) {
  std::string text = prepared.key() + "\nhome " + options.home_schema;
  for (const std::string& name : options.hidden_schemas) text += "\nschema " + name;
  for (const std::string& name : options.hidden_relations) text += "\nrelation " + name;
  return Sha256Hex(text);
}

}  // namespace

std::string HomeSchema(const Settings& settings) { return FirstSchema(settings.search_path); }

InspectOptions ProjectInspectOptions(const Settings& settings) {
  const std::string table_schema =
      settings.version_table_schema.empty() ? HomeSchema(settings) : settings.version_table_schema;
  InspectOptions options;
  options.home_schema = HomeSchema(settings);
  options.hidden_relations.push_back(table_schema + "." + settings.version_table);
  const Bookkeeping bookkeeping(settings, table_schema);
  for (const std::string_view table : kBookkeepingTables) {
    options.hidden_relations.push_back(bookkeeping.schema() + "." + bookkeeping.RelationName(table));
  }
  if (bookkeeping.schema() != options.home_schema && settings.bookkeeping_prefix.empty()) {
    options.hidden_schemas.push_back(bookkeeping.schema());
  }
  return options;
}

Result<Schema> InspectDatabase(const std::string& conninfo, const InspectOptions& options) {
  ConnectFailure failure;
  const std::unique_ptr<ReadSession> session = ReadSession::Open(conninfo, &failure);
  if (session == nullptr) return MakeError(ErrorCode::kUnreachable, "can't connect: " + failure.message);
  return InspectSchema(*session, options);
}

Result<Schema> InspectPrepared(const PreparedDatabase& prepared, const Settings& settings,
                               const InspectOptions& options) {
  const FileCache cache = InspectionCache(settings);
  const std::string key = InspectionKey(prepared, options);
  if (const std::optional<std::string> bytes = cache.Get(key)) {
    std::optional<Schema> kept = SchemaCodec::Decode(*bytes);
    if (kept) return *std::move(kept);
  }
  SLUICE_TRY(Schema schema, InspectDatabase(prepared.conninfo(), options));
  cache.Put(key, SchemaCodec::Encode(schema));
  return schema;
}

}  // namespace sluice
