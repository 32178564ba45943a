// The time of day, and when somebody sets it: pauses are told by another clock, which never jumps, so what waits for a
// time of day has to be looked at again then, and what has a time limit mustn't run out by it.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <vector>

namespace sluice::runtime {

// May be used by several threads.
class WallClock {
 public:
  using Time = std::chrono::system_clock::time_point;
  using Steady = std::chrono::steady_clock::time_point;

  explicit WallClock(std::function<Time()> wall = std::chrono::system_clock::now,
                     std::function<Steady()> steady = std::chrono::steady_clock::now);

  // What the clock on the wall says. Notices whether it was set since the last call.
  Time Now();
  // How often it was set, as far as was noticed.
  int times_set() const;
  // By how much it was put forward since it showed `time`. When it was put back nothing is added: a limit that runs out
  // too late does no harm.
  std::chrono::seconds ForwardSince(Time time) const;

 private:
  struct Forward {
    Time from;  // what it showed then
    std::chrono::seconds by;
  };

  const std::function<Time()> wall_;
  const std::function<Steady()> steady_;
  mutable std::mutex mutex_;
  Time last_wall_;  // guarded by mutex_, as all below
  Steady last_steady_;
  int times_set_ = 0;
  std::vector<Forward> forward_;
};

}  // namespace sluice::runtime
