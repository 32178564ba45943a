// `--terminate-orphan-after`: ends what a migrator that was killed has left running on the server, and never a migrator
// that lives.
//
// Both hold the advisory lock. A migrator that lives has two sessions, and the one that reads holds its sign of life
// (FindOrphan); when its client is gone the server ends that session at once, because it does nothing, and goes on with
// the other one, which works. Somebody who loses the reading session alone opens another within seconds while a
// statement runs (Database::RenewReader), and gives the server something new to work on otherwise. So an orphan is who
// works on one and the same thing for as long as that, without a sign.
#pragma once

#include <chrono>
#include <optional>

#include "core/db/bookkeeping.h"
#include "core/db/pg_session.h"
#include "core/engine/other_sessions.h"

namespace sluice {

class OrphanWatch {
 public:
  // `patience`: nothing is ended before it is over; empty: nothing is ended at all.
  explicit OrphanWatch(std::optional<std::chrono::milliseconds> patience) : patience_(patience) {}

  // One look, `waited` after the first; ends the orphan when it is certain.
  void Look(ReadSession& session, const AdvisoryLock& lock, std::chrono::milliseconds waited);

 private:
  std::optional<std::chrono::milliseconds> patience_;
  std::optional<OrphanSession> seen_;
  std::chrono::milliseconds since_{0};
};

}  // namespace sluice
