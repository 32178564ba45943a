// What the answer of a query in a check or verify section means (docs/revisions.md). Pure.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/db/pg_session.h"
#include "core/engine/statement_error.h"
#include "core/model/script.h"

namespace sluice {

// What a section that didn't pass says, and what to do then.
std::string CheckMessage(const Section& section);
std::string CheckHint(const Section& section);

// Passes on no row, or on exactly one row with one boolean column that is true. Otherwise kCheckFailed with the
// section's message and the first offending rows.
Status JudgeCheck(const Section& section, const CommandResult& answer, const MessageMap& map);

}  // namespace sluice
