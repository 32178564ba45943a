#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"

namespace sluice::cli {
namespace {

Result<ExitCode> RunVersion(const Invocation& invocation, Console& console) {
  if (WantsJson(invocation)) {
    JsonWriter json;
    json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Member("version", SLUICE_VERSION).EndObject();
    console.Print(std::move(json).Finish());
  } else {
    console.Print("sluice " SLUICE_VERSION "\n");
  }
  return ExitCode::kDone;
}

constexpr const OptionSpec* kOptions[] = {&kOutputOption};

}  // namespace

constexpr CommandSpec kVersionCommand{.name = "version",
                                      .summary = "Print the version of Sluice",
                                      .description = "Prints the version of Sluice.",
                                      .options = kOptions,
                                      .example = "sluice version",
                                      .run = RunVersion};

}  // namespace sluice::cli
