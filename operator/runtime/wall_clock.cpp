#include "operator/runtime/wall_clock.h"

#include <utility>

namespace sluice::runtime {

namespace {

// Time servers slew the clock by less than a thousandth; what is more than this was set.
constexpr std::chrono::seconds kSet{2};

}  // namespace

WallClock::WallClock(std::function<Time()> wall, std::function<Steady()> steady)
    : wall_(std::move(wall)), steady_(std::move(steady)), last_wall_(wall_()), last_steady_(steady_()) {}

WallClock::Time WallClock::Now() {
  const std::lock_guard lock(mutex_);
  const Time wall = wall_();
  const Steady steady = steady_();
  const auto jump = (wall - last_wall_) - (steady - last_steady_);
  if (jump >= kSet || jump <= -kSet) {
    ++times_set_;
    if (jump > jump.zero()) forward_.push_back({last_wall_, std::chrono::ceil<std::chrono::seconds>(jump)});
  }
  last_wall_ = wall;
  last_steady_ = steady;
  return wall;
}

int WallClock::times_set() const {
  const std::lock_guard lock(mutex_);
  return times_set_;
}

std::chrono::seconds WallClock::ForwardSince(Time time) const {
  const std::lock_guard lock(mutex_);
  std::chrono::seconds sum{0};
  for (const Forward& forward : forward_) {
    if (time <= forward.from) sum += forward.by;
  }
  return sum;
}

}  // namespace sluice::runtime
