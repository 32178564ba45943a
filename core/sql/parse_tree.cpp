#include "core/sql/parse_tree.h"

#include <pg_query.h>

#include <memory>

namespace sluice {
namespace {

class ParseResult {
 public:
  explicit ParseResult(const char* sql) : result_(pg_query_parse(sql)) {}
  ~ParseResult() { pg_query_free_parse_result(result_); }
  ParseResult(const ParseResult&) = delete;
  ParseResult& operator=(const ParseResult&) = delete;
  const PgQueryParseResult& operator*() const { return result_; }

 private:
  PgQueryParseResult result_;
};

// The parser counts characters.
std::size_t ByteOffset(std::string_view text, int characters) {
  std::size_t at = 0;
  for (int seen = 0; at < text.size(); ++at) {
    const bool continuation = (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
    if (!continuation && ++seen > characters) break;
  }
  return at;
}

}  // namespace

std::optional<ParseTree> ParseStatement(std::string_view statement, SyntaxTrouble* trouble) {
  const ParseResult parsed(std::string(statement).c_str());
  if (const PgQueryError* error = (*parsed).error) {
    if (trouble != nullptr) {
      *trouble = {error->message, error->cursorpos > 0 ? ByteOffset(statement, error->cursorpos - 1) : 0};
    }
    return std::nullopt;
  }
  nlohmann::json root = nlohmann::json::parse((*parsed).parse_tree, nullptr, false);
  if (root.is_discarded() || !root.contains("stmts") || root["stmts"].size() != 1) return std::nullopt;
  nlohmann::json& wrapped = root["stmts"][0]["stmt"];
  if (!wrapped.is_object() || wrapped.size() != 1) return std::nullopt;
  const auto item = wrapped.begin();
  return ParseTree{item.key(), std::move(item.value())};
}

}  // namespace sluice
