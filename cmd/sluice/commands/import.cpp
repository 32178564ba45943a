#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/revision_report.h"
#include "cmd/sluice/workspace.h"
#include "core/base/file_system.h"
#include "core/base/near_match.h"
#include "core/script/import_plain_sql.h"

namespace sluice::cli {
namespace {

Result<ImportFormat> ChosenFormat(const std::string& name) {
  if (name == "golang-migrate") return ImportFormat::kGolangMigrate;
  if (name == "prisma") return ImportFormat::kPrisma;
  const std::string hint = DidYouMean(NearMatches(name, {"golang-migrate", "prisma"}));
  return MakeError(ErrorCode::kUsage, "\"" + name + "\" can't be imported",
                   hint.empty() ? "the formats are golang-migrate and prisma" : hint);
}

// What the first imported revision follows: the head there is, or nothing in a project that is still empty.
Result<std::vector<std::string>> ChooseParents(const Settings& settings) {
  if (!DirectoryExists(settings.versions.front().path)) return std::vector<std::string>();
  SLUICE_TRY(const Project project, LoadProject(settings));
  std::vector<std::string> heads = Ids(project.graph, project.graph.heads());
  if (heads.size() < 2) return heads;
  return MakeError(ErrorCode::kMultipleHeads, "there are several heads to follow: " + Join(heads),
                   "make one of them first: sluice merge");
}

std::string ImportText(const ImportReport& report) {
  std::string text;
  for (const ImportedRevision& revision : report.revisions) {
    text += revision.path;
    if (revision.has_sections_outside_transaction) text += " (a part runs outside a transaction)";
    if (revision.irreversible) text += " (no way back)";
    text += "\n";
  }
  for (const std::string& path : report.ignored) text += "Ignored: " + path + "\n";
  return text + "Imported " + Count(report.revisions.size(), "revision") + "\n";
}

std::string ImportJson(const ImportReport& report) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("revisions").BeginArray();
  for (const ImportedRevision& revision : report.revisions) {
    json.BeginObject().Member("revision", revision.id).Member("source", revision.source).Member("file", revision.path);
    json.Key("outside_transaction").Bool(revision.has_sections_outside_transaction);
    json.Key("irreversible").Bool(revision.irreversible).EndObject();
  }
  json.EndArray().Key("ignored").Strings(report.ignored).EndObject();
  return std::move(json).Finish();
}

Result<ExitCode> RunImport(const Invocation& invocation, Console& console) {
  ImportRequest request;
  SLUICE_TRY(request.format, ChosenFormat(invocation.arguments[0]));
  request.directory = invocation.arguments[1];
  SLUICE_TRY(const Config config, LoadCommandConfig(invocation));
  request.location = config.settings.versions.front().path;
  SLUICE_TRY(request.down_revisions, ChooseParents(config.settings));
  SLUICE_TRY(const ImportReport report, ImportPlainSql(request));
  console.Print(WantsJson(invocation) ? ImportJson(report) : ImportText(report));
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "FORMAT",
     .help = "golang-migrate (NAME.up.sql and NAME.down.sql) or prisma (NAME/migration.sql).",
     .at_least = 1},
    {.name = "DIR", .help = "The folder of that tool's migrations.", .at_least = 1}};
constexpr const OptionSpec* kOptions[] = {&kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kProjectOptions};

}  // namespace

constexpr CommandSpec kImportCommand{
    .name = "import",
    .summary = "Make revisions of another tool's migrations",
    .description =
        "Makes a script of every migration in a folder of plain SQL: the SQL as it is, in its order, with sections "
        "outside a transaction where a statement needs one. All are written, or none.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice import prisma prisma/migrations",
    .run = RunImport};

}  // namespace sluice::cli
