// Work that is tried until it has its locks, or until the lock budget is spent: how often it was tried, how much of the
// budget that took, and the pause before the next attempt. What is decided is RetryPolicy's.
#pragma once

#include <chrono>
#include <optional>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/engine/observer.h"

namespace sluice {

class LockRetry {
 public:
  // `deadline`: of the whole run; none when empty.
  LockRetry(const RunContext& context, std::optional<Clock::TimePoint> deadline)
      : context_(context), deadline_(deadline) {}

  // How long the attempt that comes now may queue for a lock. `longest`: the lock_timeout that is configured for it.
  std::chrono::milliseconds LockTimeout(std::chrono::milliseconds longest) const;

  // What is left of the budget, for a statement that may queue that long.
  std::chrono::milliseconds Left() const { return context_.settings.lock_budget - spent_; }

  std::chrono::milliseconds spent() const { return spent_; }

  // After an attempt that failed with `error` (kLockBudget), whose statements queued for at most `lock_timeout`: pauses
  // and returns ok when it is to be tried again. `position`: of the step, for the observer; nullptr: it isn't told.
  // Errors: `error` itself when the budget is spent; kInterrupted, kTimeout.
  Status PauseAfter(const Error& error, std::chrono::milliseconds lock_timeout, const StepPosition* position);

 private:
  RunContext context_;
  std::optional<Clock::TimePoint> deadline_;
  int attempts_ = 0;  // that failed
  std::chrono::milliseconds spent_{0};
};

}  // namespace sluice
