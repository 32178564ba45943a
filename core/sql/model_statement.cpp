#include "core/sql/model_statement.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <tuple>
#include <utility>

#include "core/sql/identifier.h"
#include "core/sql/lexer.h"

namespace sluice {
namespace {

// Reads a statement word by word. Words are key words or names; everything else is a symbol.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : lexer_(text, 0, text.size(), true) { Advance(); }

  bool AtEnd() const { return token_.kind == TokenKind::kEnd || token_.kind == TokenKind::kUnterminated; }
  bool AtName() const { return token_.kind == TokenKind::kWord || token_.kind == TokenKind::kQuotedIdentifier; }
  bool AtKeyword() const { return token_.kind == TokenKind::kWord; }
  bool AtSymbol(std::string_view symbol) const {
    return token_.kind != TokenKind::kWord && lexer_.Text(token_) == symbol;
  }
  bool AtOpen() const { return token_.kind == TokenKind::kOpen; }
  bool AtClose() const { return token_.kind == TokenKind::kClose; }
  bool At(std::string_view keyword) const {
    return token_.kind == TokenKind::kWord && EqualsKeyword(lexer_.Text(token_), keyword);
  }
  std::string_view Text() const { return lexer_.Text(token_); }
  void Advance() { token_ = lexer_.Next(); }

  bool Skip(std::string_view keyword) {
    if (!At(keyword)) return false;
    Advance();
    return true;
  }
  bool SkipAny(std::initializer_list<std::string_view> keywords) {
    for (const std::string_view keyword : keywords) {
      if (Skip(keyword)) return true;
    }
    return false;
  }
  // To the next of these words outside of parentheses. False when there is none.
  bool SkipTo(std::initializer_list<std::string_view> keywords) {
    for (int depth = 0; !AtEnd(); Advance()) {
      if (AtOpen()) ++depth;
      if (AtClose()) --depth;
      if (depth != 0) continue;
      if (std::any_of(keywords.begin(), keywords.end(), [&](std::string_view word) { return At(word); })) return true;
    }
    return false;
  }

  // The name as PostgreSQL stores it.
  std::string Name() {
    std::string name = StoredName(Text());
    Advance();
    return name;
  }

  // `schema.name`; the database of `database.schema.name` is left out.
  std::pair<std::string, std::string> QualifiedName() {
    std::pair<std::string, std::string> name{"", Name()};
    while (AtSymbol(".")) {
      Advance();
      if (!AtName()) break;
      name.first = std::exchange(name.second, Name());
    }
    return name;
  }

 private:
  Lexer lexer_;
  Token token_;
};

struct ObjectWords {
  std::string_view words;  // as a statement names the kind
  std::string_view kind;   // those that share one space of names have one
};

// The longer ones first where one begins with the other.
constexpr auto kObjectWords = std::to_array<ObjectWords>({
    {"foreign table", "table"},
    {"materialized view", "table"},
    {"recursive view", "table"},
    {"table", "table"},
    {"view", "table"},
    {"index", "table"},
    {"sequence", "table"},
    {"type", "type"},
    {"domain", "type"},
    {"function", "function"},
    {"procedure", "function"},
    {"routine", "function"},
    {"aggregate", "function"},
    {"schema", "schema"},
    {"extension", "extension"},
    {"event trigger", "event trigger"},
    {"constraint trigger", "trigger"},
    {"trigger", "trigger"},
    {"rule", "rule"},
    {"policy", "policy"},
    {"publication", "publication"},
    {"statistics", "statistics"},
    {"collation", "collation"},
    {"conversion", "conversion"},
    {"foreign data wrapper", "foreign data wrapper"},
    {"server", "server"},
    {"access method", "access method"},
    {"text search configuration", "text search configuration"},
    {"text search dictionary", "text search dictionary"},
    {"text search parser", "text search parser"},
    {"text search template", "text search template"},
});

// Passes over `words` when they stand here; else stays.
bool SkipWords(WordReader& reader, std::string_view words) {
  WordReader ahead = reader;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (!ahead.Skip(words.substr(0, end))) return false;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  reader = ahead;
  return true;
}

std::string SkipObjectWords(WordReader& reader) {
  for (const ObjectWords& entry : kObjectWords) {
    if (SkipWords(reader, entry.words)) return std::string(entry.kind);
  }
  return {};
}

bool IsOfTable(std::string_view kind) { return kind == "trigger" || kind == "rule" || kind == "policy"; }

std::optional<ModelObject> ReadObject(WordReader& reader, std::string kind) {
  if (!reader.AtName()) return std::nullopt;
  ModelObject object;
  std::tie(object.schema, object.name) = reader.QualifiedName();
  if (IsOfTable(kind)) {
    WordReader ahead = reader;
    // CREATE RULE … AS ON event TO table; CREATE TRIGGER … ON table; DROP … ON table.
    const bool rule = kind == "rule" && ahead.At("as");
    if (!ahead.SkipTo({rule ? "to" : "on"})) return std::nullopt;
    ahead.Advance();
    ahead.Skip("only");
    if (!ahead.AtName()) return std::nullopt;
    std::tie(object.schema, object.table) = ahead.QualifiedName();
  }
  object.kind = std::move(kind);
  return object;
}

// `DROP KIND [CONCURRENTLY] [IF EXISTS] name [(arguments)], …`.
void ReadDrop(WordReader& reader, ModelStatementInfo& info) {
  info.kind = ModelStatementKind::kDrop;
  const std::string kind = SkipObjectWords(reader);
  if (kind.empty()) {
    info.if_exists = reader.SkipTo({"if"});
    return;
  }
  reader.Skip("concurrently");
  if (reader.Skip("if")) info.if_exists = reader.Skip("exists");
  while (reader.AtName()) {
    const auto object = ReadObject(reader, kind);
    if (!object) return;
    info.drops.push_back(*object);
    int depth = 0;
    for (; !reader.AtEnd(); reader.Advance()) {
      if (reader.AtOpen()) ++depth;
      if (reader.AtClose()) --depth;
      if (depth == 0 && reader.AtSymbol(",")) break;
    }
    reader.Advance();
  }
}

// `ALTER TABLE [IF EXISTS] [ONLY] name DROP …`, as pg_dump --clean writes it, also `ALTER COLUMN c DROP DEFAULT`.
void ReadAlter(WordReader& reader, ModelStatementInfo& info) {
  const bool relation = SkipWords(reader, "foreign table") || SkipWords(reader, "materialized view") ||
                        reader.SkipAny({"table", "view", "index", "sequence"});
  if (!relation) return;
  const bool if_exists = reader.Skip("if") && reader.Skip("exists");
  reader.Skip("only");
  if (!reader.AtName()) return;
  ModelObject object;
  object.kind = "table";
  std::tie(object.schema, object.name) = reader.QualifiedName();
  WordReader ahead = reader;
  ahead.Skip("alter");
  ahead.Skip("column");
  const bool of_column = !reader.At("drop") && ahead.AtName();
  if (of_column) (void)ahead.Name();
  if (!reader.At("drop") && !(of_column && ahead.At("drop") && if_exists)) return;
  info.kind = ModelStatementKind::kDrop;
  info.if_exists = if_exists;
  info.only_alters = !reader.At("drop");
  info.drops.push_back(std::move(object));
}

struct FirstWords {
  std::string_view words;
  ModelStatementKind kind;
  std::string_view mend = {};
};

constexpr std::string_view kNoRoles = "roles belong to the whole server: make them apart from the schema";
constexpr std::string_view kNoDatabases =
    "models are loaded into a scratch database: leave it out (pg_dump without -C)";

// The first that fits counts. What is not here is run.
constexpr auto kFirstWords = std::to_array<FirstWords>({
    {"set", ModelStatementKind::kSetting},
    {"reset", ModelStatementKind::kSetting},
    {"select pg_catalog . set_config", ModelStatementKind::kSetting},
    {"select set_config", ModelStatementKind::kSetting},
    {"select pg_catalog . setval", ModelStatementKind::kData},
    {"select setval", ModelStatementKind::kData},
    {"insert", ModelStatementKind::kData},
    {"update", ModelStatementKind::kData},
    {"delete", ModelStatementKind::kData},
    {"merge", ModelStatementKind::kData},
    {"truncate", ModelStatementKind::kData},
    {"copy", ModelStatementKind::kData},
    {"select pg_catalog . lo_create", ModelStatementKind::kData},
    {"begin", ModelStatementKind::kIgnored},
    {"start transaction", ModelStatementKind::kIgnored},
    {"commit", ModelStatementKind::kIgnored},
    {"end", ModelStatementKind::kIgnored},
    {"rollback", ModelStatementKind::kIgnored},
    {"abort", ModelStatementKind::kIgnored},
    {"savepoint", ModelStatementKind::kIgnored},
    {"release", ModelStatementKind::kIgnored},
    {"lock", ModelStatementKind::kIgnored},
    {"analyze", ModelStatementKind::kIgnored},
    {"vacuum", ModelStatementKind::kIgnored},
    {"cluster", ModelStatementKind::kIgnored},
    {"reindex", ModelStatementKind::kIgnored},
    {"checkpoint", ModelStatementKind::kIgnored},
    {"discard", ModelStatementKind::kIgnored},
    {"refresh materialized view", ModelStatementKind::kIgnored},
    {"create subscription", ModelStatementKind::kElsewhere},
    {"alter subscription", ModelStatementKind::kElsewhere},
    {"drop subscription", ModelStatementKind::kElsewhere},
    {"comment on subscription", ModelStatementKind::kElsewhere},
    {"comment on database", ModelStatementKind::kElsewhere},
    {"security label on database", ModelStatementKind::kElsewhere},
    {"create database", ModelStatementKind::kRefused, kNoDatabases},
    {"alter database", ModelStatementKind::kRefused, kNoDatabases},
    {"drop database", ModelStatementKind::kRefused, kNoDatabases},
    {"create role", ModelStatementKind::kRefused, kNoRoles},
    {"create user mapping", ModelStatementKind::kSchema},
    {"create user", ModelStatementKind::kRefused, kNoRoles},
    {"create group", ModelStatementKind::kRefused, kNoRoles},
    {"alter role", ModelStatementKind::kRefused, kNoRoles},
    {"alter user mapping", ModelStatementKind::kSchema},
    {"alter user", ModelStatementKind::kRefused, kNoRoles},
    {"alter group", ModelStatementKind::kRefused, kNoRoles},
    {"drop role", ModelStatementKind::kRefused, kNoRoles},
    {"drop user mapping", ModelStatementKind::kDrop},
    {"drop user", ModelStatementKind::kRefused, kNoRoles},
    {"drop group", ModelStatementKind::kRefused, kNoRoles},
    {"drop owned", ModelStatementKind::kRefused, kNoRoles},
    {"reassign owned", ModelStatementKind::kRefused, kNoRoles},
    {"comment on role", ModelStatementKind::kRefused, kNoRoles},
    {"create tablespace", ModelStatementKind::kRefused, "tablespaces belong to the whole server: leave it out"},
    {"alter tablespace", ModelStatementKind::kRefused, "tablespaces belong to the whole server: leave it out"},
    {"drop tablespace", ModelStatementKind::kRefused, "tablespaces belong to the whole server: leave it out"},
    {"alter system", ModelStatementKind::kRefused, "it changes the whole server: leave it out"},
    {"prepare transaction", ModelStatementKind::kRefused, "leave it out"},
});

bool BeginsWith(WordReader reader, std::string_view words) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    const std::string_view word = words.substr(0, end);
    if (word == "." ? !reader.AtSymbol(".") : !reader.At(word)) return false;
    reader.Advance();
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return true;
}

// The first key words: what it does, and to which kind of object.
std::string Title(WordReader reader) {
  constexpr auto kOfAKind =
      std::to_array<std::string_view>({"create", "alter", "drop", "comment", "prepare", "reassign"});
  const bool two = std::any_of(kOfAKind.begin(), kOfAKind.end(), [&](auto word) { return reader.At(word); });
  std::string title;
  for (int i = 0; i < (two ? 2 : 1) && reader.AtKeyword(); ++i) {
    if (i > 0) title += ' ';
    for (const char c : reader.Text()) title += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    reader.Advance();
  }
  return title;
}

// GRANT or REVOKE of a role to a role has no ON.
void ReadGrant(WordReader reader, ModelStatementInfo& info) {
  if (!reader.SkipTo({"on"})) {
    info.kind = ModelStatementKind::kRefused;
    info.mend = kNoRoles;
    return;
  }
  reader.Advance();
  if (reader.At("database") || reader.At("tablespace") || reader.At("parameter")) {
    info.kind = ModelStatementKind::kElsewhere;
  }
}

void ReadRoleList(WordReader& reader, std::vector<std::string>& roles) {
  while (!reader.AtEnd()) {
    reader.Skip("group");
    constexpr auto kNoRole =
        std::to_array<std::string_view>({"public", "current_user", "session_user", "current_role"});
    const bool special = std::any_of(kNoRole.begin(), kNoRole.end(), [&](auto word) { return reader.At(word); });
    if (!reader.AtName()) return;
    std::string name = reader.Name();
    if (!special) roles.push_back(std::move(name));
    if (!reader.AtSymbol(",")) return;
    reader.Advance();
  }
}

}  // namespace

ModelStatementInfo InspectModelStatement(std::string_view statement) {
  ModelStatementInfo info;
  WordReader reader(statement);
  info.title = Title(reader);
  if (reader.At("create") && !BeginsWith(reader, "create role") && !BeginsWith(reader, "create user") &&
      !BeginsWith(reader, "create database") && !BeginsWith(reader, "create group") &&
      !BeginsWith(reader, "create tablespace") && !BeginsWith(reader, "create subscription")) {
    return info;
  }
  for (const FirstWords& entry : kFirstWords) {
    if (!BeginsWith(reader, entry.words)) continue;
    info.kind = entry.kind;
    info.mend = entry.mend;
    return info;
  }
  if (reader.At("grant") || reader.At("revoke")) {
    ReadGrant(reader, info);
  } else if (reader.Skip("drop")) {
    ReadDrop(reader, info);
  } else if (reader.Skip("alter")) {
    ReadAlter(reader, info);
  }
  return info;
}

std::optional<ModelObject> MadeObject(std::string_view statement) {
  WordReader reader(statement);
  if (!reader.Skip("create")) return std::nullopt;
  if (reader.Skip("or")) reader.Skip("replace");
  while (reader.SkipAny({"unique", "unlogged", "global", "local", "temporary", "temp", "trusted"})) {
  }
  std::string kind = SkipObjectWords(reader);
  if (kind.empty()) return std::nullopt;
  reader.Skip("concurrently");
  if (reader.Skip("if")) {
    reader.Skip("not");
    reader.Skip("exists");
  }
  // An index without a name.
  if (reader.At("on")) return std::nullopt;
  return ReadObject(reader, std::move(kind));
}

bool SameObject(const ModelObject& a, const ModelObject& b) {
  return a.kind == b.kind && a.name == b.name && a.table == b.table &&
         (a.schema == b.schema || a.schema.empty() || b.schema.empty());
}

std::vector<std::string> NamedRoles(std::string_view statement) {
  WordReader reader(statement);
  std::vector<std::string> roles;
  const bool privileges = reader.At("grant") || reader.At("revoke") || BeginsWith(reader, "alter default privileges");
  const bool policy = BeginsWith(reader, "create policy") || BeginsWith(reader, "alter policy");
  if (privileges) {
    if (WordReader ahead = reader; ahead.SkipTo({"for"})) {
      ahead.Advance();
      if (ahead.SkipAny({"role", "user"})) ReadRoleList(ahead, roles);
    }
    if (reader.SkipTo({"to", "from"})) {
      reader.Advance();
      ReadRoleList(reader, roles);
    }
  } else if (policy) {
    if (reader.SkipTo({"to"})) {
      reader.Advance();
      ReadRoleList(reader, roles);
    }
  } else if (reader.At("alter")) {
    while (reader.SkipTo({"owner"})) {
      reader.Advance();
      if (reader.Skip("to")) ReadRoleList(reader, roles);
    }
  } else if (BeginsWith(reader, "create schema")) {
    if (reader.SkipTo({"authorization"})) {
      reader.Advance();
      ReadRoleList(reader, roles);
    }
  }
  return roles;
}

bool OnlyConcernsRoles(std::string_view statement) {
  WordReader reader(statement);
  if (reader.At("grant") || reader.At("revoke") || BeginsWith(reader, "alter default privileges")) return true;
  if (!reader.At("alter")) return false;
  while (reader.SkipTo({"owner"})) {
    reader.Advance();
    if (reader.Skip("to")) return true;
  }
  return false;
}

}  // namespace sluice
