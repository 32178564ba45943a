// Splits a difference in two, for rollouts: what code of the release before can live with (expand), and what has to
// wait until that release has gone (contract). Pure.
#pragma once

#include "core/model/schema.h"

namespace sluice {

// The schema between `from` and `to`, with which statements written for either of them work: everything of `to`, and of
// `from` what code may still ask for. That is to say:
//   - tables, columns, views, types, functions and sequences that `to` no longer has stay, with what hangs on them; a
//     column that stays in a table of `to` loses its NOT NULL where it has no default, for nobody fills it any more;
//   - NOT NULL that is new waits, with a primary key that needs it, unless a default fills the column in new tables'
//   rows;
//   - defaults that `to` takes away stay where the column is NOT NULL; labels of enums stay.
// What can't be in one schema together (a table and a view of one name) is as in `to`. Equal to `to` when nothing has
// to wait. Positions of columns don't count.
Schema ExpandSchema(const Schema& from, const Schema& to);

}  // namespace sluice
