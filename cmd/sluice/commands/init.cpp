#include <string>
#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/workspace.h"
#include "core/config/connection.h"
#include "core/config/project_template.h"
#include "core/db/bookkeeping.h"

namespace sluice::cli {
namespace {

constexpr OptionSpec kPrintGrantsOption{
    .name = "print-grants",
    .help = "Make nothing; print what a database administrator runs once for a role that may not create schemas."};

// For the role that is configured. Nothing is asked of a server.
Result<ExitCode> PrintGrants(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Config config, LoadCommandConfig(invocation));
  const ConnectionKeyword* user = FindKeyword(config.settings.connection, "user");
  if (user == nullptr) {
    return MakeError(ErrorCode::kConfig, "no role is configured, so nobody knows whom to grant what",
                     "set POSTGRES_USER, or give --database-url");
  }
  const std::string& schema = config.settings.version_table_schema;
  const Bookkeeping tables(config.settings, schema.empty() ? "public" : schema);
  console.Print(tables.Grants(user->value, {}));
  return ExitCode::kDone;
}

Result<ExitCode> RunInit(const Invocation& invocation, Console& console) {
  if (invocation.Has(kPrintGrantsOption)) return PrintGrants(invocation, console);
  SLUICE_TRY(const InitReport report, InitProject("."));
  if (WantsJson(invocation)) {
    JsonWriter json;
    json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("made").Strings(report.made);
    json.Key("left").Strings(report.left).EndObject();
    console.Print(std::move(json).Finish());
    return ExitCode::kDone;
  }
  for (const std::string& path : report.made) console.Print("Made " + path + "\n");
  for (const std::string& path : report.left) console.Print("Left " + path + " as it was\n");
  if (!report.made.empty()) {
    console.Print("Next: copy .env.example to .env and fill it in, then: sluice revision \"create the first table\"\n");
  }
  return ExitCode::kDone;
}

constexpr const OptionSpec* kOptions[] = {&kPrintGrantsOption, &kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kInitCommand{
    .name = "init",
    .summary = "Set up a project in this directory",
    .description =
        "Makes `sluice.yaml`, the directory `versions/` and a commented `.env.example` in the working directory. "
        "What is there already stays as it is.",
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice init",
    .run = RunInit};

}  // namespace sluice::cli
