#include "core/diff/alterable_types.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/model/attribute_value.h"

namespace sluice {
namespace {

using enum AttributeName;

// ALTER TYPE … ADD VALUE puts labels at any place; nothing removes or reorders them.
Change HowLabelsChanged(std::string_view from, std::string_view to) {
  const auto after = SplitSql(to, "\n");
  std::size_t next = 0;
  for (const std::string_view label : SplitSql(from, "\n")) {
    while (next < after.size() && after[next] != label) ++next;
    if (next == after.size()) return Change::kReplaced;
    ++next;
  }
  return Change::kInPlace;
}

constexpr std::string_view kDefaultWord = " DEFAULT ";

// An argument without its default: mode, name and type.
std::string_view Head(std::string_view argument) { return SplitSql(argument, kDefaultWord).front(); }

// CREATE OR REPLACE keeps the modes, names and types of arguments, and takes no default away; it may change defaults
// and add them (PostgreSQL documentation, CREATE FUNCTION).
Change HowArgumentsChanged(std::string_view from, std::string_view to) {
  const auto before = SplitSql(from, ", ");
  const auto after = SplitSql(to, ", ");
  if (before.size() != after.size()) return Change::kRebuilt;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool had_default = Head(before[i]).size() < before[i].size();
    const bool has_default = Head(after[i]).size() < after[i].size();
    if (Head(before[i]) != Head(after[i]) || (had_default && !has_default)) return Change::kRebuilt;
  }
  return Change::kInPlace;
}

// A line that is in one of them only; what CREATE OR REPLACE can't change.
bool Flips(std::string_view line, std::string_view from, std::string_view to, std::string_view separator) {
  const auto has = [&](std::string_view value) {
    const auto lines = SplitSql(value, separator);
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  };
  return has(from) != has(to);
}

}  // namespace

Change HowTypeChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute) {
  switch (from.id.kind) {
    case ObjectKind::kEnum:
      return HowLabelsChanged(from.Get(attribute), to.Get(attribute));
    case ObjectKind::kDomain:
      return attribute == kType || attribute == kCollation ? Change::kReplaced : Change::kInPlace;
    default:
      return Change::kReplaced;
  }
}

Change HowRoutineChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute) {
  const std::string_view before = from.Get(attribute);
  const std::string_view after = to.Get(attribute);
  const bool is_aggregate = from.id.kind == ObjectKind::kAggregate;
  switch (attribute) {
    case kReturns:
      return Change::kRebuilt;
    case kArguments:
      return is_aggregate ? Change::kRebuilt : HowArgumentsChanged(before, after);
    case kProperties:
      return Flips("WINDOW", before, after, "\n") ? Change::kRebuilt : Change::kInPlace;
    case kDefinition:
      return is_aggregate && Flips("HYPOTHETICAL", before, after, ",\n") ? Change::kRebuilt : Change::kInPlace;
    default:
      return Change::kInPlace;
  }
}

}  // namespace sluice
