// How a unit that could not have its locks is tried again. The one place that decides about lock timeouts, pauses and
// the budget. Pure: time and chance are arguments.
#pragma once

#include <chrono>
#include <string_view>

namespace sluice {

// 55P03 lock_not_available, 40P01 deadlock_detected.
bool IsLockTrouble(std::string_view sqlstate);

class RetryPolicy {
 public:
  // `lock_timeout`: the longest one attempt may queue for a lock; `budget`: all attempts and pauses of a unit together.
  RetryPolicy(std::chrono::milliseconds lock_timeout, std::chrono::milliseconds budget)
      : lock_timeout_(lock_timeout), budget_(budget) {}

  // Of attempt 0, 1, 2 …: short ones first, because whoever queues for a strong lock makes everybody behind it queue;
  // doubled up to lock_timeout. Never more than what is left of the budget, never less than 1 ms (0 would mean none).
  std::chrono::milliseconds LockTimeout(int attempt, std::chrono::milliseconds spent) const;

  // The pause after attempt 0, 1, 2 …: doubled from 50 ms up to 5 s, times 0.5 to 1.5 by `chance` in [0, 1).
  std::chrono::milliseconds Pause(int attempt, double chance) const;

  // True when another attempt after `pause` would begin within the budget.
  bool MayRetry(std::chrono::milliseconds spent, std::chrono::milliseconds pause) const;

 private:
  std::chrono::milliseconds lock_timeout_;
  std::chrono::milliseconds budget_;
};

}  // namespace sluice
