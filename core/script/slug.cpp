#include "core/script/slug.h"

#include <cstdint>
#include <vector>

namespace sluice {
namespace {

constexpr std::size_t kLongestSlug = 40;  // characters

struct Character {
  std::string_view bytes;
  std::uint32_t code = 0;
};

// `text` is valid UTF-8; a stray byte is taken as a character by itself.
std::vector<Character> Characters(std::string_view text) {
  std::vector<Character> characters;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    std::uint32_t code = lead < 0x80 ? lead : lead < 0xE0 ? lead & 0x1Fu : lead < 0xF0 ? lead & 0x0Fu : lead & 0x07u;
    std::size_t size = 1;
    while (lead >= 0xC0 && at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xC0) == 0x80) {
      code = code << 6 | (static_cast<unsigned char>(text[at + size++]) & 0x3Fu);
    }
    characters.push_back({text.substr(at, size), code});
    at += size;
  }
  return characters;
}

// Letters, digits and `_`; beyond ASCII everything but the blocks of punctuation and spaces.
bool IsWordCharacter(std::uint32_t code) {
  if (code < 0x80) {
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || (code >= '0' && code <= '9') || code == '_';
  }
  const bool punctuation = code < 0xC0 || (code >= 0x2000 && code <= 0x2BFF) || (code >= 0x3000 && code <= 0x3003) ||
                           (code >= 0x3008 && code <= 0x3020) || (code >= 0xFF00 && code <= 0xFF0F);
  return !punctuation;
}

}  // namespace

std::string Slug(std::string_view message) {
  std::string slug;
  std::size_t length = 0;         // in characters
  std::size_t last_boundary = 0;  // bytes before the last `_` between words
  bool in_word = false;
  for (const Character& character : Characters(message)) {
    if (!IsWordCharacter(character.code)) {
      in_word = false;
      continue;
    }
    if (!in_word && !slug.empty()) {
      last_boundary = slug.size();
      slug += '_';
      ++length;
    }
    in_word = true;
    if (length >= kLongestSlug) {
      if (last_boundary > 0) slug.resize(last_boundary);
      return slug;
    }
    const bool upper = character.code >= 'A' && character.code <= 'Z';
    slug += upper ? std::string(1, static_cast<char>(character.code + ('a' - 'A'))) : std::string(character.bytes);
    ++length;
  }
  return slug;
}

}  // namespace sluice
