// Time that passes only while somebody sleeps.
#pragma once

#include <chrono>
#include <vector>

#include "core/base/clock.h"

namespace sluice::kube {

class FakeClock final : public Clock {
 public:
  TimePoint Now() override { return now; }
  void SleepFor(std::chrono::milliseconds duration) override {
    pauses.push_back(duration);
    now += duration;
  }
  TimePoint now;
  std::vector<std::chrono::milliseconds> pauses;
};

}  // namespace sluice::kube
