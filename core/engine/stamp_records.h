// What a stamp writes beside the version rows: the scripts of the revisions that count as applied from now on, so that
// an older image can take them back, and an event for each row that changes.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/db/record.h"
#include "core/engine/situation.h"
#include "core/graph/migration_plan.h"

namespace sluice {

// The statements. `event`: what every event begins with, the run. Errors: kFile, kScript of a script that can't be
// read.
Result<std::string> StampRecords(const Project& project, const Situation& situation, const MigrationPlan& plan,
                                 const RecordWriter& writer, EventRecord event);

}  // namespace sluice
