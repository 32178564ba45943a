// Looks at the other sessions of the server: who holds a lock, who is in the way. A look gives up at once where the
// catalog itself is locked, and then finds nobody.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/db/bookkeeping.h"
#include "core/db/pg_session.h"
#include "core/engine/observer.h"
#include "core/model/settings.h"

namespace sluice {

// The session that holds `lock`; pid 0 when there is none (any more).
OtherSession FindLockHolder(ReadSession& session, const AdvisoryLock& lock);

// The sessions that `pid` waits for.
std::vector<OtherSession> FindBlockers(ReadSession& session, int pid);

// The sessions that keep others from reading the version table or Sluice's own tables: those that have locked one of
// them with ACCESS EXCLUSIVE, or wait for that (whoever comes later waits behind them).
std::vector<OtherSession> FindTableLockers(ReadSession& session, const Settings& settings);

// Sessions of this database with a transaction at least this old, the oldest first; of those that this role may see.
Result<std::vector<OtherSession>> FindOldTransactions(ReadSession& session, std::chrono::seconds age);

// What a migrator that is gone has left running: the session that holds `lock`, works, and has no sign of life beside
// it (Bookkeeping's kSignOfLifeClass).
struct OrphanSession {
  int pid = 0;
  std::string works_since;  // when it was given what it works on
  bool operator==(const OrphanSession&) const = default;
};
std::optional<OrphanSession> FindOrphan(ReadSession& session, const AdvisoryLock& lock);

}  // namespace sluice
