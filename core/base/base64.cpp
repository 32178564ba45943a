#include "core/base/base64.h"

#include <cstdint>

namespace sluice {
namespace {

// 0 to 63; -1: not a letter of Base64.
int ValueOf(char letter) {
  if (letter >= 'A' && letter <= 'Z') return letter - 'A';
  if (letter >= 'a' && letter <= 'z') return letter - 'a' + 26;
  if (letter >= '0' && letter <= '9') return letter - '0' + 52;
  if (letter == '+') return 62;
  return letter == '/' ? 63 : -1;
}

bool IsSpace(char letter) { return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n'; }

}  // namespace

std::optional<std::string> DecodeBase64(std::string_view text) {
  std::string decoded;
  std::uint32_t bits = 0;
  int letters = 0;
  int padding = 0;
  for (const char letter : text) {
    if (IsSpace(letter)) continue;
    if (letter == '=') {
      ++padding;
      continue;
    }
    const int value = ValueOf(letter);
    if (value < 0 || padding > 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    ++letters;
    if (letters % 4 != 1) decoded += static_cast<char>(bits >> ((3 - (letters + 3) % 4) * 2) & 0xFF);
  }
  if (padding > 2 || letters % 4 == 1 || (letters + padding) % 4 != 0) return std::nullopt;
  return decoded;
}

std::string EncodeBase64(std::string_view data) {
  static constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  encoded.reserve((data.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < data.size(); at += 3) {
    std::uint32_t bits = 0;
    for (std::size_t i = at; i < at + 3; ++i) bits = bits << 8 | (i < data.size() ? std::uint8_t(data[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) encoded += at + i > data.size() ? '=' : kLetters[bits >> (18 - 6 * i) & 63];
  }
  return encoded;
}

}  // namespace sluice
