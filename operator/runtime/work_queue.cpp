#include "operator/runtime/work_queue.h"

#include <algorithm>
#include <utility>

namespace sluice::runtime {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

void QueueState::Add(const std::string& key) {
  if (!wanted_.insert(key).second || working_.contains(key)) return;
  ready_.push_back(key);
}

void QueueState::AddAt(const std::string& key, TimePoint when, TimePoint now) {
  if (when <= now) return Add(key);
  const auto [place, is_new] = later_.try_emplace(key, when);
  if (!is_new) {
    if (place->second <= when) return;
    due_.erase({place->second, key});
    place->second = when;
  }
  due_.emplace(when, key);
}

milliseconds QueueState::PauseAfterFailure(const std::string& key) {
  const int failures = failures_[key]++;
  milliseconds pause = pauses_.first;
  for (int i = 0; i < failures && pause < pauses_.longest; ++i) pause *= 2;
  return std::min(pause, pauses_.longest);
}

int QueueState::Failures(const std::string& key) const {
  const auto found = failures_.find(key);
  return found == failures_.end() ? 0 : found->second;
}

std::optional<std::string> QueueState::Take(TimePoint now) {
  MoveDue(now);
  if (ready_.empty()) return std::nullopt;
  std::string key = std::move(ready_.front());
  ready_.pop_front();
  wanted_.erase(key);
  working_.insert(key);
  return key;
}

void QueueState::Done(const std::string& key) {
  if (working_.erase(key) > 0 && wanted_.contains(key)) ready_.push_back(key);
}

std::optional<QueueState::TimePoint> QueueState::NextDue() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

void QueueState::MoveDue(TimePoint now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    const std::string key = due_.begin()->second;
    due_.erase(due_.begin());
    later_.erase(key);
    Add(key);
  }
}

void WorkQueue::Add(const std::string& key) { AddAfter(key, milliseconds(0)); }

void WorkQueue::AddAfter(const std::string& key, milliseconds delay) {
  const std::lock_guard lock(mutex_);
  if (shut_down_) return;
  const auto now = steady_clock::now();
  state_.AddAt(key, now + delay, now);
  changed_.notify_all();
}

void WorkQueue::AddAfterFailure(const std::string& key, milliseconds least) {
  const std::lock_guard lock(mutex_);
  if (shut_down_) return;
  const auto now = steady_clock::now();
  state_.AddAt(key, now + std::max(least, state_.PauseAfterFailure(key)), now);
  changed_.notify_all();
}

void WorkQueue::Forget(const std::string& key) {
  const std::lock_guard lock(mutex_);
  state_.Forget(key);
}

std::optional<std::string> WorkQueue::Take() {
  std::unique_lock lock(mutex_);
  while (true) {
    // After the end nothing becomes due any more.
    const auto now = shut_down_ ? steady_clock::time_point::min() : steady_clock::now();
    if (std::optional<std::string> key = state_.Take(now)) return key;
    if (shut_down_) return std::nullopt;
    if (const auto due = state_.NextDue()) {
      changed_.wait_until(lock, *due);
    } else {
      changed_.wait(lock);
    }
  }
}

void WorkQueue::Done(const std::string& key) {
  const std::lock_guard lock(mutex_);
  state_.Done(key);
  changed_.notify_all();
}

void WorkQueue::ShutDown() {
  const std::lock_guard lock(mutex_);
  shut_down_ = true;
  changed_.notify_all();
}

void WorkQueue::ShutDownAndWait() {
  std::unique_lock lock(mutex_);
  shut_down_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return state_.idle(); });
}

std::size_t WorkQueue::depth() const {
  const std::lock_guard lock(mutex_);
  return state_.ready();
}

}  // namespace sluice::runtime
