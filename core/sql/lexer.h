// The tokens of PostgreSQL's SQL, as far as it takes to tell code from strings and comments. Follows the rules of
// src/backend/parser/scan.l (PostgreSQL 13 to 18); what differs between versions there is an error in the stricter
// ones. Works on any size and any later version's syntax. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice {

enum class TokenKind : std::uint8_t {
  kEnd,
  kWord,              // a key word or an identifier without quotes
  kQuotedIdentifier,  // "…" and U&"…"
  kString,            // '…' in all its forms (E, B, X, N, U&), continued lines included
  kDollarString,      // $tag$ … $tag$
  kSemicolon,
  kOpen,          // (
  kClose,         // )
  kOther,         // a run of numbers, operators, commas, …
  kBackslash,     // never valid outside of quotes: one of psql's commands
  kUnterminated,  // a quote or a comment without an end; begins where that began
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// A word (any case, key words are ASCII) against a key word in lower case.
bool EqualsKeyword(std::string_view word, std::string_view keyword);

// Reads text[begin, end) token by token; white space and comments are passed over. The text must outlive the lexer.
class Lexer {
 public:
  Lexer(std::string_view text, std::size_t begin, std::size_t end, bool standard_strings)
      : data_(text.data()), position_(begin), end_(end), standard_strings_(standard_strings) {}

  // kEnd for ever at the end. After kUnterminated only kEnd follows.
  Token Next();

  // Whether a backslash in a plain '…' is a character like any other: standard_conforming_strings.
  void set_standard_strings(bool on) { standard_strings_ = on; }
  std::size_t position() const { return position_; }
  std::string_view Text(const Token& token) const { return {data_ + token.begin, token.end - token.begin}; }

 private:
  enum class CharClass : std::uint8_t {
    kOther,
    kDigit,
    kSpace,
    kWord,
    kQuote,
    kDoubleQuote,
    kDollar,
    kDash,
    kSlash,
    kSemicolon,
    kOpen,
    kClose,
    kBackslash
  };
  static constexpr std::array<CharClass, 256> MakeClasses();
  static const std::array<CharClass, 256> kClasses;

  CharClass ClassAt(std::size_t position) const { return kClasses[static_cast<unsigned char>(data_[position])]; }
  bool StartsAt(std::size_t position, char c) const { return position < end_ && data_[position] == c; }
  Token Take(TokenKind kind, std::size_t begin, std::size_t end) {
    position_ = end;
    return {kind, begin, end};
  }
  Token Unterminated(std::size_t begin) { return Take(TokenKind::kUnterminated, begin, end_); }

  Token Word();
  Token Other();
  Token String(std::size_t begin, std::size_t quote, bool escapes, bool doubling);
  Token QuotedIdentifier(std::size_t begin, std::size_t quote);
  Token Dollar();
  bool SkipString(std::size_t quote, bool escapes, bool doubling);  // to behind the closing quote; false: there is none
  std::size_t ContinuedString(std::size_t after_quote) const;       // the quote that continues a string, or 0
  bool SkipBlockComment();                                          // false: there is no end
  void SkipLineComment();

  const char* data_;
  std::size_t position_;
  std::size_t end_;
  bool standard_strings_;
};

}  // namespace sluice
