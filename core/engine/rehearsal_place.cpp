#include "core/engine/rehearsal_place.h"

#include <utility>

#include "core/config/connection.h"
#include "core/diff/difference_text.h"
#include "core/engine/migrator.h"
#include "core/engine/project_inspection.h"
#include "core/engine/quiet_observer.h"
#include "core/engine/replay.h"
#include "core/engine/schema_change.h"
#include "core/engine/schema_source.h"

namespace sluice {
namespace {

constexpr std::string_view kOthersAreConnected = "55006";

class PlaceMaker {
 public:
  PlaceMaker(const RunContext& context, const Project& project, const std::vector<std::string>& rows)
      : context_(context), project_(project), rows_(rows) {}

  Result<RehearsalPlace> Scripts() {
    SLUICE_CHECK(OpenServer());
    SLUICE_TRY(const PreparedDatabase replay, PrepareReplay(context_, *place_.server, project_, rows_));
    SLUICE_TRY(place_.database, replay.Copy());
    return Finish("what the scripts build");
  }

  Result<RehearsalPlace> Template() {
    SLUICE_CHECK(OpenServer());
    auto copy = place_.server->CopyConfigured();
    if (!copy.ok()) return CantCopy(std::move(copy).error());
    place_.database = std::move(*copy);
    return Finish("a copy of the database with its rows");
  }

  Result<RehearsalPlace> SchemaAlone() {
    SLUICE_TRY(const Schema schema, InspectConfigured());
    SLUICE_CHECK(OpenServer());
    SLUICE_TRY(place_.database, place_.server->Create());
    place_.settings = ScratchSettings(context_.settings, place_.database->connection());
    SLUICE_CHECK(CreateObjects(schema));
    SLUICE_CHECK(RemarkDifferences(schema));
    SLUICE_CHECK(StampRows());
    return Finish("a copy of the database's schema, without rows");
  }

  Result<RehearsalPlace> TheDatabase() {
    place_.settings = context_.settings;
    Database database(context_);
    SLUICE_CHECK(database.Connect());
    place_.server_major = database.reader().server_version() / 10000;
    place_.words = "the database itself";
    return std::move(place_);
  }

 private:
  Status OpenServer() {
    SLUICE_TRY(place_.server, ScratchServer::Open(context_));
    place_.server_major = place_.server->major_version();
    return {};
  }

  Result<RehearsalPlace> Finish(const std::string& what) {
    place_.settings = ScratchSettings(context_.settings, place_.database->connection());
    place_.words = what + ", on " + place_.server->Describe();
    return std::move(place_);
  }

  static Error CantCopy(Error error) {
    error.hint = "--copy schema needs no rows, and --copy none runs on the database itself";
    if (error.server.sqlstate == kOthersAreConnected) {
      error.message = "the database can't be copied while others are connected to it: " + error.server.message;
      error.hint = "end their sessions meanwhile; " + error.hint;
    }
    return error;
  }

  // Roles are the server's, so grants to them can be copied on the same one only.
  DiffOptions Options() const { return {.compare_grants = place_.server->is_configured_server()}; }

  Result<Schema> InspectConfigured() {
    Database database(context_);
    SLUICE_CHECK(database.Connect());
    return InspectSchema(database.reader(), ProjectInspectOptions(context_.settings));
  }

  Status CreateObjects(const Schema& schema) {
    const Schema empty = EmptySchema(context_.settings);
    const std::string script = WriteSchemaScript(PlanSchemaChange(empty, schema, Options()), empty, schema);
    ConnectFailure failure;
    const std::unique_ptr<ScriptSession> session = ScriptSession::Open(place_.database->conninfo(), &failure);
    if (session == nullptr) {
      return MakeError(ErrorCode::kScratch, "a scratch database can't be connected to: " + failure.message);
    }
    const std::string setup = Database::ResetSession() +
                              Database::SessionSetup(context_.settings, session->server_version()) +
                              "SET synchronous_commit = off;\n";
    MessageOutcome outcome = session->Send(setup, nullptr);
    if (outcome.ok() && !script.empty()) outcome = session->Send(script, nullptr);
    if (outcome.ok()) return {};
    Error error = MakeError(ErrorCode::kScratch, "the schema of the database can't be made again in a scratch database",
                            "--copy scripts takes what the scripts build instead");
    error.server = outcome.failure->server;
    return error;
  }

  Status RemarkDifferences(const Schema& schema) {
    for (const UnmanagedObject& object : schema.unmanaged) {
      place_.remarks.push_back("not copied, because it is not managed: " + object.kind + " " + object.name);
    }
    SLUICE_TRY(const Schema copy,
               InspectDatabase(place_.database->conninfo(), ProjectInspectOptions(context_.settings)));
    const std::vector<Difference> differences = WithoutPositions(CompareSchemas(schema, copy, Options()));
    for (const Difference& difference : WithoutParts(differences, schema, copy)) {
      place_.remarks.push_back("not copied as it is: " +
                               DifferenceText(difference, schema, copy, "the database", "the copy"));
    }
    return {};
  }

  Status StampRows() {
    if (rows_.empty()) return {};
    QuietObserver observer;
    Migrator migrator({place_.settings, observer, context_.clock, context_.interrupt}, project_);
    RunReport report = migrator.Stamp({.targets = rows_});
    if (report.error) return std::move(*report.error);
    return {};
  }

  const RunContext& context_;
  const Project& project_;
  const std::vector<std::string>& rows_;
  RehearsalPlace place_;
};

}  // namespace

std::string RehearsalPlace::conninfo() const { return BuildConninfo(settings.connection); }

Result<RehearsalPlace> MakeRehearsalPlace(const RunContext& context, const Project& project, CopyKind kind,
                                          const std::vector<std::string>& rows) {
  PlaceMaker maker(context, project, rows);
  switch (kind) {
    case CopyKind::kSchema:
      return maker.SchemaAlone();
    case CopyKind::kTemplate:
      return maker.Template();
    case CopyKind::kScripts:
      return maker.Scripts();
    case CopyKind::kNone:
      break;
  }
  return maker.TheDatabase();
}

}  // namespace sluice
