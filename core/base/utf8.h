// UTF-8 as Unicode and PostgreSQL define it (no overlong forms, no surrogates, up to U+10FFFF).
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice {

// Byte offset of the first byte that is not part of a valid character; npos when all are.
std::size_t FindInvalidUtf8(std::string_view text);

}  // namespace sluice
