// From what the server said about a message to the statement of the script that it means. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/db/pg_session.h"
#include "core/model/script.h"

namespace sluice {

// How a message that was sent was made of a script's text.
struct MessageMap {
  const std::string* message = nullptr;   // as sent
  std::string_view text;                  // the whole script
  std::string file;                       // as the user would name it
  std::size_t script_begin = 0;           // where in the message the script's part begins, in bytes
  std::size_t text_begin = 0;             // … and where that is in the script
  std::size_t length = 0;                 // of the script's part, in bytes
  std::size_t leading = 0;                // statements of Sluice's own before it
  const Statement* statements = nullptr;  // those of the script's part, in order
  std::size_t statement_count = 0;
};

// The statement that failed, as an index into the map's; statement_count when it was one of Sluice's own (the record,
// COMMIT).
std::size_t FailedStatement(const MessageOutcome& outcome, const MessageMap& map);

// The error to show: kStatementFailed (kLockBudget and others are the caller's to set) with file, line, column, caret
// and PostgreSQL's report. A place inside a function's body is shown below the statement. `mend`: what to do, or empty.
Error DescribeFailure(const MessageOutcome& outcome, const MessageMap& map);

// Makes of the error of a statement what it is when this process cancelled it: `code` (kInterrupted or kTimeout) and
// why, instead of PostgreSQL's report of the cancellation. The place stays.
void MakeOwnCancel(ErrorCode code, const std::string& revision, Error& error);

}  // namespace sluice
