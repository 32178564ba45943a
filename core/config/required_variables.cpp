#include "core/config/required_variables.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file_system.h"
#include "core/base/split.h"

namespace sluice {
namespace {

constexpr const char* kVariable = "SLUICE_REQUIRED";

bool HasValue(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found != environment.end() && !found->second.empty();
}

// A directory without entries, but for those that a mounted volume has for itself (`..data`).
bool IsEmpty(const std::string& directory) {
  const Result<std::vector<std::string>> names = ListDirectory(directory);
  return !names.ok() ||
         std::all_of(names->begin(), names->end(), [](const std::string& name) { return name.starts_with('.'); });
}

}  // namespace

void CheckRequired(const Environment& environment, ErrorList& errors) {
  if (!HasValue(environment, kVariable)) return;
  for (const std::string_view line : SplitAt(environment.find(kVariable)->second, '\n')) {
    if (line.empty()) continue;
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) {
      errors.Add(MakeError(ErrorCode::kConfig, std::string(kVariable) + ": `" + std::string(line) + "` has no colon",
                           "write `NAME: what is wrong when it is not set`"));
      continue;
    }
    const std::string name(line.substr(0, colon));
    const std::string reason(line.substr(colon + 2));
    if (name.starts_with('/') && name.ends_with('/')) {
      if (IsEmpty(name)) errors.Add(MakeError(ErrorCode::kConfig, "there is nothing in " + name + ": " + reason));
    } else if (name.starts_with('/')) {
      if (!FileExists(name)) errors.Add(MakeError(ErrorCode::kConfig, "there is no file " + name + ": " + reason));
    } else if (!HasValue(environment, name)) {
      errors.Add(MakeError(ErrorCode::kConfig, name + " is not set: " + reason));
    }
  }
}

}  // namespace sluice
