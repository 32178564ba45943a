// A type that every row has to be written anew for, without a lock that anybody waits for while that is done: a new
// column takes over the values and then the name. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/model/operation.h"
#include "core/sql/emit/emit.h"

namespace sluice {

// One way of it; the way back is that of the inverse. Comments stand in front of the statements.
struct ColumnSwap {
  std::vector<std::string> begin;    // in one transaction: a new column, which follows the old one
  std::vector<std::string> prepare;  // statement by statement, each of which can begin again where it was cut off
  std::vector<std::string> leave;    // takes back what these have made, whatever of it is there
  std::vector<std::string> swap;     // in one transaction: the new column takes the old one's place
  std::vector<std::string> finish;   // as `prepare`
  std::set<ObjectId> locks;          // other tables that `swap` locks
};

struct SwapAnswer {
  std::optional<ColumnSwap> swap;
  std::string why_not;  // where there is none: half a sentence
};

// The swap for `operations[place]`, which changes a column's type. There is none where something hangs on the column
// that it can't carry over, or where writing the rows one after the other would do more than that. REQUIRES: the table
// is in both schemas.
SwapAnswer FindColumnSwap(const Operations& operations, std::size_t place, const EmitContext& context);

}  // namespace sluice
