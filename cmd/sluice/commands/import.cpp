#include <cstdlib>
#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/import_report.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/revision_report.h"
#include "cmd/sluice/workspace.h"
#include "core/base/file_system.h"
#include "core/base/near_match.h"
#include "core/engine/import_proof.h"
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

constexpr OptionSpec kProveOption{
    .name = "prove",
    .help =
        "With alembic: bring one scratch database up with the project's own Alembic and one with the scripts, and both "
        "down again, and compare them; ends with 4 when they differ. Revisions that are imported already stay as they "
        "are."};

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

Result<ImportReport> ImportFromPlainSql(const Invocation& invocation, ImportFormat format, const Settings& settings) {
  ImportRequest request;
  request.format = format;
  request.directory = invocation.arguments[1];
  request.location = settings.versions.front().path;
  SLUICE_TRY(request.down_revisions, ChooseParents(settings));
  return ImportPlainSql(request);
}

Result<ImportReport> ImportFromAlembic(const AlembicProject& project, const Settings& settings) {
  SLUICE_TRY(ImportReport report, ImportAlembic(project, settings.versions.front().path));
  const std::string schema = settings.version_table_schema;
  const std::string table = (schema.empty() ? "" : schema + ".") + settings.version_table;
  if (project.version_table != table) {
    report.notes.push_back("Alembic keeps its version rows in " + project.version_table +
                           ": write `version_table: " + project.version_table + "` in sluice.yaml");
  }
  return report;
}
Result<ExitCode> RunPlainSql(const Invocation& invocation, Console& console, ImportFormat format,
                             const Settings& settings) {
  if (invocation.Has(kProveOption)) {
    return MakeError(ErrorCode::kUsage, "--prove is for alembic: plain SQL is imported as it is");
  }
  SLUICE_TRY(const ImportReport report, ImportFromPlainSql(invocation, format, settings));
  console.Print(WantsJson(invocation) ? ImportJson(report, {}) : ImportText(report));
  return ExitCode::kDone;
}

// Where the import is to be proven, scripts that are there already are those that were imported and finished.
Result<AlembicProject> WithoutExisting(AlembicProject project, const Settings& settings) {
  if (!DirectoryExists(settings.versions.front().path)) return project;
  SLUICE_TRY(const Project existing, LoadProject(settings));
  std::erase_if(project.revisions,
                [&](const AlembicRevision& one) { return FindScript(existing, one.revision.id) != nullptr; });
  return project;
}

Result<ExitCode> RunAlembic(const Invocation& invocation, Console& console, const Settings& settings) {
  const bool json = WantsJson(invocation);
  const AlembicRequest request{ChoosePython(invocation), invocation.arguments[1],
                               invocation.Value(kAlembicConfigOption)};
  SLUICE_TRY(const AlembicProject alembic, ReadAlembicProject(request));
  if (!invocation.Has(kProveOption)) {
    SLUICE_TRY(const ImportReport report, ImportFromAlembic(alembic, settings));
    console.Print(json ? ImportJson(report, {}) : ImportText(report));
    return ExitCode::kDone;
  }
  SLUICE_TRY(const AlembicProject fresh, WithoutExisting(alembic, settings));
  SLUICE_TRY(const ImportReport report, ImportFromAlembic(fresh, settings));
  // At once: the scripts stay, whatever the proof says.
  if (!json) console.Print(ImportText(report));
  SLUICE_TRY(const Project project, LoadProject(settings));
  DatabaseAccess access(invocation, console, settings, project);
  SLUICE_TRY(const ImportProof proof, ProveImport(access.context(), project, request, alembic));
  console.Print(json ? ImportJson(report, proof) : ImportProofText(proof, console.palette()));
  return proof.holds() ? ExitCode::kDone : ExitCode::kNotUpToDate;
}

Result<ExitCode> RunImport(const Invocation& invocation, Console& console) {
  const std::string& format = invocation.arguments[0];
  SLUICE_TRY(const Config config, LoadCommandConfig(invocation));
  if (format == "alembic") return RunAlembic(invocation, console, config.settings);
  if (format == "golang-migrate") {
    return RunPlainSql(invocation, console, ImportFormat::kGolangMigrate, config.settings);
  }
  if (format == "prisma") return RunPlainSql(invocation, console, ImportFormat::kPrisma, config.settings);
  return UnknownFormat(format);
}

constexpr ArgumentSpec kArguments[] = {
    {.name = "FORMAT",
     .help = "alembic (a project of Python), golang-migrate (NAME.up.sql and NAME.down.sql) or prisma "
             "(NAME/migration.sql).",
     .at_least = 1},
    {.name = "DIR",
     .help = "The folder of that tool's migrations; with alembic, of alembic.ini or env.py.",
     .at_least = 1}};
constexpr const OptionSpec* kOptions[] = {&kPythonOption, &kAlembicConfigOption, &kProveOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

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
