#include "core/engine/retry_policy.h"

#include <algorithm>

namespace sluice {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstLockTimeout{100};
constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{5'000};

milliseconds Doubled(milliseconds first, int times, milliseconds longest) {
  for (int i = 0; i < times && first < longest; ++i) first *= 2;
  return std::min(first, longest);
}

}  // namespace

bool IsLockTrouble(std::string_view sqlstate) { return sqlstate == "55P03" || sqlstate == "40P01"; }

milliseconds RetryPolicy::LockTimeout(int attempt, milliseconds spent) const {
  const milliseconds wanted = Doubled(std::min(kFirstLockTimeout, lock_timeout_), attempt, lock_timeout_);
  return std::max(milliseconds(1), std::min(wanted, budget_ - spent));
}

milliseconds RetryPolicy::Pause(int attempt, double chance) const {
  const milliseconds middle = Doubled(kFirstPause, attempt, kLongestPause);
  return std::chrono::duration_cast<milliseconds>(middle * (0.5 + chance));
}

bool RetryPolicy::MayRetry(milliseconds spent, milliseconds pause) const { return spent + pause < budget_; }

}  // namespace sluice
