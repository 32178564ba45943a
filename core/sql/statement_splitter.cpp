#include "core/sql/statement_splitter.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "core/base/source_excerpt.h"
#include "core/sql/lexer.h"

namespace sluice {
namespace {

// What the words of a statement mean to where it ends. Only these few statements are looked into at all.
class StatementWords {
 public:
  // The next word of the statement outside of parentheses.
  void Add(std::string_view word) {
    if (count_ < kLongestPrefix) prefix_[count_] = word;
    ++count_;
    begun_ = true;
    last_was_begin_ = EqualsKeyword(word, "begin");
  }
  void AddOther() {
    begun_ = true;
    last_was_begin_ = false;
  }

  bool begun() const { return begun_; }
  // Whether `word`, if it came next, would open a BEGIN ATOMIC body. SQL allows it in functions and procedures only:
  // `SELECT begin atomic` is a column with an alias.
  bool OpensBody(std::string_view word) const {
    return last_was_begin_ && EqualsKeyword(word, "atomic") && IsCreateRoutine();
  }
  bool MayOpenBody() const { return count_ < kLongestPrefix || IsCreateRoutine(); }

 private:
  bool IsCreateRoutine() const {
    if (count_ == 0 || !EqualsKeyword(prefix_[0], "create")) return false;
    const std::size_t at =
        count_ > 3 && EqualsKeyword(prefix_[1], "or") && EqualsKeyword(prefix_[2], "replace") ? 3 : 1;
    return at < count_ && (EqualsKeyword(prefix_[at], "function") || EqualsKeyword(prefix_[at], "procedure"));
  }

  static constexpr std::size_t kLongestPrefix = 4;  // CREATE OR REPLACE FUNCTION
  std::array<std::string_view, kLongestPrefix> prefix_;
  std::size_t count_ = 0;
  bool begun_ = false;
  bool last_was_begin_ = false;
};

// on, off and what else PostgreSQL reads as a boolean (parse_bool: unique prefixes of true, false, yes, no; on, off, 1,
// 0).
std::optional<bool> ReadBoolean(std::string_view value) {
  if (value.size() >= 2 && value.front() == '\'') value = value.substr(1, value.size() - 2);
  const auto is_prefix_of = [&](std::string_view word) {
    return !value.empty() && value.size() <= word.size() && EqualsKeyword(value, word.substr(0, value.size()));
  };
  if (value == "1" || is_prefix_of("true") || is_prefix_of("yes") || EqualsKeyword(value, "on")) return true;
  if (value == "0" || is_prefix_of("false") || is_prefix_of("no") || EqualsKeyword(value, "off") ||
      EqualsKeyword(value, "of")) {
    return false;
  }
  return std::nullopt;
}

// What `statement` (one statement) makes of standard_conforming_strings; empty when it leaves it as it is. DEFAULT and
// RESET are taken as PostgreSQL's own default, on.
std::optional<bool> SetsStandardStrings(std::string_view statement, bool standard_strings) {
  Lexer lexer(statement, 0, statement.size(), standard_strings);
  const auto next = [&] { return lexer.Text(lexer.Next()); };
  std::string_view word = next();
  if (EqualsKeyword(word, "reset")) {
    word = next();
    return EqualsKeyword(word, "all") || EqualsKeyword(word, "standard_conforming_strings") ? std::optional(true)
                                                                                            : std::nullopt;
  }
  if (!EqualsKeyword(word, "set")) return std::nullopt;
  word = next();
  if (EqualsKeyword(word, "session") || EqualsKeyword(word, "local")) word = next();
  if (!EqualsKeyword(word, "standard_conforming_strings")) return std::nullopt;
  std::string_view value = next();
  if (EqualsKeyword(value, "to") || value == "=") {
    value = next();
  } else if (value.starts_with('=')) {
    value.remove_prefix(1);  // `=1` is one run of characters
  } else {
    return std::nullopt;
  }
  return EqualsKeyword(value, "default") ? true : ReadBoolean(value);
}

Error Trouble(std::string_view text, std::size_t offset, std::string message, std::string hint) {
  Error error = MakeError(ErrorCode::kScript, std::move(message), std::move(hint));
  error.where = LocateOffset({}, text, offset);
  return error;
}

std::string MendOfCommand(std::string_view command) {
  const auto any_of = [&](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), command) != names.end();
  };
  if (any_of({"\\i", "\\ir", "\\include", "\\include_relative"})) {
    return "put the text of that file here: a script must hold everything it runs";
  }
  if (any_of({"\\copy", "\\."})) return "write the rows as INSERT statements: a script can't hold data for COPY";
  if (any_of({"\\c", "\\connect"})) {
    return "remove the line: a script runs in the database that the configuration names";
  }
  if (any_of({"\\restrict", "\\unrestrict"})) return "remove the line: pg_dump writes it for psql only";
  if (any_of({"\\set", "\\gset"}))
    return "write the value where it is used: psql's variables don't exist outside of psql";
  return "remove the line, or write in SQL what it does";
}

Error UnterminatedTrouble(std::string_view text, const Token& token) {
  const std::string_view rest = text.substr(token.begin);
  if (rest.starts_with("/*")) {
    return Trouble(text, token.begin, "this comment has no end", "end it with */; comments nest in PostgreSQL");
  }
  if (rest.starts_with('$')) {
    const std::string tag(rest.substr(0, rest.find('$', 1) + 1));
    return Trouble(text, token.begin, "the string that begins with " + tag + " has no end",
                   "end it with " + tag + ", in the same section");
  }
  if (rest.starts_with('"') || rest.substr(1).starts_with("&\"")) {
    return Trouble(text, token.begin, "this quoted name has no end", "end it with \"; a \" in a name is written twice");
  }
  return Trouble(text, token.begin, "this string has no end", "end it with '; a ' in a string is written twice");
}

class Splitter {
 public:
  Splitter(std::string_view text, std::size_t begin, std::size_t end, int first_line, bool standard_strings,
           bool at_end)
      : text_(text),
        end_(end),
        at_end_(at_end),
        lexer_(text, begin, end, standard_strings),
        counted_to_(begin),
        line_(first_line) {
    result_.consumed = begin;
    result_.standard_strings = standard_strings;
  }

  PartialSplit Run() {
    while (true) {
      const Token token = lexer_.Next();
      switch (token.kind) {
        case TokenKind::kEnd:
          return Finish();
        case TokenKind::kUnterminated:
          return at_end_ ? StopAt(UnterminatedTrouble(text_, token)) : Finish();
        case TokenKind::kBackslash:
          return StopAt(CommandTrouble(token));
        case TokenKind::kSemicolon:
          Semicolon(token);
          break;
        default:
          Extend(token);
      }
    }
  }

 private:
  void Extend(const Token& token) {
    if (!open_) Open(token);
    last_end_ = token.end;
    if (token.kind == TokenKind::kOpen) {
      ++parentheses_;
      words_.AddOther();
    } else if (token.kind == TokenKind::kClose) {
      if (parentheses_ > 0) --parentheses_;
    } else if (parentheses_ == 0 && words_.MayOpenBody()) {
      Look(token);
    }
  }

  void Look(const Token& token) {
    if (token.kind != TokenKind::kWord) return words_.AddOther();
    const std::string_view word = lexer_.Text(token);
    if (bodies_ > 0 && !words_.begun() && EqualsKeyword(word, "end")) {
      // A body ends with END where a statement could begin; END elsewhere belongs to a CASE or is a name.
      --bodies_;
      return words_.Add(word);
    }
    if (words_.OpensBody(word)) {
      ++bodies_;
      words_ = {};
      return;
    }
    words_.Add(word);
  }

  void Semicolon(const Token& token) {
    if (parentheses_ > 0) return;
    words_ = {};
    if (bodies_ > 0) {
      last_end_ = token.end;
      return;
    }
    if (open_) Close();
    result_.consumed = token.end;
    result_.standard_strings = standard_strings();
  }

  void Open(const Token& token) {
    open_ = true;
    line_ += static_cast<int>(std::count(text_.begin() + counted_to_, text_.begin() + token.begin, '\n'));
    counted_to_ = token.begin;
    result_.statements.push_back({token.begin, token.begin, line_});
    const char first = text_[token.begin];
    may_set_ = first == 's' || first == 'S' || first == 'r' || first == 'R';
  }

  void Close() {
    Statement& statement = result_.statements.back();
    statement.end = last_end_;
    if (may_set_) {
      const std::string_view text = text_.substr(statement.begin, statement.end - statement.begin);
      if (const auto set = SetsStandardStrings(text, standard_strings())) {
        standard_strings_ = *set;
        lexer_.set_standard_strings(*set);
      }
    }
    open_ = false;
    parentheses_ = 0;
  }

  bool standard_strings() const { return standard_strings_.value_or(result_.standard_strings); }

  PartialSplit Finish() {
    if (!at_end_) return StopAt(std::nullopt);
    if (open_) Close();
    result_.consumed = end_;
    result_.standard_strings = standard_strings();
    return {std::move(result_), std::nullopt};
  }

  // Leaves the statement that is being read.
  PartialSplit StopAt(std::optional<Error> trouble) {
    if (open_) result_.statements.pop_back();
    return {std::move(result_), std::move(trouble)};
  }

  Error CommandTrouble(const Token& token) {
    const std::string_view rest = text_.substr(token.begin, end_ - token.begin);
    const std::string command(rest.substr(0, rest.find_first_of(" \t\r\n;", 1)));
    return Trouble(text_, token.begin, command + " is a command of psql, which only psql knows",
                   MendOfCommand(command));
  }

  const std::string_view text_;
  const std::size_t end_;
  const bool at_end_;
  Lexer lexer_;
  SplitResult result_;
  std::optional<bool> standard_strings_;

  std::size_t counted_to_;  // lines are counted up to here
  int line_;

  // The statement that is being read.
  bool open_ = false;
  bool may_set_ = false;
  std::size_t last_end_ = 0;
  int parentheses_ = 0;
  int bodies_ = 0;  // BEGIN ATOMIC … END around here
  StatementWords words_;
};

}  // namespace

PartialSplit SplitUpToTrouble(std::string_view text, std::size_t begin, std::size_t end, int first_line,
                              bool standard_strings, bool at_end) {
  if (const void* nul = begin < end ? std::memchr(text.data() + begin, '\0', end - begin) : nullptr) {
    const auto offset = static_cast<std::size_t>(static_cast<const char*>(nul) - text.data());
    return {
        {{}, begin, standard_strings},
        Trouble(text, offset, "a NUL byte, which PostgreSQL doesn't allow in SQL", "remove it; is this file text?")};
  }
  return Splitter(text, begin, end, first_line, standard_strings, at_end).Run();
}

Result<SplitResult> SplitStatements(std::string_view text, std::size_t begin, std::size_t end, int first_line,
                                    bool standard_strings, bool at_end) {
  PartialSplit split = SplitUpToTrouble(text, begin, end, first_line, standard_strings, at_end);
  if (split.error.has_value()) return std::move(*split.error);
  return std::move(split.result);
}

}  // namespace sluice
