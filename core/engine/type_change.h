// The type of a column of a table in use, where PostgreSQL writes the table anew for it. Pure.
#pragma once

#include <optional>
#include <string>

#include "core/engine/column_swap.h"
#include "core/model/operation.h"
#include "core/model/settings.h"
#include "core/sql/emit/emit.h"

namespace sluice {

struct TypeChange {
  // Both or none. A way that rewrites nothing is its plain statements alone.
  std::optional<ColumnSwap> up;
  std::optional<ColumnSwap> down;
  // For the script, above the plain statements: what they do, and why there is nothing better. Empty: they rewrite
  // nothing.
  std::string up_comment;
  std::string down_comment;
};

// `back`: the plain way back of `operations[place]`, which alters a column of a table that is in both schemas. Empty
// when neither way rewrites the table.
std::optional<TypeChange> FindTypeChange(const Operations& operations, std::size_t place, const EmitContext& context,
                                         OnlinePolicy policy, const std::vector<SqlStatement>& back);

}  // namespace sluice
