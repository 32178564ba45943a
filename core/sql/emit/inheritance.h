// Tables that get and lose parents while they stay. Pure.
#pragma once

#include <string_view>

#include "core/sql/emit/emission.h"

namespace sluice {

// Brings the parents of the table (AttributeName::kInherits) from `before` to `after`, and with them what the table has
// from its parents only: columns that it had not, and checks, come and go with the parent.
void EmitInherits(Emission& emission, std::string_view before, std::string_view after);

}  // namespace sluice
