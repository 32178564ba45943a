// Tells people what happened to an object: `kubectl describe` shows it. Best effort: an event that can't be written is
// dropped, nothing waits for it.
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "core/base/clock.h"
#include "operator/k8s/client.h"
#include "operator/runtime/event_series.h"

namespace sluice::runtime {

class EventRecorder {
 public:
  // `controller`: who reports, `sluice.dev/operator`; `instance`: which process of it, the pod's name. The client and
  // the clock outlive this.
  EventRecorder(kube::Client& client, std::string controller, std::string instance, Clock& clock,
                std::function<kube::WallTime()> wall = std::chrono::system_clock::now);

  // May be called by several threads; a write is made within the call.
  void Record(const EventNews& news);

  // Writes what series have become due; to be called every minute or so.
  void Sweep();

 private:
  void Write(const EventWrite& write);

  kube::Client& client_;
  const std::string controller_;
  const std::string instance_;
  Clock& clock_;
  std::function<kube::WallTime()> wall_;
  std::mutex mutex_;
  EventSeries series_;  // guarded by mutex_
};

// The Event of a write that makes one (events.k8s.io/v1).
kube::Json EventObjectOf(const EventWrite& write, const std::string& controller, const std::string& instance);

}  // namespace sluice::runtime
