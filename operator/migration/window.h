// When a migration may begin: `Sat 02:00-05:00 Europe/Berlin`. Days, a time of day and a time zone of the machine's
// database; a night that ends after midnight belongs to the day on which it begins.
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "operator/api/schema_migration.h"

namespace sluice::migration {

// `now` while the window is open, and where `text` is empty; otherwise when it opens next. Where clocks are put forward
// over its beginning, it opens at that moment; where they are put back, a time that comes twice counts from the first
// one on for a beginning, and up to the second one for an end. kConfig: this is no window, or the zone isn't known.
Result<api::Time> WindowOpens(std::string_view text, api::Time now);

}  // namespace sluice::migration
