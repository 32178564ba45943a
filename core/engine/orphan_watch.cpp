#include "core/engine/orphan_watch.h"

#include <algorithm>
#include <string>

namespace sluice {
namespace {

using std::chrono::milliseconds;

// How long a migrator that lives may be without its sign.
constexpr milliseconds kLongestWithoutSign{5'000};

}  // namespace

void OrphanWatch::Look(ReadSession& session, const AdvisoryLock& lock, milliseconds waited) {
  if (!patience_) return;
  const std::optional<OrphanSession> found = FindOrphan(session, lock);
  if (found != seen_) {
    seen_ = found;
    since_ = waited;
  }
  if (!seen_ || waited - since_ < std::max(*patience_, kLongestWithoutSign)) return;
  (void)session.QueryOnce("SELECT pg_catalog.pg_terminate_backend(" + std::to_string(seen_->pid) + ")");
}

}  // namespace sluice
