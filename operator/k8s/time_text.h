// Times as Kubernetes writes them: RFC 3339, always in UTC. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::kube {

using WallTime = std::chrono::system_clock::time_point;

// `2026-11-26T11:16:08Z`, with any number of decimals, also with `+02:00`. Empty when it is something else. A time
// after 2199 (a login that never expires) is taken for the end of that year, one before 1700 for the start of it.
std::optional<WallTime> ParseTime(std::string_view text);

// To the second, as metadata has it; and to the microsecond, as Lease and Event want it.
std::string TimeText(WallTime time);
std::string MicroTimeText(WallTime time);

}  // namespace sluice::kube
