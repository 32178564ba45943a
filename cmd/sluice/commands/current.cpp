#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/report_json.h"
#include "cmd/sluice/revision_report.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kVerboseOption{
    .name = "verbose", .short_name = 'v', .help = "Show all that is known of each revision."};

std::string CurrentText(DatabaseAccess& database, bool verbose, const Palette& palette) {
  std::string text;
  for (const std::string& row : database.situation().database.rows) {
    const NodeId node = database.graph().Find(row);
    const std::string file = FileOf(database.project(), row);
    text += RevisionLine(database.graph(), node, palette) + (file.empty() ? " (not in the files)" : "") + "\n";
    if (!verbose) continue;
    for (const std::string& line : RevisionDetails(database.graph(), node, file)) text += "  " + line + "\n";
  }
  if (text.empty()) text = "base: nothing is applied\n";
  for (const ProgressRow& row : database.situation().database.progress) {
    text += palette.Yellow("applied in part: " + row.revision + " (sluice status)") + "\n";
  }
  return text;
}

std::string CurrentJson(DatabaseAccess& database) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion);
  WriteDatabase(json.Key("database"), database.situation().database);
  json.Key("rows").Strings(database.situation().database.rows).Key("revisions").BeginArray();
  for (const std::string& row : database.situation().database.rows) {
    const NodeId node = database.graph().Find(row);
    json.BeginObject();
    WriteRevisionMembers(json, database.graph(), node, FileOf(database.project(), row));
    json.EndObject();
  }
  json.EndArray().Key("ahead").Strings(database.situation().ahead).EndObject();
  return std::move(json).Finish();
}

Result<ExitCode> RunCurrent(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  DatabaseAccess database(invocation, console, workspace.config.settings, workspace.project);
  SLUICE_CHECK(database.Open());
  console.Print(WantsJson(invocation) ? CurrentJson(database)
                                      : CurrentText(database, invocation.Has(kVerboseOption), console.palette()));
  return ExitCode::kDone;
}

constexpr const OptionSpec* kOptions[] = {&kVerboseOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kCurrentCommand{
    .name = "current",
    .summary = "Show the revision that the database is at",
    .description = "Shows the version rows of the database: the newest applied revision, or one of each branch.",
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice current",
    .run = RunCurrent};

}  // namespace sluice::cli
