// Durations as people write them: `250ms`, `1s`, `5m`, `1h30m`.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace sluice {

// Numbers with units d, h, m, s and ms, the largest first, each at most once: `1h30m`, `1.5s`. Only the last number may
// have a fraction. A bare number is refused (PostgreSQL would read milliseconds, people mean seconds), except 0. Finer
// than a millisecond is refused too. kConfig, without a place; the message names the text.
Result<std::chrono::milliseconds> ParseDuration(std::string_view text);

// The shortest such text: `1s`, `250ms`, `1h30m`, `0`. Negative durations are not expected.
std::string FormatDuration(std::chrono::milliseconds duration);

// As PostgreSQL reads a setting: `1000ms`.
std::string InMilliseconds(std::chrono::milliseconds duration);

}  // namespace sluice
