// Cuts SQL text into statements as psql and PostgreSQL's own parser would: byte ranges of the original text, nothing
// changed. A lexer, so that it works on any size, any server version's syntax, and with standard_conforming_strings
// off. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/script.h"

namespace sluice {

struct SplitResult {
  std::vector<Statement> statements;
  std::size_t consumed = 0;      // byte offset after the last statement's semicolon (or of the end when `at_end`)
  bool standard_strings = true;  // the lexer's state at `consumed`: standard_conforming_strings as the text sets it
};

// Cuts text[begin, end). `first_line` is the line number of `begin`; offsets of the result count from the start of
// `text`. With `at_end` the rest after the last semicolon is a statement too; without it (a window of a larger text) it
// is left for the next window. Handles nested comments, quoted identifiers, plain, E'', U&'', B'' and X'' strings,
// dollar quotes, parentheses (CREATE RULE … DO (…;…)), BEGIN ATOMIC … END bodies (nested CASE too), and follows `SET
// standard_conforming_strings`. Errors, kScript with line and column: unterminated string, comment, quoted identifier
// or dollar quote (where it began), psql's `\` commands (with the mend), NUL bytes.
Result<SplitResult> SplitStatements(std::string_view text, std::size_t begin, std::size_t end, int first_line,
                                    bool standard_strings, bool at_end);

// The same, for callers that want what comes before the trouble too: `result` is everything up to there.
struct PartialSplit {
  SplitResult result;
  std::optional<Error> error;
};
PartialSplit SplitUpToTrouble(std::string_view text, std::size_t begin, std::size_t end, int first_line,
                              bool standard_strings, bool at_end);

}  // namespace sluice
