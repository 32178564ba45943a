// spec.policy.window: when migrations may begin. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "operator/api/schema_migration.h"
#include "operator/migration/time_zone.h"

namespace sluice::migration {

// `Sat 02:00-05:00 Europe/Berlin`, `Mon-Fri,Sun 22:00-04:00`.
struct Window {
  bool days[7] = {};  // on which it begins; 0: Sunday
  std::chrono::minutes from{0};
  std::chrono::minutes to{0};  // not later than `from`: of the next day
  std::string zone;            // a name of the zone database; empty: UTC
};

// Empty when it is something else, or a name of a zone that would lead out of the database.
std::optional<Window> ParseWindow(std::string_view text);

// `now` while it is open, else when it opens next. It is open from `from` until just before `to`, by the clock on the
// wall: when the clock shows a time twice, from the first and to the last; a beginning that it leaves out is when it
// goes on.
api::Time WindowOpens(const Window& window, const TimeZone& zone, api::Time now);

}  // namespace sluice::migration
