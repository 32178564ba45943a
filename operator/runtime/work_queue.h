// Keys that are to be looked at, each by one worker at a time. What client-go's work queue promises:
//   - a key that is added several times before a worker takes it is taken once;
//   - a key that is added while a worker has it is taken again when that worker is done, never before;
//   - a key can be added for later, and the earliest time counts;
//   - a key that failed comes back after a pause that doubles with each failure, until it is forgotten.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace sluice::runtime {

struct RetryPauses {
  std::chrono::milliseconds first{5};
  std::chrono::milliseconds longest{300'000};
};

// The order of things without threads and without a clock of its own. Pure.
class QueueState {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit QueueState(RetryPauses pauses = {}) : pauses_(pauses) {}

  void Add(const std::string& key);
  // At once when `when` has passed already.
  void AddAt(const std::string& key, TimePoint when, TimePoint now);

  // The pause before the next try of a key that has failed; counts the failure.
  std::chrono::milliseconds PauseAfterFailure(const std::string& key);
  void Forget(const std::string& key) { failures_.erase(key); }
  int Failures(const std::string& key) const;

  // The key to work on now; it is the caller's until Done.
  std::optional<std::string> Take(TimePoint now);
  void Done(const std::string& key);

  // When the next of the keys for later is due; empty: there is none.
  std::optional<TimePoint> NextDue() const;

  std::size_t ready() const { return ready_.size(); }
  bool idle() const { return ready_.empty() && working_.empty(); }

 private:
  void MoveDue(TimePoint now);

  RetryPauses pauses_;
  std::deque<std::string> ready_;  // in the order of adding; all of them are wanted, and none is being worked on
  std::set<std::string> wanted_;
  std::set<std::string> working_;
  std::map<std::string, TimePoint> later_;
  std::set<std::pair<TimePoint, std::string>> due_;  // the same, by time
  std::map<std::string, int> failures_;
};

// The queue that workers share. All of it may be called by several threads.
class WorkQueue {
 public:
  explicit WorkQueue(RetryPauses pauses = {}) : state_(pauses) {}

  // Nothing is added any more after ShutDown.
  void Add(const std::string& key);
  void AddAfter(const std::string& key, std::chrono::milliseconds delay);
  // `least`: no sooner than that.
  void AddAfterFailure(const std::string& key, std::chrono::milliseconds least = {});
  void Forget(const std::string& key);

  // Waits for a key. Empty: the queue was shut down, and what was ready then has been taken.
  std::optional<std::string> Take();
  void Done(const std::string& key);

  // Workers take what is ready, then get nothing; keys for later are dropped.
  void ShutDown();
  // … and returns when no worker is at work any more.
  void ShutDownAndWait();

  std::size_t depth() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  QueueState state_;        // guarded by mutex_
  bool shut_down_ = false;  // guarded by mutex_
};

}  // namespace sluice::runtime
