#include "operator/k8s/backoff.h"

#include <algorithm>

namespace sluice::kube {

std::chrono::milliseconds Backoff::Next(std::chrono::steady_clock::time_point now, double chance) {
  if (pause_.count() > 0 && now - last_ >= policy_.forget) Reset();
  pause_ = pause_.count() == 0 ? policy_.first : std::min(pause_ * 2, policy_.longest);
  last_ = now;
  const auto extra = static_cast<std::chrono::milliseconds::rep>(static_cast<double>(pause_.count()) * policy_.jitter *
                                                                 std::clamp(chance, 0.0, 1.0));
  return pause_ + std::chrono::milliseconds(extra);
}

}  // namespace sluice::kube
