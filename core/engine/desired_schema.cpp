#include "core/engine/desired_schema.h"

#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/checksum.h"
#include "core/config/connection_diagnosis.h"
#include "core/engine/database.h"
#include "core/engine/model_loader.h"

namespace sluice {
namespace {

// Part of the key of a kept state: changes when the loader does.
constexpr std::string_view kLoader = "models 1";

std::string EncodeNotes(const std::vector<ModelNote>& notes) {
  auto list = nlohmann::json::array();
  for (const ModelNote& note : notes) list.push_back({note.file, note.line, note.message});
  return list.dump();
}

std::vector<ModelNote> DecodeNotes(const std::string& text) {
  std::vector<ModelNote> notes;
  const auto list = nlohmann::json::parse(text, nullptr, false);
  if (!list.is_array()) return notes;
  for (const auto& item : list) {
    if (!item.is_array() || item.size() != 3 || !item[0].is_string() || !item[1].is_number_integer() ||
        !item[2].is_string()) {
      continue;
    }
    notes.push_back({item[0].get<std::string>(), item[1].get<int>(), item[2].get<std::string>()});
  }
  return notes;
}

std::string HashOf(const Settings& settings, const ModelSources& sources) {
  std::string text = std::string(kLoader) + "\n" + sources.hash + "\n" + settings.search_path + "\n" + settings.role;
  for (const auto& [name, value] : settings.session_settings) text += "\n" + name + "=" + value;
  return Sha256Hex(text);
}

}  // namespace

Result<std::vector<ModelNote>> LoadModels(const RunContext& context, ScratchServer& server,
                                          const ScratchDatabase& database, const ModelSources& sources) {
  ConnectFailure failure;
  const std::unique_ptr<ScriptSession> session = ScriptSession::Open(database.conninfo(), &failure);
  if (session == nullptr) return DiagnoseConnection(database.connection(), failure.message, "");
  ModelLoaderOptions options;
  options.setup = Database::ResetSession() + Database::SessionSetup(context.settings, session->server_version()) +
                  "SET check_function_bodies = off;\nSET synchronous_commit = off;\n";
  options.may_make_roles = server.is_private();
  options.server = server.Describe();
  return ModelLoader(*session, sources.models, options, context.interrupt).Run();
}

Result<DesiredSchema> PrepareDesiredSchema(const RunContext& context, ScratchServer& server,
                                           const ModelSources& sources) {
  LoadedModels loaded;
  loaded.hash = HashOf(context.settings, sources);
  for (const ModelText& model : sources.models) {
    SLUICE_TRY(std::vector<RenameHint> hints, FindRenameHints(model));
    loaded.renames.insert(loaded.renames.end(), hints.begin(), hints.end());
    loaded.notes.insert(loaded.notes.end(), model.notes.begin(), model.notes.end());
  }
  SLUICE_TRY(PreparedDatabase database,
             server.Prepared(loaded.hash, [&](const ScratchDatabase& scratch) -> Result<std::string> {
               SLUICE_TRY(const std::vector<ModelNote> notes, LoadModels(context, server, scratch, sources));
               return EncodeNotes(notes);
             }));
  for (ModelNote& note : DecodeNotes(database.payload())) loaded.notes.push_back(std::move(note));
  return DesiredSchema{std::move(database), std::move(loaded)};
}

}  // namespace sluice
