// Looks at each statement of a script, right before it is sent and right after it was carried out (core/engine/
// unit_runner.h). With a probe the statements go one by one, each in a message of its own.
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/db/pg_session.h"
#include "core/engine/unit_task.h"

namespace sluice {

struct ProbedStatement {
  const UnitTask& task;
  const Section& section;  // that it stands in: of the unit, or a check or verify section
  const Statement& statement;
  std::string_view text;
};

class StatementProbe {
 public:
  virtual ~StatementProbe() = default;
  // Both may use `session`, which carries the statement out, and leave it as it was; its transaction, where one is
  // open, goes on. An error ends the run. After isn't called for a statement that failed: it may be tried again.
  virtual Status Before(const ProbedStatement& statement, ScriptSession& session) = 0;
  virtual Status After(const ProbedStatement& statement, ScriptSession& session, const CommandResult& result) = 0;
};

}  // namespace sluice
