// Triggers, rules, policies, event triggers.
#include "core/sql/emit/annotations.h"
#include "core/sql/emit/clause.h"
#include "core/sql/emit/writers.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

using enum AttributeName;

std::string EnableWords(std::string_view enabled) {
  if (enabled == "disabled") return "DISABLE";
  if (enabled == "replica") return "ENABLE REPLICA";
  return enabled == "always" ? "ENABLE ALWAYS" : "ENABLE";
}

// `keyword`: TRIGGER or RULE, of a table.
void SetEnabled(Emission& emission, const std::string& keyword, std::string_view enabled) {
  emission.Add("ALTER TABLE " + emission.ParentName() + " " + EnableWords(enabled) + " " + keyword + " " +
               QuoteIdentifier(emission.id().name));
}

// A trigger that a partition has from its table differs in whether it fires; without that, it does as the table's.
void EmitInheritedTrigger(Emission& emission) {
  if (!emission.drops()) return SetEnabled(emission, "TRIGGER", emission.Get(kEnabled));
  const Schema& from = emission.context().from;
  const Schema& to = emission.context().to;
  for (const Schema::Index needed : from.Needs(emission.place())) {
    if (from[needed].id.kind != ObjectKind::kTrigger) continue;
    const Schema::Index after = to.Find(from[needed].id);
    return SetEnabled(emission, "TRIGGER", (after == Schema::kNone ? from[needed] : to[after]).Get(kEnabled));
  }
}

// CREATE with what stands behind it replaced: `CREATE TRIGGER …` to `CREATE OR REPLACE TRIGGER …`.
std::string OrReplace(std::string_view definition) {
  constexpr std::string_view kCreate = "CREATE ";
  return "CREATE OR REPLACE " + std::string(definition.substr(kCreate.size()));
}

void DropOfRelation(Emission& emission) { emission.Add("DROP " + AnnotationTarget(emission, emission.object())); }

std::string Roles(std::string_view members) {
  std::string roles;
  for (const std::string_view role : LinesOf(members)) {
    if (!roles.empty()) roles += ", ";
    roles += role;
  }
  return roles.empty() ? "PUBLIC" : roles;
}

std::string PolicyExpressions(const Emission& emission, bool with_using, bool with_check) {
  std::string text;
  if (with_using) text += " USING " + Parenthesized(emission.Get(kPredicate));
  if (with_check) text += " WITH CHECK " + Parenthesized(emission.Get(kWithCheck));
  return text;
}

}  // namespace

// CREATE OR REPLACE TRIGGER makes a trigger that fires, whatever it did before.
void EmitTrigger(Emission& emission) {
  if (!emission.Has(kDefinition)) return EmitInheritedTrigger(emission);
  if (emission.drops()) return DropOfRelation(emission);
  const std::string_view definition = emission.Get(kDefinition);
  const bool replaces = emission.alters() && emission.Changes(kDefinition);
  if (emission.creates()) emission.Add(std::string(definition));
  if (replaces) emission.Add(OrReplace(definition));
  const bool fresh = emission.creates() || replaces;
  if (fresh ? emission.Has(kEnabled) : emission.Changes(kEnabled))
    SetEnabled(emission, "TRIGGER", emission.Get(kEnabled));
}

void EmitRule(Emission& emission) {
  if (emission.drops()) return DropOfRelation(emission);
  if (emission.creates()) emission.Add(std::string(emission.Get(kDefinition)));
  if (emission.alters() && emission.Changes(kDefinition)) emission.Add(OrReplace(emission.Get(kDefinition)));
  if (emission.creates() ? emission.Has(kEnabled) : emission.Changes(kEnabled))
    SetEnabled(emission, "RULE", emission.Get(kEnabled));
}

void EmitPolicy(Emission& emission) {
  if (emission.drops()) return DropOfRelation(emission);
  const std::string name = QuoteIdentifier(emission.id().name) + " ON " + emission.ParentName();
  if (emission.creates()) {
    std::string text = "CREATE POLICY " + name;
    if (emission.Has(kProperties)) text += " " + std::string(emission.Get(kProperties));
    if (emission.Has(kMembers)) text += " TO " + Roles(emission.Get(kMembers));
    return emission.Add(text + PolicyExpressions(emission, emission.Has(kPredicate), emission.Has(kWithCheck)));
  }
  const bool expressions = emission.Changes(kPredicate) || emission.Changes(kWithCheck);
  if (!expressions && !emission.Changes(kMembers)) return;
  std::string text = "ALTER POLICY " + name;
  if (emission.Changes(kMembers)) text += " TO " + Roles(emission.Get(kMembers));
  emission.Add(text + PolicyExpressions(emission, emission.Changes(kPredicate), emission.Changes(kWithCheck)));
}

void EmitEventTrigger(Emission& emission) {
  const std::string name = emission.Name();
  if (emission.drops()) return emission.Add("DROP EVENT TRIGGER " + name);
  if (emission.creates()) {
    std::string text = "CREATE EVENT TRIGGER " + name;
    for (const std::string_view line : LinesOf(emission.Get(kDefinition))) text += " " + std::string(line);
    emission.Add(text);
  }
  if (emission.creates() ? emission.Has(kEnabled) : emission.Changes(kEnabled)) {
    emission.Add("ALTER EVENT TRIGGER " + name + " " + EnableWords(emission.Get(kEnabled)));
  }
}

}  // namespace sluice
