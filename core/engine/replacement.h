// An index or constraint of a table in use that can't be changed in place: the old one goes on serving until the new
// one is there. Pure.
#pragma once

#include <optional>
#include <string>

#include "core/engine/safe_form.h"
#include "core/model/operation.h"
#include "core/sql/emit/emit.h"

namespace sluice {

struct Replacement {
  // Indexes and UNIQUE: the old one gets another name, the new one is made, the old one goes. CHECK and FOREIGN KEY:
  // empty; the new one, not validated yet, takes the old one's place in one transaction. The way back is the same
  // backwards.
  std::string rename;
  std::string rename_back;
  OnlineForm make;  // of the new one
  OnlineForm old;   // of the old one (under its other name); it is dropped on the way up, and made on the way down
};

// `drop` and `create`: the halves of a rebuild. Empty when there is no such way: indexes, keys and foreign keys of
// partitioned tables, an index that the table is clustered on or identifies its rows by, primary keys (of which there
// is only one at a time), a name that is taken. REQUIRES: the table is in both schemas.
std::optional<Replacement> FindReplacement(const Operation& drop, const Operation& create, const EmitContext& context);

}  // namespace sluice
