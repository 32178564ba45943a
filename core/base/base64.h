// Base64 (RFC 4648, section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice {

// Line breaks and blanks between the letters are skipped. Empty when anything else stands there, or the end is missing.
std::optional<std::string> DecodeBase64(std::string_view text);

// In one line, with the padding.
std::string EncodeBase64(std::string_view data);

}  // namespace sluice
