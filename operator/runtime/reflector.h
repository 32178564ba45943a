// Keeps what is in the cluster known here: a list, then a watch from where the list stood, then a watch from where that
// one ended, and a list anew only when the server has forgotten the place. What client-go's reflector does.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "operator/k8s/backoff.h"
#include "operator/k8s/client.h"

namespace sluice::runtime {

struct ReflectorSource {
  kube::Resource resource;
  std::string namespace_name = {};  // empty: all
  std::string label_selector = {};
};

// Who is told. All calls come from the reflector's thread; nothing is kept here, so that a receiver keeps only what it
// needs of an object.
class ReflectorTarget {
 public:
  virtual ~ReflectorTarget() = default;
  // A list begins: what is told by Listed until ListEnded is all there is; what was known and isn't told is gone. A
  // list that fails on its way is begun again, with another ListBegan.
  virtual void ListBegan() = 0;
  virtual void Listed(const kube::Json& object) = 0;
  virtual void ListEnded() = 0;
  virtual void Changed(const kube::Json& object) = 0;  // is new, or not as it was
  virtual void Deleted(const kube::Json& object) = 0;  // as it last was
};

class Reflector {
 public:
  // All outlive this. `chance`: 0 ≤ x < 1.
  Reflector(kube::Client& client, ReflectorSource source, ReflectorTarget& target, Clock& clock,
            std::function<double()> chance);

  // One list or one watch, whichever it is time for, and what is to be learned from how it ended. Returns how long to
  // wait before the next one.
  std::chrono::milliseconds Step();

  // Steps until `stopped` says so. A wait between two steps is one of the clock; a watch ends by the client's
  // interruption.
  void Run(const std::function<bool()>& stopped);

  // Of the following, the first two may be asked by any thread.
  // All there was has been told once.
  bool synced() const { return synced_; }
  // Why the last step failed; empty when it didn't.
  std::optional<Error> trouble() const;
  int lists() const { return lists_; }

 private:
  std::chrono::milliseconds List();
  std::chrono::milliseconds WatchList();
  std::chrono::milliseconds Watch();
  kube::WatchRequest Request();
  void Note(std::optional<Error> trouble);
  std::chrono::milliseconds Failed(const kube::ApiError& error);
  void Tell(const kube::WatchEvent& event);

  kube::Client& client_;
  ReflectorSource source_;
  ReflectorTarget& target_;
  Clock& clock_;
  std::function<double()> chance_;
  kube::Backoff backoff_;
  std::string resource_version_;  // where to watch from; empty: list first
  bool can_watch_list_ = true;    // until the server says that it can't
  std::atomic<bool> synced_ = false;
  int lists_ = 0;
  mutable std::mutex mutex_;
  std::optional<Error> trouble_;  // guarded by mutex_
};

}  // namespace sluice::runtime
