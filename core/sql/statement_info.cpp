#include "core/sql/statement_info.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/sql/lexer.h"
#include "core/sql/parse_tree.h"
#include "core/sql/session_effects.h"
#include "core/sql/transaction_rules.h"

namespace sluice {
namespace {

using Json = nlohmann::json;

// Statements that always may leave something in the session: a setting, a prepared statement, a cursor, a listener, or
// what a trigger or function did.
// clang-format off
constexpr auto kSessionNodes = std::to_array<std::string_view>({
    "AlterExtensionStmt", "CallStmt", "ClosePortalStmt", "CopyStmt", "CreateExtensionStmt", "CreateTableAsStmt",
    "DeallocateStmt", "DeclareCursorStmt", "DeleteStmt", "DiscardStmt", "DoStmt", "ExecuteStmt", "ExplainStmt",
    "FetchStmt", "InsertStmt", "ListenStmt", "LoadStmt", "MergeStmt", "PrepareStmt", "SelectStmt", "TransactionStmt",
    "UnlistenStmt", "UpdateStmt", "VariableSetStmt",
});
// clang-format on

// Kinds without transaction rules whose fields matter all the same.
constexpr auto kNodesToRead = std::to_array<std::string_view>({
    "AlterEnumStmt",
    "CopyStmt",
    "DeallocateStmt",
    "DoStmt",
    "SelectStmt",
});

template <typename List>
bool Contains(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string Text(const Json& node, const char* name) { return node.value(name, std::string()); }

// Finds an ASCII needle (lower case) in any case: Horspool's search, several times faster than reading every byte,
// because every statement of a large seed passes here.
class AnyCaseSearch {
 public:
  explicit constexpr AnyCaseSearch(std::string_view needle) : needle_(needle) {
    shift_.fill(static_cast<std::uint8_t>(needle.size()));
    for (std::size_t i = 0; i + 1 < needle.size(); ++i) {
      const auto skip = static_cast<std::uint8_t>(needle.size() - 1 - i);
      shift_[static_cast<unsigned char>(needle[i])] = skip;
      if (needle[i] >= 'a' && needle[i] <= 'z') shift_[static_cast<unsigned char>(needle[i] - ('a' - 'A'))] = skip;
    }
  }

  bool IsIn(std::string_view text) const {
    for (std::size_t at = 0; at + needle_.size() <= text.size();) {
      std::size_t i = needle_.size();
      while (i > 0 && Lower(text[at + i - 1]) == needle_[i - 1]) --i;
      if (i == 0) return true;
      at += shift_[static_cast<unsigned char>(text[at + needle_.size() - 1])];
    }
    return false;
  }

 private:
  static constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

  std::string_view needle_;
  std::array<std::uint8_t, 256> shift_{};
};

constexpr AnyCaseSearch kUnlockAll("pg_advisory_unlock_all");
constexpr AnyCaseSearch kSetConfig("set_config");

// The last part of a name that is a list of strings: `pg_catalog.now` → `now`.
std::vector<std::string> Names(const Json& list) {
  std::vector<std::string> names;
  for (const Json& item : list) {
    if (const auto string = item.find("String"); string != item.end()) names.push_back(Text(*string, "sval"));
  }
  return names;
}

QualifiedName NameOf(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  return {names.size() > 1 ? names[names.size() - 2] : std::string(), names.back()};
}

QualifiedName NameOfRange(const Json& node, const char* field) {
  const auto range = node.find(field);
  if (range == node.end()) return {};
  return {Text(*range, "schemaname"), Text(*range, "relname")};
}

// The body and language of a DO block or of CREATE FUNCTION.
std::string OptionText(const Json& node, const char* list, std::string_view name) {
  const auto options = node.find(list);
  if (options == node.end()) return {};
  for (const Json& option : *options) {
    const Json& element = option.at("DefElem");
    const auto arg = element.find("arg");
    if (Text(element, "defname") != name || arg == element.end()) continue;
    if (const auto string = arg->find("String"); string != arg->end()) return Text(*string, "sval");
    if (const auto items = arg->find("List"); items != arg->end()) {
      const std::vector<std::string> names = Names(items->value("items", Json::array()));
      return names.empty() ? std::string() : names.front();
    }
  }
  return {};
}

// What PL/pgSQL code does to transactions: COMMIT and ROLLBACK are statements of their own there.
struct BodyFacts {
  bool commits = false;
  bool calls = false;  // CALL: the procedure may commit
};

BodyFacts ReadBody(std::string_view body) {
  BodyFacts facts;
  Lexer lexer(body, 0, body.size(), true);
  bool after_end_of_transaction = false;
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    const std::string_view word = lexer.Text(token);
    const bool is_word = token.kind == TokenKind::kWord;
    if (after_end_of_transaction && (token.kind == TokenKind::kSemicolon || (is_word && EqualsKeyword(word, "and")))) {
      facts.commits = true;
    }
    after_end_of_transaction = is_word && (EqualsKeyword(word, "commit") || EqualsKeyword(word, "rollback"));
    if (is_word && EqualsKeyword(word, "call")) facts.calls = true;
  }
  return facts;
}

void ReadDo(const Json& node, StatementInfo& info) {
  const BodyFacts facts = ReadBody(OptionText(node, "args", "as"));
  if (facts.commits) {
    info.transaction = TransactionUse::kNeverInBlock;
    info.mend = "this DO block ends transactions itself: move it to a section of its own with transaction=off";
  }
  if (facts.commits || facts.calls) info.resume = ResumeRule::kAsk;
}

void ReadNames(const std::string& kind, const Json& node, StatementInfo& info) {
  info.if_exists = node.value("missing_ok", false) || node.value("if_not_exists", false);
  if (kind == "IndexStmt") {
    info.relation = NameOfRange(node, "relation");
    info.object = {info.relation.schema, Text(node, "idxname")};
  } else if (kind == "DropStmt" && info.resume == ResumeRule::kDropIndex) {
    const auto objects = node.find("objects");
    if (objects != node.end() && !objects->empty()) {
      info.relation = NameOf(Names((*objects)[0].value("List", Json::object()).value("items", Json::array())));
    }
  } else if (kind == "AlterTableStmt" && info.resume == ResumeRule::kDetachPartition) {
    info.relation = NameOfRange(node, "relation");
    for (const Json& command : node.at("cmds")) {
      const Json& fields = command.at("AlterTableCmd");
      if (Text(fields, "subtype") == "AT_DetachPartition") {
        info.object = NameOfRange(fields.at("def").at("PartitionCmd"), "name");
      }
    }
  } else if (kind == "VacuumStmt") {
    const auto tables = node.find("rels");
    if (tables != node.end()) info.relation = NameOfRange((*tables)[0].at("VacuumRelation"), "relation");
  } else if (kind == "ReindexStmt") {
    info.relation = node.contains("relation") ? NameOfRange(node, "relation") : QualifiedName{{}, Text(node, "name")};
  } else {
    for (const char* field : {"dbname", "tablespacename", "subname"}) {
      if (node.contains(field)) info.relation.name = Text(node, field);
    }
  }
}

void ReadEnum(const Json& node, StatementInfo& info) {
  if (node.contains("oldVal")) return;  // RENAME VALUE
  const QualifiedName type = NameOf(Names(node.value("typeName", Json::array())));
  info.adds_enum_value_type = type.schema.empty() ? type.name : type.schema + "." + type.name;
  info.adds_enum_value = Text(node, "newVal");
}

constexpr std::string_view kUnlockAllRefusal =
    "pg_advisory_unlock_all() would drop the lock that keeps other migrators out; use pg_advisory_unlock() with the "
    "keys "
    "of the script's own locks";
constexpr std::string_view kDiscardAllRefusal =
    "DISCARD ALL would drop the lock that keeps other migrators out; Sluice cleans the session up between revisions, "
    "so "
    "it isn't needed (RESET ALL, DISCARD TEMP and DISCARD PLANS are allowed)";
constexpr std::string_view kCopyRefusal =
    "COPY … FROM STDIN takes its rows from the client, and a script can't hold them; write them as INSERT statements, "
    "or "
    "copy from a file of the server";

void ReadRefusals(const std::string& kind, const Json& node, StatementInfo& info) {
  if (kind == "DiscardStmt" && Text(node, "target") == "DISCARD_ALL") info.refusal = kDiscardAllRefusal;
  if (kind == "CopyStmt" && node.value("is_from", false) && !node.contains("filename")) info.refusal = kCopyRefusal;
}

void ReadSettings(const std::string& kind, const Json& node, StatementInfo& info) {
  info.deallocates_all = kind == "DeallocateStmt" && Text(node, "name").empty();
  if (kind == "DiscardStmt") info.ends_message = true;
  if (kind == "VariableSetStmt") {
    info.ends_message = Text(node, "kind") == "VAR_RESET_ALL" || IsReadingSetting(Text(node, "name"));
  }
}

void Apply(const TransactionRule& rule, StatementInfo& info) {
  info.transaction = rule.transaction;
  info.resume = rule.resume;
  info.since_version = rule.since_version;
  info.mend = rule.mend;
}

// What is read from the node's fields; statements of other kinds don't need them.
void ReadNode(const ParseTree& tree, StatementInfo& info) {
  const std::string& kind = tree.kind();
  const Json node = tree.Node();
  if (const TransactionRule* rule = FindTransactionRule(kind, node)) Apply(*rule, info);
  ReadRefusals(kind, node, info);
  ReadSettings(kind, node, info);
  ReadNames(kind, node, info);
  if (kind == "AlterEnumStmt") ReadEnum(node, info);
  if (kind == "DoStmt") ReadDo(node, info);
  if (kind == "SelectStmt") info.is_query = !node.contains("intoClause");
}

// CREATE INDEX is frequent, and only its concurrent form has rules.
bool IsPlainIndex(const ParseTree& tree) {
  return tree.kind() == "IndexStmt" && tree.text().find("\"concurrent\":true") == std::string_view::npos;
}

StatementInfo Read(const ParseTree& tree, std::string_view statement) {
  const std::string& kind = tree.kind();
  StatementInfo info;
  info.kind = kind;
  info.parsed = true;
  const bool has_rules = HasTransactionRules(kind) && !IsPlainIndex(tree);
  if (has_rules || Contains(kNodesToRead, kind)) ReadNode(tree, info);
  const SessionEffects effects = FindSessionEffects(tree);
  if (effects.modifies_rows) info.is_query = false;
  info.changes_session = Contains(kSessionNodes, kind) || effects.makes_temporary || effects.calls_unknown;
  info.ends_message |= effects.sets_reading;
  const bool is_code = kind == "DoStmt" || kind == "CreateFunctionStmt";
  if (effects.unlocks_all || (is_code && kUnlockAll.IsIn(statement))) info.refusal = kUnlockAllRefusal;
  if (kind == "CallStmt") info.resume = ResumeRule::kAsk;
  return info;
}

// The words in upper case, as many as a statement needs to show what it is.
std::vector<std::string> FirstWords(std::string_view statement) {
  constexpr std::size_t kEnough = 12;
  std::vector<std::string> words;
  Lexer lexer(statement, 0, statement.size(), true);
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd && words.size() < kEnough; token = lexer.Next()) {
    if (token.kind != TokenKind::kWord) continue;
    std::string word(lexer.Text(token));
    for (char& c : word) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
    }
    words.push_back(std::move(word));
  }
  return words;
}

// Syntax of a later PostgreSQL than the parser's: its first words have to do, and the worst is assumed.
StatementInfo ReadUnknown(std::string_view statement) {
  StatementInfo info;
  const std::vector<std::string> words = FirstWords(statement);
  if (const TransactionRule* rule = FindTransactionRule(words)) Apply(*rule, info);
  const std::string_view first = words.empty() ? std::string_view() : std::string_view(words.front());
  info.is_query = first == "SELECT" || first == "VALUES" || first == "TABLE" || first == "WITH";
  if (first == "CALL" || first == "DO") info.resume = ResumeRule::kAsk;
  info.changes_session = true;
  info.ends_message = first == "SET" || first == "RESET" || first == "DISCARD" || kSetConfig.IsIn(statement);
  if (kUnlockAll.IsIn(statement)) info.refusal = kUnlockAllRefusal;
  if (first == "COPY" && Contains(words, "FROM") && Contains(words, "STDIN")) info.refusal = kCopyRefusal;
  return info;
}

// INSERT, UPDATE and DELETE are what large scripts are made of; they need no parse tree, unless a function that matters
// is in them.
std::string_view PlainKind(std::string_view statement) {
  Lexer lexer(statement, 0, statement.size(), true);
  const Token token = lexer.Next();
  const std::string_view first = lexer.Text(token);
  std::string_view kind;
  if (EqualsKeyword(first, "insert")) kind = "InsertStmt";
  if (EqualsKeyword(first, "update")) kind = "UpdateStmt";
  if (EqualsKeyword(first, "delete")) kind = "DeleteStmt";
  if (kind.empty() || kUnlockAll.IsIn(statement) || kSetConfig.IsIn(statement)) return {};
  return kind;
}

}  // namespace

StatementInfo InspectStatement(std::string_view statement) {
  if (const std::string_view kind = PlainKind(statement); !kind.empty()) {
    StatementInfo info;
    info.kind = kind;
    info.parsed = true;
    info.changes_session = true;  // a trigger may do anything
    return info;
  }
  if (const std::optional<ParseTree> tree = ParseStatement(statement)) return Read(*tree, statement);
  return ReadUnknown(statement);
}

std::optional<SyntaxTrouble> ParseTrouble(std::string_view statement) {
  SyntaxTrouble trouble;
  if (ParseStatement(statement, &trouble).has_value() || trouble.message.empty()) return std::nullopt;
  return trouble;
}

}  // namespace sluice
