#include "core/diff/rewriting.h"

#include <algorithm>
#include <iterator>

#include "core/model/type_text.h"

namespace sluice {
namespace {

struct Pair {
  std::string_view from;
  std::string_view to;
};

// Binary coercible, to a type without a length.
constexpr Pair kSameBytes[] = {
    {"character varying", "text"}, {"text", "character varying"}, {"cidr", "inet"}, {"xml", "text"},
    {"xml", "character varying"},
};

// Types whose values stay when the modifier grows or goes.
constexpr std::string_view kGrowing[] = {"character varying",        "bit varying",
                                         "timestamp with time zone", "timestamp without time zone",
                                         "time with time zone",      "time without time zone"};

}  // namespace

bool RewritesTable(std::string_view from, std::string_view to) {
  if (from == to) return false;
  const TypeText before = ReadType(from);
  const TypeText after = ReadType(to);
  const bool unlimited = after.modifiers[0] < 0;
  if (before.base != after.base) {
    return !unlimited || std::none_of(std::begin(kSameBytes), std::end(kSameBytes), [&](const Pair& pair) {
      return pair.from == before.base && pair.to == after.base;
    });
  }
  const bool grows = unlimited || (before.modifiers[0] >= 0 && after.modifiers[0] >= before.modifiers[0]);
  if (before.base == "numeric") return !unlimited && (!grows || before.modifiers[1] != after.modifiers[1]);
  return !grows || std::find(std::begin(kGrowing), std::end(kGrowing), before.base) == std::end(kGrowing);
}

}  // namespace sluice
