// The text of a generated script below its header. Pure.
#pragma once

#include <string>

#include "core/model/generated_script.h"

namespace sluice {

// Checks, then the upgrade's sections, then the downgrade's in reverse order, so that they pair up (docs/revisions.md).
std::string ScriptBody(const GeneratedScript& script);

}  // namespace sluice
