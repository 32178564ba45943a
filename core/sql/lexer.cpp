#include "core/sql/lexer.h"

#include <cstring>

namespace sluice {
namespace {

bool IsHorizontalSpace(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v'; }
bool IsNewline(char c) { return c == '\n' || c == '\r'; }
bool IsTagStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool IsTagPart(char c) { return IsTagStart(c) || (c >= '0' && c <= '9'); }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

bool EqualsKeyword(std::string_view word, std::string_view keyword) {
  if (word.size() != keyword.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (Lower(word[i]) != keyword[i]) return false;
  }
  return true;
}

constexpr std::array<Lexer::CharClass, 256> Lexer::MakeClasses() {
  std::array<CharClass, 256> classes{};
  for (int c = 0; c < 256; ++c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80) classes[c] = CharClass::kWord;
    if (c >= '0' && c <= '9') classes[c] = CharClass::kDigit;
    if (c == ' ' || (c >= '\t' && c <= '\r')) classes[c] = CharClass::kSpace;
  }
  classes['\''] = CharClass::kQuote;
  classes['"'] = CharClass::kDoubleQuote;
  classes['$'] = CharClass::kDollar;
  classes['-'] = CharClass::kDash;
  classes['/'] = CharClass::kSlash;
  classes[';'] = CharClass::kSemicolon;
  classes['('] = CharClass::kOpen;
  classes[')'] = CharClass::kClose;
  classes['\\'] = CharClass::kBackslash;
  return classes;
}

constexpr std::array<Lexer::CharClass, 256> Lexer::kClasses = Lexer::MakeClasses();

Token Lexer::Next() {
  while (position_ < end_) {
    const std::size_t begin = position_;
    switch (ClassAt(begin)) {
      case CharClass::kSpace:
        ++position_;
        break;
      case CharClass::kDash:
        if (!StartsAt(begin + 1, '-')) return Other();
        SkipLineComment();
        break;
      case CharClass::kSlash:
        if (!StartsAt(begin + 1, '*')) return Other();
        if (!SkipBlockComment()) return Unterminated(begin);
        break;
      case CharClass::kWord:
        return Word();
      case CharClass::kQuote:
        return String(begin, begin, !standard_strings_, true);
      case CharClass::kDoubleQuote:
        return QuotedIdentifier(begin, begin);
      case CharClass::kDollar:
        return Dollar();
      case CharClass::kSemicolon:
        return Take(TokenKind::kSemicolon, begin, begin + 1);
      case CharClass::kOpen:
        return Take(TokenKind::kOpen, begin, begin + 1);
      case CharClass::kClose:
        return Take(TokenKind::kClose, begin, begin + 1);
      case CharClass::kBackslash:
        return Take(TokenKind::kBackslash, begin, begin + 1);
      case CharClass::kDigit:
      case CharClass::kOther:
        return Other();
    }
  }
  return {TokenKind::kEnd, end_, end_};
}

Token Lexer::Word() {
  const std::size_t begin = position_;
  std::size_t end = begin + 1;
  while (end < end_) {
    const CharClass c = ClassAt(end);
    if (c != CharClass::kWord && c != CharClass::kDigit && c != CharClass::kDollar) break;
    ++end;
  }
  // A single letter right before a quote tells what the quote means.
  if (end == begin + 1 && end < end_) {
    const char letter = Lower(data_[begin]);
    if (data_[end] == '\'') {
      if (letter == 'e') return String(begin, end, true, true);
      if (letter == 'b' || letter == 'x') return String(begin, end, false, false);
      if (letter == 'n') return String(begin, end, !standard_strings_, true);
    }
    if (letter == 'u' && data_[end] == '&') {
      if (StartsAt(end + 1, '\'')) return String(begin, end + 1, false, true);
      if (StartsAt(end + 1, '"')) return QuotedIdentifier(begin, end + 1);
    }
  }
  return Take(TokenKind::kWord, begin, end);
}

Token Lexer::Other() {
  const std::size_t begin = position_;
  std::size_t end = begin + 1;
  while (end < end_ && (ClassAt(end) == CharClass::kOther || ClassAt(end) == CharClass::kDigit)) ++end;
  return Take(TokenKind::kOther, begin, end);
}

Token Lexer::String(std::size_t begin, std::size_t quote, bool escapes, bool doubling) {
  while (true) {
    if (!SkipString(quote, escapes, doubling)) return Unterminated(begin);
    const std::size_t end = position_;
    quote = ContinuedString(end);
    if (quote == 0) return Take(TokenKind::kString, begin, end);
  }
}

bool Lexer::SkipString(std::size_t quote, bool escapes, bool doubling) {
  std::size_t at = quote + 1;
  while (true) {
    if (escapes) {
      while (at < end_ && data_[at] != '\'') at += data_[at] == '\\' ? 2 : 1;
    } else if (at < end_) {
      const void* found = std::memchr(data_ + at, '\'', end_ - at);
      at = found == nullptr ? end_ : static_cast<std::size_t>(static_cast<const char*>(found) - data_);
    }
    if (at >= end_) return false;
    if (!doubling || !StartsAt(at + 1, '\'')) break;
    at += 2;
  }
  position_ = at + 1;
  return true;
}

// SQL joins strings with nothing but white space that holds a line break (and -- comments) between them; the second is
// read by the rules of the first, so E'a'⏎'b\'c' is one token.
std::size_t Lexer::ContinuedString(std::size_t after_quote) const {
  std::size_t at = after_quote;
  bool newline = false;
  while (at < end_) {
    const char c = data_[at];
    if (c == '\'') return newline ? at : 0;
    if (IsNewline(c)) {
      newline = true;
      ++at;
    } else if (IsHorizontalSpace(c)) {
      ++at;
    } else if (c == '-' && StartsAt(at + 1, '-')) {
      while (at < end_ && !IsNewline(data_[at])) ++at;
    } else {
      return 0;
    }
  }
  return 0;
}

Token Lexer::QuotedIdentifier(std::size_t begin, std::size_t quote) {
  std::size_t at = quote + 1;
  while (true) {
    const void* found = at < end_ ? std::memchr(data_ + at, '"', end_ - at) : nullptr;
    if (found == nullptr) return Unterminated(begin);
    at = static_cast<std::size_t>(static_cast<const char*>(found) - data_) + 1;
    if (!StartsAt(at, '"')) return Take(TokenKind::kQuotedIdentifier, begin, at);
    ++at;
  }
}

Token Lexer::Dollar() {
  const std::size_t begin = position_;
  std::size_t at = begin + 1;
  if (at < end_ && IsTagStart(data_[at])) {
    while (at < end_ && IsTagPart(data_[at])) ++at;
  }
  // Not a quote: a parameter ($1) or a stray dollar sign.
  if (!StartsAt(at, '$')) return Take(TokenKind::kOther, begin, begin + 1);
  const std::size_t length = at + 1 - begin;
  const void* found = memmem(data_ + at + 1, end_ - at - 1, data_ + begin, length);
  if (found == nullptr) return Unterminated(begin);
  return Take(TokenKind::kDollarString, begin,
              static_cast<std::size_t>(static_cast<const char*>(found) - data_) + length);
}

void Lexer::SkipLineComment() {
  while (position_ < end_ && !IsNewline(data_[position_])) ++position_;
}

bool Lexer::SkipBlockComment() {
  std::size_t at = position_ + 2;
  int depth = 1;
  while (at < end_) {
    if (data_[at] == '*' && StartsAt(at + 1, '/')) {
      at += 2;
      if (--depth == 0) {
        position_ = at;
        return true;
      }
    } else if (data_[at] == '/' && StartsAt(at + 1, '*')) {
      at += 2;
      ++depth;
    } else {
      ++at;
    }
  }
  return false;
}

}  // namespace sluice
