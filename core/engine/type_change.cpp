#include "core/engine/type_change.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/diff/rewriting.h"
#include "core/model/type_text.h"

namespace sluice {
namespace {

ColumnSwap InPlace(const std::vector<SqlStatement>& statements) {
  ColumnSwap swap;
  for (const SqlStatement& statement : statements) swap.swap.push_back(statement.text);
  return swap;
}

// A type that has been replaced has the same text.
bool Rewrites(std::string_view from, std::string_view to) { return from == to || RewritesTable(from, to); }

std::string Comment(std::string_view from, std::string_view to, const std::string& why_not) {
  const bool is_moment = ReadType(from).base.starts_with("timestamp ") && ReadType(to).base.starts_with("timestamp ");
  return "Rewrites the table under a lock that nobody reads beside (ACCESS EXCLUSIVE)" +
         std::string(is_moment ? ", unless TimeZone is UTC" : "") + ": " + why_not + ".";
}

}  // namespace

std::optional<TypeChange> FindTypeChange(const Operations& operations, std::size_t place, const EmitContext& context,
                                         OnlinePolicy policy, const std::vector<SqlStatement>& back) {
  const Operation& operation = operations[place];
  const std::string_view from = context.from[operation.from].Get(AttributeName::kType);
  const std::string_view to = context.to[operation.to].Get(AttributeName::kType);
  const bool rewrites_up = Rewrites(from, to);
  const bool rewrites_down = Rewrites(to, from);
  const bool changes_type =
      std::find(operation.changes.begin(), operation.changes.end(), AttributeName::kType) != operation.changes.end();
  if (!changes_type || (!rewrites_up && !rewrites_down)) return std::nullopt;

  TypeChange change;
  std::string why_not = "online: always takes longer, and lets everybody work";
  if (policy == OnlinePolicy::kAlways && rewrites_up) {
    const EmitContext reversed = Reversed(context);
    SwapAnswer up = FindColumnSwap(operations, place, context);
    SwapAnswer down = rewrites_down ? FindColumnSwap(Inverse(operations), operations.size() - 1 - place, reversed)
                                    : SwapAnswer{InPlace(back), {}};
    why_not = up.swap ? down.why_not : up.why_not;
    if (up.swap && down.swap) {
      change.up = std::move(up.swap);
      change.down = std::move(down.swap);
      return change;
    }
  }
  if (rewrites_up) change.up_comment = Comment(from, to, why_not);
  if (rewrites_down) change.down_comment = Comment(to, from, why_not);
  return change;
}

}  // namespace sluice
