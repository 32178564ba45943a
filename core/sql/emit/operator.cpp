// Operators, operator families and classes, casts, conversions.
#include "core/sql/emit/annotations.h"
#include "core/sql/emit/clause.h"
#include "core/sql/emit/writers.h"

namespace sluice {
namespace {

using enum AttributeName;

std::string Target(const Emission& emission) { return AnnotationTarget(emission, emission.object()); }

void CreateOperator(Emission& emission) {
  std::vector<std::string> lines{std::string(emission.Get(kDefinition))};
  const auto sides = SplitSql(emission.id().signature, ", ");
  if (sides.front() != "NONE") lines.push_back("LEFTARG = " + std::string(sides.front()));
  if (sides.back() != "NONE") lines.push_back("RIGHTARG = " + std::string(sides.back()));
  for (const std::string_view line : LinesOf(emission.Get(kProperties))) lines.emplace_back(line);
  emission.Add("CREATE OPERATOR " + OperatorName(emission, emission.id()) + " (\n    " + Joined(lines, ",\n    ") +
               "\n)");
}

// What was there before and isn't any more can only be an estimator: the rest can't be taken away.
void AlterOperator(Emission& emission) {
  std::vector<std::string> settings;
  for (const std::string_view line : LinesOnlyIn(emission.Get(kProperties), Before(emission, kProperties))) {
    settings.emplace_back(line);
  }
  for (const std::string_view name : {"RESTRICT", "JOIN"}) {
    const auto has = [&](std::string_view properties) {
      for (const std::string_view line : LinesOf(properties)) {
        if (line.starts_with(name)) return true;
      }
      return false;
    };
    if (has(Before(emission, kProperties)) && !has(emission.Get(kProperties))) {
      settings.push_back(std::string(name) + " = NONE");
    }
  }
  emission.Add("ALTER " + Target(emission) + " SET (" + Joined(settings, ", ") + ")");
}

// `OPERATOR 1 (integer, bigint)` of `OPERATOR 1 < (integer, bigint) FOR ORDER BY f`, `FUNCTION 1 (integer)` of
// `FUNCTION 1 (integer) f(integer)`.
std::string MemberToDrop(std::string_view line) {
  const bool is_function = line.starts_with("FUNCTION ");
  const std::size_t number = line.find(' ') + 1;
  const std::size_t behind = line.find(' ', number);
  const std::size_t open = is_function ? line.find('(', behind) : line.find(" (", behind) + 1;
  // Types have no modifiers here, so the first space outside of the parentheses ends them.
  return std::string(line.substr(0, behind + 1)) + std::string(SplitSql(line.substr(open), " ").front());
}

void ChangeMembers(Emission& emission, const std::string& verb, const std::vector<std::string>& members) {
  if (members.empty()) return;
  emission.Add("ALTER " + Target(emission) + " " + verb + "\n    " + Joined(members, ",\n    "));
}

}  // namespace

void EmitOperator(Emission& emission) {
  if (emission.drops()) emission.Add("DROP " + Target(emission));
  if (emission.creates()) CreateOperator(emission);
  if (emission.alters() && emission.Changes(kProperties)) AlterOperator(emission);
}

void EmitOperatorFamily(Emission& emission) {
  if (emission.drops()) return emission.Add("DROP " + Target(emission));
  if (emission.creates()) emission.Add("CREATE " + Target(emission));
  if (!emission.creates() && !emission.Changes(kMembers)) return;
  std::vector<std::string> gone;
  std::vector<std::string> added;
  for (const auto line : LinesOnlyIn(Before(emission, kMembers), emission.Get(kMembers)))
    gone.push_back(MemberToDrop(line));
  for (const auto line : LinesOnlyIn(emission.Get(kMembers), Before(emission, kMembers))) added.emplace_back(line);
  ChangeMembers(emission, "DROP", gone);
  ChangeMembers(emission, "ADD", added);
}

void EmitOperatorClass(Emission& emission) {
  if (emission.drops()) emission.Add("DROP " + Target(emission));
  if (!emission.creates()) return;
  std::string definition;
  for (const std::string_view line : LinesOf(emission.Get(kDefinition))) {
    definition += (definition.empty() ? "" : "\n    ") + std::string(line);
  }
  emission.Add("CREATE OPERATOR CLASS " + emission.Name() + " " + definition);
}

void EmitCast(Emission& emission) {
  if (emission.drops()) emission.Add("DROP " + Target(emission));
  if (emission.creates()) emission.Add("CREATE " + Target(emission) + " " + std::string(emission.Get(kDefinition)));
}

void EmitConversion(Emission& emission) {
  if (emission.drops()) emission.Add("DROP CONVERSION " + emission.Name());
  if (emission.creates()) {
    emission.Add(std::string(emission.Has(kProperties) ? "CREATE DEFAULT" : "CREATE") + " CONVERSION " +
                 emission.Name() + " " + std::string(emission.Get(kDefinition)));
  }
}

}  // namespace sluice
