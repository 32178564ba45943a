#include "core/script/plain_sql_sections.h"

#include <algorithm>
#include <utility>

#include "core/base/error_list.h"
#include "core/script/script_lines.h"
#include "core/script/section_marker.h"
#include "core/script/section_reader.h"
#include "core/sql/lexer.h"
#include "core/sql/statement_info.h"
#include "core/sql/statement_splitter.h"

namespace sluice {
namespace {

// Where the text of the statement that ends at `end` is over: behind its semicolon, and behind the line too where only
// white space or a comment follows.
std::size_t EndOfText(std::string_view text, std::size_t end) {
  Lexer lexer(text, end, text.size(), true);
  const Token semicolon = lexer.Next();
  if (semicolon.kind != TokenKind::kSemicolon) return end;
  const Line rest = LineAt(text, semicolon.end, 0);
  const std::size_t first = rest.text.find_first_not_of(" \t");
  const bool is_blank = first == std::string_view::npos || rest.text.substr(first).starts_with("--");
  return is_blank ? rest.next : semicolon.end;
}

// Follows the transactions that a file begins and ends itself.
class OwnTransactions {
 public:
  // Whether the statement belongs to one.
  bool Take(std::string_view statement, const StatementInfo& info) {
    if (info.transaction != TransactionUse::kControl) return inside_;
    Lexer lexer(statement, 0, statement.size(), true);
    const std::string_view first = lexer.Text(lexer.Next());
    inside_ = EqualsKeyword(first, "begin") || EqualsKeyword(first, "start");
    return true;
  }

 private:
  bool inside_ = false;
};

Section NewSection(SectionKind kind, bool transaction, std::size_t begin, int line) {
  Section section;
  section.kind = kind;
  section.transaction = transaction;
  section.begin = begin;
  section.end = begin;
  section.first_line = line;
  return section;
}

std::vector<Section> Cut(std::string_view text, SectionKind kind, const std::vector<Statement>& statements) {
  std::vector<Section> sections;
  OwnTransactions own;
  for (const Statement& statement : statements) {
    const std::string_view sql = text.substr(statement.begin, statement.end - statement.begin);
    const StatementInfo info = InspectStatement(sql);
    const bool is_own = own.Take(sql, info);
    const bool transaction = !is_own && info.transaction != TransactionUse::kNeverInBlock;
    if (sections.empty()) {
      sections.push_back(NewSection(kind, transaction, 0, 1));
    } else if (sections.back().transaction != transaction) {
      const std::size_t begin = sections.back().end;
      const int line = 1 + static_cast<int>(std::count(text.begin(), text.begin() + begin, '\n'));
      sections.push_back(NewSection(kind, transaction, begin, line));
    }
    sections.back().end = EndOfText(text, statement.end);
  }
  if (sections.empty()) sections.push_back(NewSection(kind, true, 0, 1));
  sections.back().end = text.size();
  return sections;
}

}  // namespace

Result<std::vector<Section>> CutPlainSql(std::string_view text, const std::string& path, SectionKind kind) {
  PartialSplit split = SplitUpToTrouble(text, 0, text.size(), 1, true, true);
  std::vector<Section> sections = Cut(text, kind, split.result.statements);
  Script source;
  source.path = path;
  ErrorList errors;
  for (const Section& section : sections) {
    if (Status checked = CheckSection(text, source, section, 0); !checked.ok()) {
      errors.Add(std::move(checked).error());
    }
  }
  if (!errors.empty()) return std::move(errors).Take();
  return sections;
}

std::string SectionsText(std::string_view text, const std::vector<Section>& sections) {
  std::string script;
  for (const Section& section : sections) {
    if (!script.empty() && !script.ends_with('\n')) script += '\n';
    script.append(kMarker).append(SectionKindName(section.kind));
    if (!section.transaction) script += " transaction=off";
    if (section.unfinished.has_value()) script += " unfinished=" + QuotedOption(*section.unfinished);
    script += '\n';
    script += text.substr(section.begin, section.end - section.begin);
  }
  if (!script.ends_with('\n')) script += '\n';
  return script;
}

}  // namespace sluice
