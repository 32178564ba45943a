#include "core/sql/column_word.h"

#include "core/sql/identifier.h"
#include "core/sql/lexer.h"

namespace sluice {

std::optional<std::string> WithColumnNamed(std::string_view text, std::string_view name, std::string_view new_name) {
  const std::string word = QuoteIdentifier(name);
  const std::string new_word = QuoteIdentifier(new_name);
  Lexer lexer(text, 0, text.size(), true);
  std::string renamed;
  std::size_t copied = 0;
  std::string_view before;
  Token token = lexer.Next();
  while (token.kind != TokenKind::kEnd) {
    const Token next = lexer.Next();
    const bool is_name = token.kind == TokenKind::kWord || token.kind == TokenKind::kQuotedIdentifier;
    if (is_name && lexer.Text(token) == word) {
      const bool is_called = next.kind == TokenKind::kOpen;
      const bool is_qualifier = next.kind == TokenKind::kOther && lexer.Text(next).starts_with('.');
      if (is_called || is_qualifier || before.ends_with('.') || before.ends_with("::")) return std::nullopt;
      renamed.append(text.substr(copied, token.begin - copied)).append(new_word);
      copied = token.end;
    }
    before = lexer.Text(token);
    token = next;
  }
  return renamed.append(text.substr(copied));
}

}  // namespace sluice
