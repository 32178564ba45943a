#include "core/sql/rename_hint.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/error_list.h"
#include "core/base/source_excerpt.h"
#include "core/base/split.h"
#include "core/sql/identifier.h"
#include "core/sql/lexer.h"

namespace sluice {
namespace {

constexpr std::string_view kMark = "sluice:renamed-from";
constexpr std::string_view kBlanks = " \t\r";

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// One place where the mark stands.
struct Mark {
  std::size_t at = 0;        // of the mark
  std::size_t line_end = 0;  // of its line
  std::string_view before;   // what stands before it in its line
  std::string_view name;     // what stands behind it
};

Mark ReadMark(std::string_view text, std::size_t at) {
  const std::size_t line_begin = text.rfind('\n', at) + 1;  // npos + 1 is 0
  Mark mark;
  mark.at = at;
  mark.line_end = std::min(text.find('\n', at), text.size());
  mark.before = Trimmed(text.substr(line_begin, at - line_begin));
  mark.name = Trimmed(text.substr(at + kMark.size(), mark.line_end - at - kMark.size()));
  return mark;
}

bool IsOneName(std::string_view written) {
  Lexer lexer(written, 0, written.size(), true);
  const Token token = lexer.Next();
  return (token.kind == TokenKind::kWord || token.kind == TokenKind::kQuotedIdentifier) && token.end == written.size();
}

// What of a statement stands below a hint.
struct Below {
  bool in_comment = true;  // the hint is code or part of a string otherwise
  std::string column;      // of the definition that begins there; empty: none does
};

bool BeginsTableElement(std::string_view word) {
  constexpr std::string_view kNoColumns[] = {"constraint", "primary", "unique", "check", "foreign", "exclude", "like"};
  return std::none_of(std::begin(kNoColumns), std::end(kNoColumns),
                      [&](std::string_view keyword) { return EqualsKeyword(word, keyword); });
}

Below LookBelow(std::string_view text, const Statement& statement, const Mark& mark) {
  Below below;
  Lexer lexer(text, statement.begin, statement.end, true);
  int depth = 0;
  bool separated = false;  // the token before is the one that a column definition follows
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    if (token.begin < mark.at) {
      if (token.end > mark.at) below.in_comment = false;
      if (token.kind == TokenKind::kOpen) ++depth;
      if (token.kind == TokenKind::kClose) --depth;
      separated = depth == 1 && (token.kind == TokenKind::kOpen || lexer.Text(token) == ",");
      continue;
    }
    const bool word = token.kind == TokenKind::kWord && BeginsTableElement(lexer.Text(token));
    if (separated && (word || token.kind == TokenKind::kQuotedIdentifier)) {
      below.column = StoredName(lexer.Text(token));
    }
    break;
  }
  return below;
}

bool MakesTable(std::string_view statement) {
  Lexer lexer(statement, 0, statement.size(), true);
  for (int i = 0; i < 4; ++i) {
    const Token token = lexer.Next();
    if (token.kind == TokenKind::kWord && EqualsKeyword(lexer.Text(token), "table")) return true;
  }
  return false;
}

class HintReader {
 public:
  explicit HintReader(const ModelText& model) : model_(model), text_(model.text) {}

  Result<std::vector<RenameHint>> Run() {
    for (std::size_t at = text_.find(kMark); at != std::string_view::npos; at = text_.find(kMark, at + kMark.size())) {
      Read(ReadMark(text_, at));
    }
    if (!errors_.empty()) return std::move(errors_).Take();
    return std::move(hints_);
  }

 private:
  void Read(const Mark& mark) {
    // The first statement that ends behind the hint: the one around it, or the one below it.
    const auto found =
        std::partition_point(model_.statements.begin(), model_.statements.end(),
                             [&](const ModelStatement& statement) { return statement.range.end <= mark.at; });
    Below below;
    if (found != model_.statements.end() && found->range.begin < mark.at) {
      below = LookBelow(text_, found->range, mark);
      if (!below.in_comment) return;
    }
    const bool line_comment = mark.before.starts_with("--") || mark.before.ends_with("--");
    if (!line_comment) return;  // within a block comment
    if (mark.before != "--") return Refuse(mark, "a rename hint stands in a comment line of its own");
    if (!IsOneName(mark.name)) return Refuse(mark, "a rename hint names one old name: -- sluice:renamed-from old_name");
    if (found == model_.statements.end()) return Refuse(mark, "there is nothing below this rename hint");
    const std::string_view statement = text_.substr(found->range.begin, found->range.end - found->range.begin);
    const auto object = MadeObject(statement);
    const bool inside = found->range.begin < mark.at;
    if (!object || object->kind != "table" || !MakesTable(statement) || (inside && below.column.empty())) {
      return Refuse(mark, "below a rename hint there must be a CREATE TABLE, or a column in it");
    }
    RenameHint hint;
    hint.kind = inside ? RenameHint::Kind::kColumn : RenameHint::Kind::kTable;
    hint.schema = object->schema;
    hint.table = object->name;
    hint.column = below.column;
    hint.old_name = StoredName(mark.name);
    hint.file = model_.file;
    hint.line = LocateOffset("", text_, mark.at).line;
    hints_.push_back(std::move(hint));
  }

  void Refuse(const Mark& mark, std::string message) {
    Error error = MakeError(ErrorCode::kModel, std::move(message));
    error.where = LocateOffset(model_.file, text_, mark.at);
    errors_.Add(std::move(error));
  }

  const ModelText& model_;
  const std::string_view text_;
  std::vector<RenameHint> hints_;
  ErrorList errors_;
};

}  // namespace

Result<RenameHint> ParseRename(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::vector<std::string_view> names = SplitAt(std::string_view(text).substr(0, equals), '.');
  const bool complete = equals != std::string::npos && equals + 1 < text.size() && names.size() <= 3 &&
                        std::none_of(names.begin(), names.end(), [](std::string_view name) { return name.empty(); });
  if (!complete) {
    return MakeError(ErrorCode::kUsage, "\"" + text + "\" is no rename",
                     "it is OLD=NEW for a table, TABLE.OLD=NEW or SCHEMA.TABLE.OLD=NEW for a column");
  }
  RenameHint hint;
  hint.file = "--rename " + text;
  hint.old_name = names.back();
  const std::string new_name = text.substr(equals + 1);
  hint.table = names.size() == 1 ? new_name : std::string(names[names.size() - 2]);
  if (names.size() == 3) hint.schema = names[0];
  if (names.size() > 1) {
    hint.kind = RenameHint::Kind::kColumn;
    hint.column = new_name;
  }
  return hint;
}

Result<std::vector<RenameHint>> FindRenameHints(const ModelText& model) { return HintReader(model).Run(); }

}  // namespace sluice
