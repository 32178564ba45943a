// Amounts of bytes as people write them: `512MB`, `2GB`, with PostgreSQL's units (kB, MB, GB, TB; each 1024 times the
// one before).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace sluice {

// A whole number with a unit, or `0`. kConfig, without a place; the message names the text.
Result<std::uint64_t> ParseByteSize(std::string_view text);

// The same amount in the largest unit that needs no fraction: `1GB`, `1536MB`, `0`, `100B`.
std::string FormatByteSize(std::uint64_t bytes);

}  // namespace sluice
