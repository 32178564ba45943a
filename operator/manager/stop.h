// When the process is to end: everything that waits, for time or for the network, asks here.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "core/base/clock.h"
#include "operator/http/http.h"

namespace sluice::manager {

// One at a time, made before any thread that it should reach. From then on SIGTERM and SIGINT are remembered here
// instead of ending the process.
class Stop final : public Clock {
 public:
  Stop();
  ~Stop() override;

  // As a signal does.
  void Ask();
  bool asked() const;
  std::function<bool()> when() const {
    return [this] { return asked(); };
  }
  http::Interruption interruption() const { return {.asked = when(), .descriptor = read_end_}; }

  TimePoint Now() override;
  // Returns early when it is time to end.
  void SleepFor(std::chrono::milliseconds duration) override;

 private:
  void AwaitSignal();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false;  // guarded by mutex_
  int read_end_ = -1;   // readable from when it is asked
  int write_end_ = -1;
  std::thread waiter_;
};

}  // namespace sluice::manager
