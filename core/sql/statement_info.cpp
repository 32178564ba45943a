#include "core/sql/statement_info.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/sql/lexer.h"
#include "core/sql/parse_tree.h"
#include "core/sql/transaction_rules.h"

namespace sluice {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kUnlockAll = "pg_advisory_unlock_all";
constexpr std::string_view kSetConfig = "set_config";

// Settings that change how the text after them is read or as whom it runs. client_encoding is among them although
// Sluice always speaks UTF-8: the message ends, and the session gets its encoding back.
constexpr auto kReadingSettings = std::to_array<std::string_view>({
    "standard_conforming_strings",
    "backslash_quote",
    "escape_string_warning",
    "role",
    "session_authorization",
    "search_path",
    "client_encoding",
});

// Statements that always may leave something in the session: a setting, a prepared statement, a cursor, a listener, or
// what a trigger or function did.
constexpr auto kSessionNodes = std::to_array<std::string_view>({
    "AlterExtensionStmt",
    "CallStmt",
    "ClosePortalStmt",
    "CopyStmt",
    "CreateExtensionStmt",
    "CreateTableAsStmt",
    "DeallocateStmt",
    "DeclareCursorStmt",
    "DeleteStmt",
    "DiscardStmt",
    "DoStmt",
    "ExecuteStmt",
    "ExplainStmt",
    "FetchStmt",
    "InsertStmt",
    "ListenStmt",
    "LoadStmt",
    "MergeStmt",
    "PrepareStmt",
    "SelectStmt",
    "TransactionStmt",
    "UnlistenStmt",
    "UpdateStmt",
    "VariableSetStmt",
});

// Functions of pg_catalog that people write in DDL and that leave nothing behind.
constexpr auto kHarmlessFunctions = std::to_array<std::string_view>({
    "array_length",
    "btrim",
    "clock_timestamp",
    "concat",
    "date_part",
    "date_trunc",
    "gen_random_uuid",
    "json_build_object",
    "jsonb_build_object",
    "jsonb_typeof",
    "length",
    "lower",
    "md5",
    "now",
    "random",
    "round",
    "statement_timestamp",
    "substring",
    "timezone",
    "to_tsvector",
    "transaction_timestamp",
    "upper",
});

template <typename List>
bool Contains(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string Text(const Json& node, const char* name) { return node.value(name, std::string()); }

// Finds an ASCII `needle` (lower case) in any case: Horspool's search, several times faster than reading every byte,
// because every statement of a large seed passes here.
bool ContainsAnyCase(std::string_view text, std::string_view needle) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  std::array<std::uint8_t, 256> shift;
  shift.fill(static_cast<std::uint8_t>(needle.size()));
  for (std::size_t i = 0; i + 1 < needle.size(); ++i) {
    const auto skip = static_cast<std::uint8_t>(needle.size() - 1 - i);
    shift[static_cast<unsigned char>(needle[i])] = skip;
    if (needle[i] >= 'a' && needle[i] <= 'z') shift[static_cast<unsigned char>(needle[i] - ('a' - 'A'))] = skip;
  }
  std::size_t at = 0;
  while (at + needle.size() <= text.size()) {
    std::size_t i = needle.size();
    while (i > 0 && lower(text[at + i - 1]) == needle[i - 1]) --i;
    if (i == 0) return true;
    at += shift[static_cast<unsigned char>(text[at + needle.size() - 1])];
  }
  return false;
}

// Calls `visit(key, value)` for every member of every object in `node`, without recursion.
template <typename Visit>
void ForEachMember(const Json& node, Visit visit) {
  std::vector<const Json*> open{&node};
  while (!open.empty()) {
    const Json& current = *open.back();
    open.pop_back();
    if (!current.is_structured()) continue;
    for (const auto& item : current.items()) {
      if (current.is_object()) visit(item.key(), item.value());
      open.push_back(&item.value());
    }
  }
}

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

// What the functions that a statement calls may do to the session.
struct Calls {
  bool unlocks_all = false;
  bool sets_reading = false;  // set_config of a setting that changes how text is read, or of one that can't be seen
  bool unknown = false;       // any function that isn't known to be harmless
  bool temporary = false;     // makes or names something temporary
  bool modifies = false;      // a data-modifying statement inside (WITH … AS (DELETE …))
};

bool SetsReading(const Json& call) {
  const auto args = call.find("args");
  if (args == call.end() || args->empty()) return true;
  const auto constant = (*args)[0].find("A_Const");
  if (constant == (*args)[0].end() || !constant->contains("sval")) return true;
  return Contains(kReadingSettings, Text((*constant)["sval"], "sval"));
}

Calls FindCalls(const Json& node) {
  Calls calls;
  ForEachMember(node, [&](const std::string& key, const Json& value) {
    if (key == "FuncCall") {
      const QualifiedName name = NameOf(Names(value.value("funcname", Json::array())));
      const bool ours = name.schema.empty() || name.schema == "pg_catalog";
      if (ours && name.name == kUnlockAll) calls.unlocks_all = true;
      if (ours && name.name == kSetConfig && SetsReading(value)) calls.sets_reading = true;
      if (!ours || !Contains(kHarmlessFunctions, name.name)) calls.unknown = true;
    } else if (key == "relpersistence") {
      if (value == "t") calls.temporary = true;
    } else if (key == "schemaname") {
      if (value == "pg_temp") calls.temporary = true;
    } else if (key == "InsertStmt" || key == "UpdateStmt" || key == "DeleteStmt" || key == "MergeStmt") {
      calls.modifies = true;
    }
  });
  return calls;
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

void ReadNames(const ParseTree& tree, StatementInfo& info) {
  const Json& node = tree.node;
  info.if_exists = node.value("missing_ok", false) || node.value("if_not_exists", false);
  if (tree.kind == "IndexStmt") {
    info.relation = NameOfRange(node, "relation");
    info.object = {info.relation.schema, Text(node, "idxname")};
  } else if (tree.kind == "DropStmt" && info.resume == ResumeRule::kDropIndex) {
    const auto objects = node.find("objects");
    if (objects != node.end() && !objects->empty()) {
      info.relation = NameOf(Names((*objects)[0].value("List", Json::object()).value("items", Json::array())));
    }
  } else if (tree.kind == "AlterTableStmt" && info.resume == ResumeRule::kDetachPartition) {
    info.relation = NameOfRange(node, "relation");
    for (const Json& command : node.at("cmds")) {
      const Json& fields = command.at("AlterTableCmd");
      if (Text(fields, "subtype") == "AT_DetachPartition") {
        info.object = NameOfRange(fields.at("def").at("PartitionCmd"), "name");
      }
    }
  } else if (tree.kind == "ReindexStmt") {
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

void ReadRefusals(const ParseTree& tree, std::string_view statement, const Calls& calls, StatementInfo& info) {
  const bool is_code = tree.kind == "DoStmt" || tree.kind == "CreateFunctionStmt";
  if (calls.unlocks_all || (is_code && ContainsAnyCase(statement, kUnlockAll))) info.refusal = kUnlockAllRefusal;
  if (tree.kind == "DiscardStmt" && Text(tree.node, "target") == "DISCARD_ALL") info.refusal = kDiscardAllRefusal;
  if (tree.kind == "CopyStmt" && tree.node.value("is_from", false) && !tree.node.contains("filename")) {
    info.refusal = kCopyRefusal;
  }
}

void ReadSessionEffects(const ParseTree& tree, const Calls& calls, StatementInfo& info) {
  info.changes_session = Contains(kSessionNodes, tree.kind) || calls.temporary || calls.unknown;
  info.deallocates_all = tree.kind == "DeallocateStmt" && Text(tree.node, "name").empty();
  info.ends_message = calls.sets_reading || tree.kind == "DiscardStmt";
  if (tree.kind == "VariableSetStmt") {
    const std::string name = Text(tree.node, "name");
    info.ends_message = Text(tree.node, "kind") == "VAR_RESET_ALL" || Contains(kReadingSettings, name);
  }
}

void Apply(const TransactionRule& rule, StatementInfo& info) {
  info.transaction = rule.transaction;
  info.resume = rule.resume;
  info.since_version = rule.since_version;
  info.until_version = rule.until_version;
  info.mend = rule.mend;
}

StatementInfo Read(const ParseTree& tree, std::string_view statement) {
  StatementInfo info;
  info.kind = tree.kind;
  info.parsed = true;
  if (const TransactionRule* rule = FindTransactionRule(tree)) Apply(*rule, info);
  const Calls calls = FindCalls(tree.node);
  ReadRefusals(tree, statement, calls, info);
  ReadSessionEffects(tree, calls, info);
  ReadNames(tree, info);
  if (tree.kind == "SelectStmt") info.is_query = !tree.node.contains("intoClause") && !calls.modifies;
  if (tree.kind == "AlterEnumStmt") ReadEnum(tree.node, info);
  if (tree.kind == "DoStmt") ReadDo(tree.node, info);
  if (tree.kind == "CallStmt") info.resume = ResumeRule::kAsk;
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
  info.ends_message =
      first == "SET" || first == "RESET" || first == "DISCARD" || ContainsAnyCase(statement, kSetConfig);
  if (ContainsAnyCase(statement, kUnlockAll)) info.refusal = kUnlockAllRefusal;
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
  if (kind.empty() || ContainsAnyCase(statement, kUnlockAll) || ContainsAnyCase(statement, kSetConfig)) return {};
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
