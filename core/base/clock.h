// Time, so that a test can bring its own.
#pragma once

#include <chrono>

namespace sluice {

class Clock {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  virtual ~Clock() = default;
  virtual TimePoint Now() = 0;
  // Returns early when a signal arrives.
  virtual void SleepFor(std::chrono::milliseconds duration) = 0;
};

// The machine's. Lives as long as the program.
Clock& SystemClock();

}  // namespace sluice
