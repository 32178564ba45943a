// Any text: the splitter keeps its promises, and cuts as PostgreSQL's parser does whatever that can parse.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>

#include "core/sql/statement_splitter.h"
#include "tests/support/parser_split.h"

namespace {

void Demand(bool fact, const char* what) {
  if (fact) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void CheckRanges(const std::string& text, const sluice::SplitResult& split) {
  std::size_t last = 0;
  int line = 1;
  for (const sluice::Statement& statement : split.statements) {
    Demand(statement.begin >= last && statement.end > statement.begin && statement.end <= text.size(),
           "ranges overlap");
    Demand(statement.line >= line, "lines run back");
    last = statement.end;
    line = statement.line;
  }
  Demand(split.consumed >= last && split.consumed <= text.size(), "consumed is beside the text");
}

// Cutting in windows gives the same statements as cutting at once.
void CheckWindows(const std::string& text, const sluice::SplitResult& whole) {
  std::size_t at = 0;
  std::size_t window = 1 + text.size() / 3;
  int line = 1;
  bool standard = true;
  std::vector<sluice::Statement> statements;
  while (at < text.size()) {
    const std::size_t end = std::min(text.size(), at + window);
    const auto split = sluice::SplitStatements(text, at, end, line, standard, end == text.size());
    Demand(split.ok(), "a window is refused, the whole is not");
    for (const sluice::Statement& statement : split->statements) statements.push_back(statement);
    for (; at < split->consumed; ++at) line += text[at] == '\n' ? 1 : 0;
    standard = split->standard_strings;
    if (split->consumed < end) window *= 2;
  }
  Demand(statements.size() == whole.statements.size(), "windows give other statements");
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const sluice::Statement& one = statements[i];
    const sluice::Statement& other = whole.statements[i];
    Demand(one.begin == other.begin && one.end == other.end && one.line == other.line, "windows give other ranges");
  }
}

// libpg_query always reads with standard_conforming_strings on, and ends at a NUL.
bool ParserReadsTheSame(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text.find("standard_conforming_strings") == std::string::npos && text.find('\0') == std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto split = sluice::SplitStatements(text, 0, text.size(), 1, true, true);
  const bool comparable = ParserReadsTheSame(text);
  if (!split.ok()) {
    const bool parses = comparable && sluice::testing::SplitByParser(text).has_value();
    Demand(!parses, "the splitter refuses what the parser accepts");
    return 0;
  }
  CheckRanges(text, *split);
  CheckWindows(text, *split);
  if (!comparable) return 0;
  const std::string disagreement = sluice::testing::Disagreement(text, split->statements);
  Demand(disagreement.empty(), disagreement.c_str());
  return 0;
}
