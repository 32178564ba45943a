// Types, functions, triggers, policies and everything else that isn't relational.
#include <string>
#include <string_view>
#include <vector>

#include "core/diff/alterable.h"

namespace sluice {
namespace {

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// ALTER TYPE … ADD VALUE can add labels at any place; it can't remove or reorder.
Change HowLabelsChanged(std::string_view from, std::string_view to) {
  const std::vector<std::string_view> after = Lines(to);
  std::size_t next = 0;
  for (const std::string_view label : Lines(from)) {
    while (next < after.size() && after[next] != label) ++next;
    if (next == after.size()) return Change::kReplaced;
    ++next;
  }
  return Change::kInPlace;
}

Change HowFunctionChanged(AttributeName attribute) {
  // CREATE OR REPLACE FUNCTION changes neither the result nor the names of arguments (PostgreSQL documentation).
  return attribute == AttributeName::kReturns || attribute == AttributeName::kArguments ? Change::kRebuilt
                                                                                        : Change::kInPlace;
}

}  // namespace

Change HowOtherChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute,
                       int /*server_major*/) {
  switch (from.id.kind) {
    case ObjectKind::kEnum:
      return attribute == AttributeName::kLabels ? HowLabelsChanged(from.Get(attribute), to.Get(attribute))
                                                 : Change::kInPlace;
    case ObjectKind::kDomain:
      return attribute == AttributeName::kType || attribute == AttributeName::kCollation ? Change::kReplaced
                                                                                         : Change::kInPlace;
    case ObjectKind::kRangeType:
      return Change::kReplaced;
    case ObjectKind::kFunction:
    case ObjectKind::kProcedure:
      return HowFunctionChanged(attribute);
    case ObjectKind::kTrigger:
    case ObjectKind::kEventTrigger:
    case ObjectKind::kRule:
      return attribute == AttributeName::kEnabled ? Change::kInPlace : Change::kRebuilt;
    case ObjectKind::kExtension:
    case ObjectKind::kTextSearchDictionary:
    case ObjectKind::kTextSearchConfiguration:
    case ObjectKind::kForeignDataWrapper:
    case ObjectKind::kForeignServer:
    case ObjectKind::kPublication:
      return attribute == AttributeName::kDefinition ? Change::kRebuilt : Change::kInPlace;
    default:
      return Change::kRebuilt;
  }
}

}  // namespace sluice
