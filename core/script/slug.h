// The readable part of a script's file name. Pure.
#pragma once

#include <string>
#include <string_view>

namespace sluice {

// The words of `message` in lower case, joined by `_`: at most 40 characters, cut between words where it is longer
// (within the first word when that alone is too long). Letters of every script count; white space and punctuation
// separate words. Empty for a message without words.
std::string Slug(std::string_view message);

}  // namespace sluice
