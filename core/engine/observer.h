// What a run tells while it is under way. The command line renders it; tests record it. Nothing here may throw or take
// long: the run waits for it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/graph/migration_plan.h"

namespace sluice {

// Another session of the server that is in the way.
struct OtherSession {
  int pid = 0;
  std::string user;
  std::string application;
  std::string host;                  // empty: a Unix socket
  std::string state;                 // `idle in transaction`, `active`
  std::chrono::milliseconds age{0};  // of its transaction; of its connection where it has none
  std::string query;                 // the current or last one, at most 200 characters
};

// One line: pid, user, application, host, state, age, query.
std::string DescribeSession(const OtherSession& session);
// Several of them, in one line.
std::string DescribeSessions(const std::vector<OtherSession>& sessions);

// Where a run is.
struct StepPosition {
  std::size_t index = 0;  // 0-based
  std::size_t count = 0;
  StepKind kind = StepKind::kUpgrade;
  std::string revision;
  std::string message;
  int section = 0;    // 1-based; 0: none
  int statement = 0;  // 1-based, of a section outside a transaction; 0: the section as a whole
};

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void WaitingForDatabase(std::string_view reason, std::chrono::milliseconds waited) = 0;
  // The migrator that holds the advisory lock; pid 0 when it is not known.
  virtual void WaitingForMigrator(const OtherSession& holder, std::chrono::milliseconds waited) = 0;
  // The version table, or a table of Sluice's own, is locked by others (empty: it isn't known by whom).
  virtual void WaitingForTables(const std::vector<OtherSession>& lockers, std::chrono::milliseconds waited) = 0;
  // `sluice wait`: what is not applied yet, and the migrator that is at work (pid 0: none).
  virtual void WaitingForRevisions(const std::vector<std::string>& /*missing*/, const OtherSession& /*migrator*/,
                                   std::chrono::milliseconds /*waited*/) {}
  virtual void StepStarted(const StepPosition& position) = 0;
  virtual void StepFinished(const StepPosition& position, std::chrono::milliseconds elapsed) = 0;
  // While a unit takes its time, about once a second. `progress`: what PostgreSQL's own progress views say, or empty.
  virtual void Working(const StepPosition& position, std::chrono::milliseconds elapsed, std::string_view progress) = 0;
  virtual void Blocked(const StepPosition& position, const std::vector<OtherSession>& blockers,
                       std::chrono::milliseconds waited) = 0;
  virtual void Retrying(const StepPosition& position, const Error& error, std::chrono::milliseconds pause) = 0;
  virtual void Reconnecting(std::string_view reason) = 0;
  // A notice or warning of the server, or a remark of Sluice's own (severity NOTE).
  virtual void Notice(const ServerReport& notice) = 0;
};

}  // namespace sluice
