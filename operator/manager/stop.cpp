#include "operator/manager/stop.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>
#include <csignal>

namespace sluice::manager {

namespace {

// Ends the thread that waits for signals, when nobody sent one.
constexpr int kEnough = SIGUSR1;

sigset_t Awaited() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, kEnough}) sigaddset(&set, signal);
  return set;
}

}  // namespace

Stop::Stop() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
    read_end_ = ends[0];
    write_end_ = ends[1];
  }
  const sigset_t set = Awaited();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  waiter_ = std::thread([this] { AwaitSignal(); });
}

Stop::~Stop() {
  pthread_kill(waiter_.native_handle(), kEnough);
  waiter_.join();
  close(read_end_);
  close(write_end_);
}

void Stop::AwaitSignal() {
  const sigset_t set = Awaited();
  int signal = 0;
  if (sigwait(&set, &signal) == 0 && signal != kEnough) Ask();
}

void Stop::Ask() {
  const std::lock_guard lock(mutex_);
  if (asked_) return;
  asked_ = true;
  // Never read: it stays readable for everybody who looks.
  [[maybe_unused]] const ssize_t written = write(write_end_, "x", 1);
  changed_.notify_all();
}

bool Stop::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

Clock::TimePoint Stop::Now() { return SystemClock().Now(); }

void Stop::SleepFor(std::chrono::milliseconds duration) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, duration, [this] { return asked_; });
}

}  // namespace sluice::manager
