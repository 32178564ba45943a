#include <string>
#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/workspace.h"
#include "core/config/project_template.h"

namespace sluice::cli {
namespace {

Result<ExitCode> RunInit(const Invocation& invocation, Console& console) {
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

constexpr const OptionSpec* kOptions[] = {&kOutputOption};

}  // namespace

constexpr CommandSpec kInitCommand{
    .name = "init",
    .summary = "Set up a project in this directory",
    .description =
        "Makes `sluice.yaml`, the directory `versions/` and a commented `.env.example` in the working directory. "
        "What is there already stays as it is.",
    .options = kOptions,
    .example = "sluice init",
    .run = RunInit};

}  // namespace sluice::cli
