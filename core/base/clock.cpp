#include "core/base/clock.h"

#include <ctime>

namespace sluice {
namespace {

class MachineClock final : public Clock {
 public:
  TimePoint Now() override { return std::chrono::steady_clock::now(); }
  void SleepFor(std::chrono::milliseconds duration) override {
    const auto count = duration.count();
    timespec wait{static_cast<time_t>(count / 1000), static_cast<long>(count % 1000) * 1'000'000};
    nanosleep(&wait, nullptr);
  }
};

}  // namespace

Clock& SystemClock() {
  static MachineClock clock;
  return clock;
}

}  // namespace sluice
