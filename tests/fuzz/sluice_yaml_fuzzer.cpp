// Any text as sluice.yaml: settings, or errors with a line of the text.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/base/yaml_reader.h"
#include "core/config/config_level.h"
#include "core/config/setting_value.h"

namespace {

// A setting that is accepted can be shown.
void Assign(const sluice::ConfigLevel& level) {
  sluice::Settings settings;
  for (const auto& [key, given] : level) {
    const sluice::SettingRule* rule = sluice::FindSetting(key);
    if (rule == nullptr) std::abort();
    if (sluice::AssignSetting(*rule, given.node, settings).ok()) sluice::ShowSetting(*rule, settings);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto root = sluice::ReadYaml(text, "sluice.yaml");
  if (!root.ok()) {
    if (root.error().where.line >
        1 + std::count_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; })) {
      std::abort();
    }
    return 0;
  }
  sluice::LevelContext context;
  context.directory = "/nowhere";
  for (const sluice::ConfigLevel& level : sluice::ReadYamlLevels(*root, "sluice.yaml", "staging", context))
    Assign(level);
  return 0;
}
