#include "core/sql/psql_text.h"

#include "core/sql/lexer.h"

namespace sluice {
namespace {

// The characters that a name of psql's may have (src/fe_utils/psqlscan.l: variable_char), and what else may follow the
// colon of a variable: a quote around its name, the `{` of `:{?name}`.
bool FollowsVariableColon(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || byte >= 0x80 || c == '_' ||
         c == '\'' || c == '"' || c == '{';
}

// Looks at `statement` from `begin` to `end`, which is neither quoted nor a word.
bool HoldsVariable(std::string_view statement, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (statement[i] != ':' || i + 1 >= statement.size()) continue;
    const char next = statement[i + 1];
    if (next == ':' || next == '=') {
      ++i;  // a cast, or an argument's name: one token to psql too
    } else if (FollowsVariableColon(next)) {
      return true;
    }
  }
  return false;
}

bool MayChange(std::string_view statement, bool standard_strings) {
  Lexer lexer(statement, 0, statement.size(), standard_strings);
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    switch (token.kind) {
      case TokenKind::kSemicolon:
      case TokenKind::kBackslash:
      case TokenKind::kUnterminated:
        return true;
      case TokenKind::kOther:
        if (HoldsVariable(statement, token.begin, token.end)) return true;
        break;
      default:
        break;
    }
  }
  return false;
}

}  // namespace

bool PsqlMayChange(std::string_view statement) { return MayChange(statement, true) || MayChange(statement, false); }

std::string DollarQuote(std::string_view text) {
  std::string tag = "$sluice";
  for (int number = 1; text.find(tag) != std::string_view::npos; ++number) tag = "$sluice" + std::to_string(number);
  tag += '$';
  std::string quoted;
  quoted.reserve(text.size() + 2 * tag.size());
  return quoted.append(tag).append(text).append(tag);
}

std::string PsqlVerbatim(std::string_view statement) { return "SELECT " + DollarQuote(statement) + " \\gexec\n"; }

}  // namespace sluice
