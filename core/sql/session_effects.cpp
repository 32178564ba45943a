#include "core/sql/session_effects.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

namespace sluice {
namespace {

// client_encoding is among them although Sluice always speaks UTF-8: the message ends, and the session gets its
// encoding back.
// clang-format off
constexpr auto kReadingSettings = std::to_array<std::string_view>({
    "standard_conforming_strings", "backslash_quote", "escape_string_warning", "role", "session_authorization",
    "search_path", "client_encoding",
});
// clang-format on

// Functions of pg_catalog that people write in DDL and that leave nothing behind.
// clang-format off
constexpr auto kHarmlessFunctions = std::to_array<std::string_view>({
    "array_length", "btrim", "clock_timestamp", "concat", "date_part", "date_trunc", "gen_random_uuid",
    "json_build_object", "jsonb_build_object", "jsonb_typeof", "length", "lower", "md5", "now", "random", "round",
    "statement_timestamp", "substring", "timezone", "to_tsvector", "transaction_timestamp", "upper",
});
// clang-format on

template <typename List>
bool Contains(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// As text.find(part, from). That looks for the first character by itself, and here every part begins with a quote.
std::size_t Find(std::string_view text, std::string_view part, std::size_t from) {
  const void* found = memmem(text.data() + from, text.size() - from, part.data(), part.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

bool Mentions(std::string_view text, std::string_view part) { return Find(text, part, 0) != std::string_view::npos; }

// The string that begins behind the quote before `at`, as it is in the JSON; names with escapes are no names that are
// looked for.
std::string_view StringAt(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  return text.substr(at, std::min(end, text.size()) - at);
}

constexpr std::string_view kFunctionName = "\"FuncCall\":{\"funcname\":[";
constexpr std::string_view kNamePart = "{\"String\":{\"sval\":\"";
constexpr std::string_view kNamePartEnd = "\"}}";
constexpr std::string_view kFirstConstant = "],\"args\":[{\"A_Const\":{\"sval\":{\"sval\":\"";

// The parts of the name that begins at `at`, which moves behind them.
std::vector<std::string_view> NameParts(std::string_view text, std::size_t& at) {
  std::vector<std::string_view> parts;
  while (text.substr(at).starts_with(kNamePart)) {
    parts.push_back(StringAt(text, at + kNamePart.size()));
    at += kNamePart.size() + parts.back().size() + kNamePartEnd.size();
    if (at < text.size() && text[at] == ',') ++at;
  }
  return parts;
}

void ReadCall(std::string_view text, std::size_t at, SessionEffects& effects) {
  const std::vector<std::string_view> parts = NameParts(text, at);
  const std::string_view name = parts.empty() ? std::string_view() : parts.back();
  const bool of_catalog = parts.size() == 1 || (parts.size() == 2 && parts.front() == "pg_catalog");
  if (!of_catalog || !Contains(kHarmlessFunctions, name)) effects.calls_unknown = true;
  if (!of_catalog) return;
  if (name == "pg_advisory_unlock_all") effects.unlocks_all = true;
  if (name != "set_config") return;
  const bool constant = text.substr(at).starts_with(kFirstConstant);
  effects.sets_reading |= !constant || IsReadingSetting(StringAt(text, at + kFirstConstant.size()));
}

}  // namespace

bool IsReadingSetting(std::string_view name) { return Contains(kReadingSettings, name); }

SessionEffects FindSessionEffects(const ParseTree& tree) {
  const std::string_view text = tree.text();
  SessionEffects effects;
  for (std::size_t at = Find(text, kFunctionName, 0); at != std::string_view::npos;
       at = Find(text, kFunctionName, at)) {
    at += kFunctionName.size();
    ReadCall(text, at, effects);
  }
  effects.makes_temporary = Mentions(text, "\"relpersistence\":\"t\"") || Mentions(text, "\"schemaname\":\"pg_temp\"");
  effects.modifies_rows = Mentions(text, "\"InsertStmt\":{") || Mentions(text, "\"UpdateStmt\":{") ||
                          Mentions(text, "\"DeleteStmt\":{") || Mentions(text, "\"MergeStmt\":{");
  return effects;
}

}  // namespace sluice
