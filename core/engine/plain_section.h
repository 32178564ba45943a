// Sections that may be sent while the one before them still runs. Pure.
#pragma once

#include "core/engine/unit_task.h"

namespace sluice {

// Whether the task is a whole revision of one section in a transaction whose statements can be sent one by one behind
// others: it neither asks questions (check, verify) nor resumes anything, leaves nothing in the session, and holds
// nothing that needs a message of its own (COPY, a script too large for a literal).
bool IsPlainSection(const UnitTask& task);

}  // namespace sluice
