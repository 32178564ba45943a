// PostgreSQL's own parser as the judge of where statements begin and end.
#pragma once

#include <pg_query.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/script.h"

namespace sluice::testing {

struct ParserStatement {
  std::size_t begin = 0;  // may have comments and white space before it
  std::size_t end = 0;    // … and behind it; without the semicolon
};

// Empty when the parser refuses the text.
inline std::optional<std::vector<ParserStatement>> SplitByParser(const std::string& text) {
  const PgQuerySplitResult split = pg_query_split_with_parser(text.c_str());
  std::optional<std::vector<ParserStatement>> statements;
  if (split.error == nullptr) {
    statements.emplace();
    for (int i = 0; i < split.n_stmts; ++i) {
      const auto begin = static_cast<std::size_t>(split.stmts[i]->stmt_location);
      statements->push_back({begin, begin + static_cast<std::size_t>(split.stmts[i]->stmt_len)});
    }
  }
  pg_query_free_split_result(split);
  return statements;
}

// Whether the parser finds nothing but white space and comments.
inline bool IsEmptySql(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos) return true;
  const auto statements = SplitByParser(std::string(text));
  return statements.has_value() && statements->empty();
}

// Why `ours` isn't how the parser cuts `text`; empty when it is, or when the parser refuses the text.
inline std::string Disagreement(const std::string& text, const std::vector<Statement>& ours) {
  const auto theirs = SplitByParser(text);
  if (!theirs.has_value()) return {};
  if (theirs->size() != ours.size()) {
    return "the parser finds " + std::to_string(theirs->size()) + " statements, not " + std::to_string(ours.size());
  }
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const ParserStatement& their = (*theirs)[i];
    const Statement& our = ours[i];
    const std::string name = "statement " + std::to_string(i + 1);
    if (our.begin < their.begin || our.end > their.end || our.begin >= our.end) return name + " has another range";
    const std::string_view whole = text;
    if (!IsEmptySql(whole.substr(their.begin, our.begin - their.begin))) return name + " begins too late";
    if (!IsEmptySql(whole.substr(our.end, their.end - our.end))) return name + " ends too early";
  }
  return {};
}

}  // namespace sluice::testing
