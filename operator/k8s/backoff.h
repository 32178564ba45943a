// How long to wait before the next attempt: each time twice as long, with chance, so that many don't come at once.
// Pure.
#pragma once

#include <chrono>

namespace sluice::kube {

struct BackoffPolicy {
  std::chrono::milliseconds first{800};  // client-go's reflector: 0.8 s to 30 s
  std::chrono::milliseconds longest{30'000};
  std::chrono::milliseconds forget{120'000};  // after so long without a failure it begins anew
  double jitter = 1.0;                        // up to this much of the pause is added
};

class Backoff {
 public:
  explicit Backoff(BackoffPolicy policy = {}) : policy_(policy) {}

  // `now`: of the failure. `chance`: 0 ≤ chance < 1.
  std::chrono::milliseconds Next(std::chrono::steady_clock::time_point now, double chance);

  // It has worked.
  void Reset() { pause_ = std::chrono::milliseconds(0); }

 private:
  BackoffPolicy policy_;
  std::chrono::milliseconds pause_{0};  // 0: none yet
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace sluice::kube
