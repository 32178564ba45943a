// YAML text → ConfigNode. The home of yaml-cpp. Safe for hostile text: nesting, size and aliases are bounded.
#pragma once

#include <string>
#include <string_view>

#include "core/base/config_node.h"
#include "core/base/result.h"

namespace sluice {

// The only document of `text`, a mapping; an empty text is an empty mapping. `path` is used in errors only. Errors:
// kConfig with file, line and column: YAML that can't be read, several documents, anything but a mapping at the top,
// keys that are not scalars or appear twice, tags, anchors and aliases (sluice.yaml has no use for them), nesting
// deeper than 16, more than 256 KiB.
Result<ConfigNode> ReadYaml(std::string_view text, const std::string& path);

}  // namespace sluice
