#include "core/sql/parse_tree.h"

#include <pg_query.h>

#include <memory>
#include <utility>

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

constexpr std::string_view kStatement = "{\"stmt\":{\"";

}  // namespace

nlohmann::json ParseTree::Node() const {
  nlohmann::json root = nlohmann::json::parse(text_, nullptr, false);
  const auto node = nlohmann::json::json_pointer("/stmts/0/stmt") / kind_;
  // A copy would take a stack frame for each level of an expression; moving takes none.
  return root.contains(node) ? std::move(root.at(node)) : nlohmann::json::object();
}

std::optional<ParseTree> ParseStatement(std::string_view statement, SyntaxTrouble* trouble) {
  const ParseResult parsed(std::string(statement).c_str());
  if (const PgQueryError* error = (*parsed).error) {
    if (trouble != nullptr) {
      *trouble = {error->message, error->cursorpos > 0 ? ByteOffset(statement, error->cursorpos - 1) : 0};
    }
    return std::nullopt;
  }
  // {"version":…,"stmts":[{"stmt":{"KIND":{…}},"stmt_location":…}]}: a quote within a string is escaped there, so what
  // looks like a key is one, and no node has a field `stmt`.
  std::string text = (*parsed).parse_tree;
  const std::size_t first = text.find(kStatement);
  if (first == std::string::npos) return std::nullopt;
  const std::size_t kind = first + kStatement.size();
  if (text.find(kStatement, kind) != std::string::npos) return std::nullopt;
  std::string name = text.substr(kind, text.find('"', kind) - kind);
  return ParseTree(std::move(name), std::move(text));
}

}  // namespace sluice
