// The user's editor.
#pragma once

#include <string>

#include "core/base/result.h"

namespace sluice::cli {

// Opens `path` in $VISUAL, else $EDITOR (either may hold arguments: `code --wait`), and waits until it ends. kConfig
// when neither is set, kFile when it fails.
Status OpenInEditor(const std::string& path);

}  // namespace sluice::cli
