// Text search: parsers, templates, dictionaries, configurations.
#include <map>

#include "core/sql/emit/annotations.h"
#include "core/sql/emit/clause.h"
#include "core/sql/emit/writers.h"

namespace sluice {
namespace {

using enum AttributeName;

std::string Target(const Emission& emission) { return AnnotationTarget(emission, emission.object()); }

// Options of dictionaries are `name=value` lines whose values are SQL already.
using Options = std::map<std::string_view, std::string_view>;

Options OptionsOf(std::string_view lines) {
  Options options;
  for (const std::string_view line : SplitSql(lines, "\n")) {
    const std::size_t end = line.find('=');
    options.emplace(line.substr(0, end), line.substr(end + 1));
  }
  return options;
}

std::string OptionText(std::string_view name, std::string_view value) {
  return std::string(name) + " = " + std::string(value);
}

void CreateDictionary(Emission& emission) {
  std::vector<std::string> lines{std::string(emission.Get(kDefinition))};
  for (const auto& [name, value] : OptionsOf(emission.Get(kOptions))) lines.push_back(OptionText(name, value));
  emission.Add("CREATE " + Target(emission) + " (" + Joined(lines, ", ") + ")");
}

void AlterDictionary(Emission& emission) {
  const Options before = OptionsOf(emission.Old(kOptions));
  const Options after = OptionsOf(emission.Get(kOptions));
  std::vector<std::string> changes;
  for (const auto& [name, value] : after) {
    const auto old = before.find(name);
    if (old == before.end() || old->second != value) changes.push_back(OptionText(name, value));
  }
  for (const auto& [name, value] : before) {
    if (after.count(name) == 0) changes.emplace_back(name);  // a name alone takes the option away
  }
  emission.Add("ALTER " + Target(emission) + " (" + Joined(changes, ", ") + ")");
}

// From `token: dictionary, dictionary` lines.
using Mappings = std::map<std::string_view, std::string_view>;

Mappings MappingsOf(std::string_view lines) {
  Mappings mappings;
  for (const std::string_view line : LinesOf(lines)) {
    const std::size_t end = line.find(": ");
    mappings.emplace(line.substr(0, end), line.substr(end + 2));
  }
  return mappings;
}

// One statement for all tokens that have the same dictionaries.
void EmitMappings(Emission& emission, const std::string& verb, const Mappings& mappings) {
  std::map<std::string_view, std::vector<std::string>> by_dictionaries;
  for (const auto& [token, dictionaries] : mappings) by_dictionaries[dictionaries].emplace_back(token);
  for (const auto& [dictionaries, tokens] : by_dictionaries) {
    emission.Add("ALTER " + Target(emission) + " " + verb + " MAPPING FOR " + Joined(tokens, ", ") + " WITH " +
                 std::string(dictionaries));
  }
}

void ChangeMappings(Emission& emission) {
  const Mappings before = MappingsOf(Before(emission, kMembers));
  const Mappings after = MappingsOf(emission.Get(kMembers));
  Mappings added;
  Mappings altered;
  std::vector<std::string> gone;
  for (const auto& [token, dictionaries] : after) {
    const auto old = before.find(token);
    if (old == before.end()) {
      added.emplace(token, dictionaries);
    } else if (old->second != dictionaries) {
      altered.emplace(token, dictionaries);
    }
  }
  for (const auto& [token, dictionaries] : before) {
    if (after.count(token) == 0) gone.emplace_back(token);
  }
  if (!gone.empty()) emission.Add("ALTER " + Target(emission) + " DROP MAPPING FOR " + Joined(gone, ", "));
  EmitMappings(emission, "ALTER", altered);
  EmitMappings(emission, "ADD", added);
}

}  // namespace

void EmitTextSearchFunctions(Emission& emission) {
  if (emission.drops()) emission.Add("DROP " + Target(emission));
  if (emission.creates()) {
    emission.Add("CREATE " + Target(emission) + " (" + std::string(emission.Get(kDefinition)) + ")");
  }
}

void EmitTextSearchDictionary(Emission& emission) {
  if (emission.drops()) emission.Add("DROP " + Target(emission));
  if (emission.creates()) CreateDictionary(emission);
  if (emission.alters() && emission.Changes(kOptions)) AlterDictionary(emission);
}

void EmitTextSearchConfiguration(Emission& emission) {
  EmitTextSearchFunctions(emission);
  if (emission.creates() || (emission.alters() && emission.Changes(kMembers))) ChangeMappings(emission);
}

}  // namespace sluice
