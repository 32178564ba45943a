// A revision that is applied in part: from which unit an upgrade completes it, from which unit a downgrade undoes it.
//
// What stands is always a beginning of the upgrade's units. When a revision has as many downgrade sections as upgrade
// sections they pair in reverse (the last with the first), and then what stands can be told in both directions; two
// sections outside a transaction that pair and have equally many statements pair statement by statement, in reverse
// too; one without statements takes back any beginning of its pair. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/db/version_store.h"
#include "core/engine/unit.h"

namespace sluice {

struct ResumePoint {
  std::size_t next_unit = 0;  // of the direction asked for; as many as there are units: nothing is left to run
};

// `progress`: the row of `revision`, or nullptr when it is not partial (then unit 0). `wanted` are the units of
// `direction`, `opposite` those of the other one. Errors: kModified when a unit that is done has changed since (its
// statement is named), kPartial when the sections don't pair and so there is no way in this direction.
Result<ResumePoint> FindResumePoint(const std::string& revision, Direction direction, const ProgressRow* progress,
                                    const ScriptUnits& wanted, const ScriptUnits& opposite);

// The hashes of the first `count` units: what `progress.done` holds when they are done.
std::vector<std::string> DoneHashes(const ScriptUnits& units, std::size_t count);

}  // namespace sluice
