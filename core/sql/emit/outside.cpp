// What connects a database with others: foreign-data wrappers, servers, publications.
#include <algorithm>
#include <map>

#include "core/sql/emit/clause.h"
#include "core/sql/emit/options.h"
#include "core/sql/emit/writers.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

using enum AttributeName;

std::string Literal(std::string_view value) { return value.empty() ? "NULL" : QuoteLiteral(value); }

std::string Options(const Emission& emission) {
  return emission.Has(kOptions) ? " OPTIONS (" + ForeignOptions(emission.Get(kOptions)) + ")" : std::string();
}

// A new or changed HANDLER or VALIDATOR, and `NO HANDLER` for one that is gone.
std::string ChangedFunctions(const Emission& emission) {
  std::string text;
  for (const std::string_view line : LinesOnlyIn(emission.Get(kProperties), Before(emission, kProperties))) {
    text += " " + std::string(line);
  }
  for (const std::string word : {"HANDLER ", "VALIDATOR "}) {
    const auto has = [&](std::string_view properties) { return properties.find(word) != std::string_view::npos; };
    if (has(Before(emission, kProperties)) && !has(emission.Get(kProperties))) {
      text += " NO " + word.substr(0, word.size() - 1);
    }
  }
  return text;
}

constexpr std::string_view kTableWord = "TABLE ";
constexpr std::string_view kSchemasWord = "TABLES IN SCHEMA ";

// With ONLY where tables have children: those are members of their own.
std::string Only(const Emission& emission) {
  const auto& objects = emission.schema().objects();
  const bool inherits = std::any_of(objects.begin(), objects.end(), [](const SchemaObject& object) {
    return object.id.kind == ObjectKind::kTable && object.Has(kInherits);
  });
  return inherits ? "ONLY " : "";
}

// `t (a, b) WHERE (a > 1)`: the row filter needs its parentheses.
std::string WithFilter(std::string_view table) {
  constexpr std::string_view kWhere = " WHERE ";
  const std::string_view name = SplitSql(table, kWhere).front();
  if (name.size() == table.size()) return std::string(table);
  return std::string(name) + std::string(kWhere) + Parenthesized(table.substr(name.size() + kWhere.size()));
}

// `TABLE a, b, TABLES IN SCHEMA c, d` from the lines; without columns and row filters for `drops`.
std::string Members(const Emission& emission, const std::vector<std::string_view>& lines, bool drops) {
  std::vector<std::string> pieces;
  std::string_view last;
  for (const std::string_view line : lines) {
    const std::string_view word = line.starts_with(kSchemasWord) ? kSchemasWord
                                  : line.starts_with(kTableWord) ? kTableWord
                                                                 : "";
    std::string_view what = line.substr(word.size());
    if (drops && word == kTableWord) what = SplitSql(what, " ").front();
    pieces.push_back((word == last ? "" : std::string(word)) + (word == kTableWord ? Only(emission) : "") +
                     WithFilter(what));
    last = word;
  }
  return Joined(pieces, ", ");
}

// The options that are given are `name = value` lines; what isn't given any more goes back to its default.
std::string ChangedOptions(const Emission& emission) {
  const std::map<std::string, std::string> defaults{{"publish", "'insert, update, delete, truncate'"},
                                                    {"publish_via_partition_root", "false"},
                                                    {"publish_generated_columns", "none"}};
  std::vector<std::string> changes;
  for (const auto line : LinesOnlyIn(emission.Get(kProperties), Before(emission, kProperties)))
    changes.emplace_back(line);
  for (const auto& [name, value] : defaults) {
    const auto has = [start = name + " = "](std::string_view properties) {
      const auto lines = LinesOf(properties);
      return std::any_of(lines.begin(), lines.end(), [&start](auto line) { return line.starts_with(start); });
    };
    if (has(Before(emission, kProperties)) && !has(emission.Get(kProperties))) changes.push_back(name + " = " + value);
  }
  return Joined(changes, ", ");
}

void CreatePublication(Emission& emission) {
  std::string text = "CREATE PUBLICATION " + emission.Name();
  const auto lines = LinesOf(emission.Get(kMembers));
  if (!lines.empty()) text += " FOR " + Members(emission, lines, false);
  std::vector<std::string> options;
  for (const auto line : LinesOf(emission.Get(kProperties))) options.emplace_back(line);
  if (!options.empty()) text += " WITH (" + Joined(options, ", ") + ")";
  emission.Add(text);
}

}  // namespace

void EmitForeignDataWrapper(Emission& emission) {
  const std::string name = "FOREIGN DATA WRAPPER " + emission.Name();
  if (emission.drops()) emission.Add("DROP " + name);
  if (emission.creates()) {
    emission.Add("CREATE " + name + ChangedFunctions(emission) + Options(emission));
  }
  if (!emission.alters() || (!emission.Changes(kProperties) && !emission.Changes(kOptions))) return;
  emission.Add("ALTER " + name + ChangedFunctions(emission) +
               ChangedForeignOptions(emission.Old(kOptions), emission.Get(kOptions)));
}

void EmitForeignServer(Emission& emission) {
  const std::string name = "SERVER " + emission.Name();
  if (emission.drops()) emission.Add("DROP " + name);
  if (emission.creates()) {
    std::string text = "CREATE " + name;
    if (emission.Has(kType)) text += " TYPE " + QuoteLiteral(emission.Get(kType));
    if (emission.Has(kVersion)) text += " VERSION " + QuoteLiteral(emission.Get(kVersion));
    emission.Add(text + " " + std::string(emission.Get(kDefinition)) + Options(emission));
  }
  if (!emission.alters() || (!emission.Changes(kVersion) && !emission.Changes(kOptions))) return;
  const std::string version = emission.Changes(kVersion) ? " VERSION " + Literal(emission.Get(kVersion)) : "";
  emission.Add("ALTER " + name + version + ChangedForeignOptions(emission.Old(kOptions), emission.Get(kOptions)));
}

void EmitPublication(Emission& emission) {
  const std::string alter = "ALTER PUBLICATION " + emission.Name();
  if (emission.drops()) emission.Add("DROP PUBLICATION " + emission.Name());
  if (emission.creates()) CreatePublication(emission);
  if (!emission.alters()) return;
  if (emission.Changes(kProperties)) emission.Add(alter + " SET (" + ChangedOptions(emission) + ")");
  if (!emission.Changes(kMembers)) return;
  const auto gone = LinesOnlyIn(Before(emission, kMembers), emission.Get(kMembers));
  const auto added = LinesOnlyIn(emission.Get(kMembers), Before(emission, kMembers));
  if (!gone.empty()) emission.Add(alter + " DROP " + Members(emission, gone, true));
  if (!added.empty()) emission.Add(alter + " ADD " + Members(emission, added, false));
}

}  // namespace sluice
