#include "core/engine/unit_watcher.h"

#include <algorithm>

#include "core/engine/other_sessions.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookEvery{1'000};

// What PostgreSQL tells about long work of process `pid`, one line or nothing (pg_stat_progress_* views).
std::string ReadProgress(ReadSession& session, int pid) {
  const std::string of = " WHERE pid = " + std::to_string(pid);
  const Result<std::vector<Row>> rows = session.QueryOnce(
      "SELECT phase || CASE WHEN blocks_total > 0 THEN ', ' || 100 * blocks_done / blocks_total || ' % of ' || "
      "blocks_total || ' blocks' WHEN tuples_total > 0 THEN ', ' || 100 * tuples_done / tuples_total || ' % of ' || "
      "tuples_total || ' rows' WHEN lockers_total > 0 THEN ', ' || lockers_done || ' of ' || lockers_total || ' "
      "transactions waited for' ELSE '' END FROM pg_catalog.pg_stat_progress_create_index" +
      of + " UNION ALL SELECT 'COPY, ' || tuples_processed || ' rows' FROM pg_catalog.pg_stat_progress_copy" + of +
      " UNION ALL SELECT phase || ', ' || 100 * heap_blks_scanned / greatest(heap_blks_total, 1) || ' % of ' || "
      "heap_blks_total || ' blocks' FROM pg_catalog.pg_stat_progress_vacuum" +
      of);
  return rows.ok() && !rows->empty() ? rows->front().front().value_or("") : std::string();
}

}  // namespace

UnitWatcher::UnitWatcher(const RunContext& context, Database& database, const StepPosition& position,
                         milliseconds lock_timeout, std::optional<Clock::TimePoint> deadline)
    : context_(context),
      database_(database),
      position_(position),
      deadline_(deadline),
      next_look_(std::clamp(lock_timeout / 2, kTick, kLookEvery)) {}

void UnitWatcher::LookAtBlockers(milliseconds elapsed) {
  blockers_ = FindBlockers(database_.reader(), database_.script_pid());
  if (blockers_.empty()) return;
  lock_wait_ += elapsed - last_look_;
  context_.observer.Blocked(position_, blockers_, lock_wait_);
  const auto& patience = context_.settings.terminate_blockers_after;
  if (!patience) return;
  for (const OtherSession& blocker : blockers_) {
    if (blocker.age < *patience) continue;
    (void)database_.reader().QueryOnce("SELECT pg_catalog.pg_terminate_backend(" + std::to_string(blocker.pid) + ")");
  }
}

void UnitWatcher::LookAtProgress(milliseconds elapsed) {
  context_.observer.Working(position_, elapsed, ReadProgress(database_.reader(), database_.script_pid()));
}

WaitAction UnitWatcher::OnTick(milliseconds elapsed, std::size_t /*results*/) {
  if (cancelled_at_) {
    return elapsed - *cancelled_at_ >= kCancelPatience ? WaitAction::kAbandon : WaitAction::kContinue;
  }
  interrupted_ = context_.interrupt.Signal() != 0;
  timed_out_ = deadline_ && context_.clock.Now() >= *deadline_;
  if (interrupted_ || timed_out_) {
    cancelled_at_ = elapsed;
    return WaitAction::kCancel;
  }
  if (elapsed >= next_look_) {
    LookAtBlockers(elapsed);
    if (blockers_.empty() && elapsed >= kLookEvery) LookAtProgress(elapsed);
    database_.RenewReader();
    last_look_ = elapsed;
    next_look_ = elapsed + kLookEvery;
  }
  return WaitAction::kContinue;
}

}  // namespace sluice
