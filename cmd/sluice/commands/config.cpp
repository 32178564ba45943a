#include <algorithm>
#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/workspace.h"

namespace sluice::cli {
namespace {

std::string ConfigJson(const Config& config) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("settings").BeginArray();
  for (const ConfigValue& value : config.values) {
    json.BeginObject()
        .Member("name", value.name)
        .Member("value", value.value)
        .Member("source", value.source)
        .EndObject();
  }
  json.EndArray().EndObject();
  return std::move(json).Finish();
}

std::string ConfigText(const Config& config, const Palette& palette) {
  std::size_t name_width = 0;
  std::size_t value_width = 0;
  for (const ConfigValue& value : config.values) {
    name_width = std::max(name_width, value.name.size());
    value_width = std::max(value_width, std::min<std::size_t>(value.value.size(), 40));
  }
  std::string text;
  for (const ConfigValue& value : config.values) {
    text += palette.Cyan(value.name) + std::string(name_width - value.name.size() + 2, ' ') + value.value;
    text += std::string(value_width - std::min(value_width, value.value.size()) + 2, ' ');
    text += palette.Dim(value.source) + "\n";
  }
  return text;
}

Result<ExitCode> RunConfig(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Config config, LoadCommandConfig(invocation));
  console.Print(WantsJson(invocation) ? ConfigJson(config) : ConfigText(config, console.palette()));
  return ExitCode::kDone;
}

constexpr const OptionSpec* kOptions[] = {&kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kProjectOptions};

}  // namespace

constexpr CommandSpec kConfigCommand{
    .name = "config",
    .summary = "Print every setting with where it came from",
    .description =
        "Prints every setting with its value and where it came from: an option, the environment, `.env`, "
        "`sluice.yaml`, or the default. Secrets are not shown.",
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice config",
    .run = RunConfig};

}  // namespace sluice::cli
