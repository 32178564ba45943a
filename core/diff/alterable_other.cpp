// Everything that isn't relational and has no file of its own: modules, triggers, policies, operators, text search,
// foreign servers, publications.
#include <algorithm>
#include <string_view>

#include "core/diff/alterable.h"
#include "core/diff/alterable_types.h"
#include "core/model/attribute_value.h"

namespace sluice {
namespace {

using enum AttributeName;

// CREATE OR REPLACE TRIGGER is there since PostgreSQL 14, and not for constraint triggers.
Change HowTriggerChanged(std::string_view from, std::string_view to, int server_major) {
  const auto plain = [](std::string_view definition) { return definition.starts_with("CREATE TRIGGER "); };
  return server_major >= 14 && plain(from) && plain(to) ? Change::kInPlace : Change::kRebuilt;
}

// ALTER POLICY sets roles and expressions; it takes no expression away, and changes neither command nor kind.
Change HowPolicyChanged(const SchemaObject& to, AttributeName attribute) {
  if (attribute == kMembers) return Change::kInPlace;
  return attribute != kProperties && to.Has(attribute) ? Change::kInPlace : Change::kRebuilt;
}

bool HasLine(std::string_view value, std::string_view start) {
  const auto lines = LinesOf(value);
  return std::any_of(lines.begin(), lines.end(), [&](std::string_view line) { return line.starts_with(start); });
}

// ALTER OPERATOR sets the estimators to anything; since PostgreSQL 17 also the rest, once.
Change HowOperatorChanged(std::string_view from, std::string_view to, int server_major) {
  const auto before = LinesOf(from);
  const auto after = LinesOf(to);
  const auto is_estimator = [](std::string_view line) {
    return line.starts_with("RESTRICT") || line.starts_with("JOIN");
  };
  for (const std::string_view line : before) {
    if (!is_estimator(line) && std::find(after.begin(), after.end(), line) == after.end()) return Change::kRebuilt;
  }
  for (const std::string_view line : after) {
    const bool is_new = std::find(before.begin(), before.end(), line) == before.end();
    if (is_new && !is_estimator(line) && server_major < 17) return Change::kRebuilt;
  }
  return Change::kInPlace;
}

Change HowPublicationChanged(std::string_view from, std::string_view to) {
  return HasLine(from, "ALL TABLES") || HasLine(to, "ALL TABLES") ? Change::kRebuilt : Change::kInPlace;
}

Change Only(bool in_place) { return in_place ? Change::kInPlace : Change::kRebuilt; }

}  // namespace

Change HowOtherChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute, int server_major) {
  const std::string_view before = from.Get(attribute);
  const std::string_view after = to.Get(attribute);
  switch (from.id.kind) {
    case ObjectKind::kExtension:
    case ObjectKind::kLanguage:
    case ObjectKind::kRule:
    case ObjectKind::kOperatorFamily:
    case ObjectKind::kForeignDataWrapper:
      return Change::kInPlace;
    case ObjectKind::kEnum:
    case ObjectKind::kDomain:
    case ObjectKind::kCompositeType:
    case ObjectKind::kRangeType:
      return HowTypeChanged(from, to, attribute);
    case ObjectKind::kFunction:
    case ObjectKind::kProcedure:
    case ObjectKind::kAggregate:
      return HowRoutineChanged(from, to, attribute);
    case ObjectKind::kTrigger:
      return attribute == kDefinition ? HowTriggerChanged(before, after, server_major) : Change::kInPlace;
    case ObjectKind::kPolicy:
      return HowPolicyChanged(to, attribute);
    case ObjectKind::kEventTrigger:
      return Only(attribute == kEnabled);
    case ObjectKind::kOperator:
      return attribute == kProperties ? HowOperatorChanged(before, after, server_major) : Change::kRebuilt;
    case ObjectKind::kTextSearchDictionary:
      return Only(attribute == kOptions);
    case ObjectKind::kTextSearchConfiguration:
      return Only(attribute == kMembers);
    case ObjectKind::kForeignServer:
      return Only(attribute == kVersion || attribute == kOptions);
    case ObjectKind::kPublication:
      return attribute == kMembers ? HowPublicationChanged(before, after) : Change::kInPlace;
    default:
      return Change::kRebuilt;
  }
}

}  // namespace sluice
