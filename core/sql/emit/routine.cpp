// Functions, procedures, aggregates.
#include "core/sql/emit/annotations.h"
#include "core/sql/emit/clause.h"
#include "core/sql/emit/writers.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

using enum AttributeName;

// A body between dollars that don't occur in it.
std::string DollarQuoted(std::string_view body) {
  std::string tag = "$$";
  if (body.find(tag) != std::string_view::npos || (!body.empty() && body.back() == '$')) tag = "$body$";
  for (int i = 2; body.find(tag) != std::string_view::npos; ++i) tag = "$body" + std::to_string(i) + "$";
  return tag + std::string(body) + tag;
}

// What is one word or two stands beside the language, SET clauses stand on lines of their own.
std::string Properties(std::string_view properties) {
  std::string text;
  for (const std::string_view line : SplitSql(properties, "\n")) {
    text += line.substr(0, 4) == "SET " ? "\n    " : " ";
    text += line;
  }
  return text;
}

std::string Body(const Emission& emission, bool stand_in) {
  if (stand_in) return "AS 'SELECT NULL'";
  if (emission.Has(kDefinition)) return std::string(emission.Get(kDefinition));
  return "AS " + DollarQuoted(emission.Get(kBody));
}

void WriteRoutine(Emission& emission, const std::string& create, bool stand_in) {
  const std::string_view keyword = ObjectKindKeyword(emission.id().kind);
  std::string text =
      create + " " + std::string(keyword) + " " + emission.Name() + "(" + std::string(emission.Get(kArguments)) + ")";
  if (emission.id().kind == ObjectKind::kFunction) text += " RETURNS " + std::string(emission.Get(kReturns));
  text += "\n    LANGUAGE " + QuoteIdentifier(emission.Get(kLanguage)) + Properties(emission.Get(kProperties));
  const std::string body = Body(emission, stand_in);
  emission.Add(text + (body.starts_with("AS ") ? "\n    " : "\n") + body);
}

void WriteAggregate(Emission& emission, const std::string& create) {
  const std::string_view arguments = emission.Get(kArguments);
  std::vector<std::string> lines;
  for (const std::string_view line : SplitSql(emission.Get(kDefinition), ",\n")) lines.emplace_back(line);
  emission.Add(create + " AGGREGATE " + emission.Name() + "(" + (arguments.empty() ? "*" : std::string(arguments)) +
               ") (\n    " + Joined(lines, ",\n    ") + "\n)");
}

bool ChangesMore(const Emission& emission) {
  for (const AttributeName name : {kDefinition, kReturns, kLanguage, kBody, kProperties, kArguments}) {
    if (emission.Changes(name)) return true;
  }
  return false;
}

}  // namespace

// An alteration is CREATE OR REPLACE with all of it, which keeps the owner, the grants and what uses the routine.
void EmitRoutine(Emission& emission) {
  if (emission.drops()) return emission.Add("DROP " + AnnotationTarget(emission, emission.object()));
  const bool creates = emission.creates();
  if (!creates && !ChangesMore(emission)) return;
  const std::string create = creates ? "CREATE" : "CREATE OR REPLACE";
  if (emission.id().kind == ObjectKind::kAggregate) return WriteAggregate(emission, create);
  const bool unset = emission.operation().kind == OperationKind::kUnset;
  WriteRoutine(emission, create, unset || (creates && emission.Changes(kDefinition)));
}

}  // namespace sluice
