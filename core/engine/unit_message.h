// What a message to the server holds of a unit's script. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "core/db/pg_session.h"
#include "core/engine/statement_error.h"
#include "core/engine/unit_task.h"

namespace sluice {

// How `message`, which is not copied, was made: `statements` of the task's script begin at byte `script_begin`, after
// `leading` statements of Sluice's own.
MessageMap MapMessage(const UnitTask& task, const std::string& message, std::size_t script_begin, std::size_t leading,
                      std::span<const Statement> statements);

// Rows that those of the results changed which are of the script.
std::uint64_t CountRows(const MessageOutcome& outcome, std::size_t leading, std::size_t statements);

}  // namespace sluice
