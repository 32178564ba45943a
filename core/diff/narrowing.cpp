#include "core/diff/narrowing.h"

#include "core/model/type_text.h"

namespace sluice {
namespace {

constexpr int kDigits[] = {5, 10, 19};  // of the integers, by rank

bool NumericHolds(const TypeText& numeric, int whole_digits, int scale) {
  if (numeric.modifiers[0] < 0) return true;
  const int to_scale = numeric.modifiers[1] < 0 ? 0 : numeric.modifiers[1];
  return to_scale >= scale && numeric.modifiers[0] - to_scale >= whole_digits;
}

bool IsLossless(const TypeText& from, const TypeText& to) {
  const bool unlimited = to.modifiers[0] < 0;
  if (unlimited && (to.base == "text" || to.base == "character varying")) return true;
  const int from_rank = IntegerRank(from.base);
  const int to_rank = IntegerRank(to.base);
  if (from_rank >= 0 && to_rank >= 0) return to_rank >= from_rank;
  if (from_rank >= 0 && to.base == "numeric") return NumericHolds(to, kDigits[from_rank], 0);
  if (from_rank >= 0 && from_rank < 2 && to.base == "double precision") return true;
  if (from.base == "real" && to.base == "double precision") return true;
  if (from.base == "date" && to.base.starts_with("timestamp")) return true;
  const bool moments = from.base.starts_with("timestamp") && to.base.starts_with("timestamp");
  if (from.base == "json" && to.base == "jsonb") return true;
  if (from.base == "jsonb" && to.base == "json") return true;
  if (from.base == "inet" || to.base == "cidr") return from.base == to.base;
  if (from.base == "cidr" && to.base == "inet") return true;
  if (from.base == "character" && to.base == "character varying") return to.modifiers[0] >= from.modifiers[0];
  if (from.base != to.base && !moments) return false;
  if (from.base == "numeric") {
    if (from.modifiers[0] < 0) return unlimited;
    const int scale = from.modifiers[1] < 0 ? 0 : from.modifiers[1];
    return NumericHolds(to, from.modifiers[0] - scale, scale);
  }
  return unlimited || (from.modifiers[0] >= 0 && to.modifiers[0] >= from.modifiers[0]);
}

}  // namespace

bool IsNarrowing(std::string_view from, std::string_view to) {
  return from != to && !IsLossless(ReadType(from), ReadType(to));
}

}  // namespace sluice
