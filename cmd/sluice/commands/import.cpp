#include <cstdlib>
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
#include "core/script/import_alembic.h"
#include "core/script/import_plain_sql.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kPythonOption{.name = "python",
                                   .value = "FILE",
                                   .help = "With alembic: the interpreter that the project runs with.",
                                   .default_value = "$VIRTUAL_ENV/bin/python, else .venv/bin/python, else python3"};
constexpr OptionSpec kAlembicConfigOption{.name = "alembic-config",
                                          .value = "FILE",
                                          .help = "With alembic: its configuration file.",
                                          .default_value = "DIR/alembic.ini, DIR/pyproject.toml or ./alembic.ini"};

Error UnknownFormat(const std::string& name) {
  const std::string hint = DidYouMean(NearMatches(name, {"alembic", "golang-migrate", "prisma"}));
  return MakeError(ErrorCode::kUsage, "\"" + name + "\" can't be imported",
                   hint.empty() ? "the formats are alembic, golang-migrate and prisma" : hint);
}

std::string ChoosePython(const Invocation& invocation) {
  if (invocation.Has(kPythonOption)) return invocation.Value(kPythonOption);
  std::vector<std::string> environments{".venv", invocation.arguments[1] + "/.venv"};
  const char* active = std::getenv("VIRTUAL_ENV");
  if (active != nullptr && active[0] != '\0') environments.insert(environments.begin(), active);
  for (const std::string& environment : environments) {
    if (FileExists(environment + "/bin/python")) return environment + "/bin/python";
  }
  return "python3";
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
  std::size_t unfinished = 0;
  for (const ImportedRevision& revision : report.revisions) {
    text += revision.path;
    if (revision.has_sections_outside_transaction) text += " (a part runs outside a transaction)";
    if (revision.irreversible) text += " (no way back)";
    text += "\n";
    for (const std::string& part : revision.unfinished) text += "  unfinished, " + part + "\n";
    unfinished += revision.unfinished.empty() ? 0 : 1;
  }
  for (const std::string& path : report.ignored) text += "Ignored: " + path + "\n";
  for (const std::string& note : report.notes) text += "Note: " + note + "\n";
  text += "Imported " + Count(report.revisions.size(), "revision");
  if (unfinished > 0) text += "; " + std::to_string(unfinished) + " of them hold work for a person";
  return text + "\n";
}

std::string ImportJson(const ImportReport& report) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("revisions").BeginArray();
  for (const ImportedRevision& revision : report.revisions) {
    json.BeginObject().Member("revision", revision.id).Member("source", revision.source).Member("file", revision.path);
    json.Key("outside_transaction").Bool(revision.has_sections_outside_transaction);
    json.Key("irreversible").Bool(revision.irreversible);
    json.Key("unfinished").Strings(revision.unfinished).EndObject();
  }
  json.EndArray().Key("ignored").Strings(report.ignored).Key("notes").Strings(report.notes).EndObject();
  return std::move(json).Finish();
}

Result<ImportReport> ImportFromPlainSql(const Invocation& invocation, ImportFormat format, const Settings& settings) {
  ImportRequest request;
  request.format = format;
  request.directory = invocation.arguments[1];
  request.location = settings.versions.front().path;
  SLUICE_TRY(request.down_revisions, ChooseParents(settings));
  return ImportPlainSql(request);
}

Result<ImportReport> ImportFromAlembic(const Invocation& invocation, const Settings& settings) {
  const AlembicRequest request{ChoosePython(invocation), invocation.arguments[1],
                               invocation.Value(kAlembicConfigOption)};
  SLUICE_TRY(const AlembicProject project, ReadAlembicProject(request));
  SLUICE_TRY(ImportReport report, ImportAlembic(project, settings.versions.front().path));
  const std::string schema = settings.version_table_schema;
  const std::string table = (schema.empty() ? "" : schema + ".") + settings.version_table;
  if (project.version_table != table) {
    report.notes.push_back("Alembic keeps its version rows in " + project.version_table +
                           ": write `version_table: " + project.version_table + "` in sluice.yaml");
  }
  return report;
}

Result<ImportReport> Import(const Invocation& invocation) {
  const std::string& format = invocation.arguments[0];
  SLUICE_TRY(const Config config, LoadCommandConfig(invocation));
  if (format == "alembic") return ImportFromAlembic(invocation, config.settings);
  if (format == "golang-migrate") {
    return ImportFromPlainSql(invocation, ImportFormat::kGolangMigrate, config.settings);
  }
  if (format == "prisma") return ImportFromPlainSql(invocation, ImportFormat::kPrisma, config.settings);
  return UnknownFormat(format);
}

Result<ExitCode> RunImport(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const ImportReport report, Import(invocation));
  console.Print(WantsJson(invocation) ? ImportJson(report) : ImportText(report));
  return ExitCode::kDone;
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "FORMAT",
     .help = "alembic (a project of Python), golang-migrate (NAME.up.sql and NAME.down.sql) or prisma "
             "(NAME/migration.sql).",
     .at_least = 1},
    {.name = "DIR",
     .help = "The folder of that tool's migrations; with alembic, of alembic.ini or env.py.",
     .at_least = 1}};
constexpr const OptionSpec* kOptions[] = {&kPythonOption, &kAlembicConfigOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kProjectOptions};

}  // namespace

constexpr CommandSpec kImportCommand{
    .name = "import",
    .summary = "Make revisions of another tool's migrations",
    .description =
        "Makes a script of every migration of another tool, in its order, with sections outside a transaction where a "
        "statement needs one. All are written, or none.\n\n"
        "Plain SQL stays as it is. Revisions of Alembic are rendered by the project's own Alembic, as "
        "`alembic upgrade --sql` does it, without a database; ids, parents, dependencies, labels and messages stay, "
        "and "
        "a database goes on from where Alembic left it. What needs a database to be known is named and left as a "
        "section that a person has to finish.",
    .arguments = kArguments,
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice import prisma prisma/migrations",
    .run = RunImport};

}  // namespace sluice::cli
