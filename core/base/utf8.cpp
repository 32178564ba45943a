#include "core/base/utf8.h"

#include <cstdint>
#include <cstring>

namespace sluice {
namespace {

// Bytes of the character that begins with `lead`; 0: no character begins so.
std::size_t SizeOfCharacter(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// The second byte is where overlong forms, surrogates and what is above U+10FFFF show.
bool IsValidSecond(unsigned char lead, unsigned char second) {
  if (lead == 0xE0) return second >= 0xA0 && second <= 0xBF;
  if (lead == 0xED) return second >= 0x80 && second <= 0x9F;
  if (lead == 0xF0) return second >= 0x90 && second <= 0xBF;
  if (lead == 0xF4) return second >= 0x80 && second <= 0x8F;
  return second >= 0x80 && second <= 0xBF;
}

}  // namespace

std::size_t FindInvalidUtf8(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080u;
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = 0;
    while (at + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & kHighBits) != 0) break;
      at += sizeof eight;
    }
    if (at == text.size()) break;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const std::size_t size = SizeOfCharacter(byte(0));
    if (size == 0 || at + size > text.size()) return at;
    if (size > 1 && !IsValidSecond(byte(0), byte(1))) return at;
    for (std::size_t i = 2; i < size; ++i) {
      if ((byte(i) & 0xC0) != 0x80) return at;
    }
    at += size;
  }
  return std::string_view::npos;
}

}  // namespace sluice
