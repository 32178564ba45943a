// Leads, or waits to: one of several processes does the work. Those who wait watch the lease, so that a leader that
// gives it up is followed at once, and look again when a leader that shows no sign of life may be followed.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "core/base/clock.h"
#include "operator/k8s/client.h"
#include "operator/runtime/lease.h"

namespace sluice::runtime {

struct ElectionSettings {
  std::string namespace_name;
  std::string name;
  std::string identity;  // of this process, never used twice: the pod's name and a random part
  ElectionTimes times = {};
};

class LeaderElection {
 public:
  // All outlive this. `client` takes and renews the lease, with a short timeout; `watching` is what a waiting process
  // watches it with, and may be interrupted. `wall`: the time that is written into the lease; tests have their own.
  LeaderElection(kube::Client& client, kube::Client& watching, ElectionSettings settings, Clock& clock,
                 std::function<kube::WallTime()> wall = std::chrono::system_clock::now);

  // One attempt to take the lease or to renew it: whether this process leads now. False without an error: another one
  // does. An error leaves it open; an update that another process was faster with is no error.
  kube::ApiResult<bool> Try();

  // Waits until this process leads. False: `stopped` said so. `watch_wait` is how a waiting process waits: a watch of
  // the lease that ends early when it changes, at most so long.
  bool WaitToLead(const std::function<bool()>& stopped);

  // Renews until it can't: returns when the lease was lost, or could not be renewed for `times.renew`, or `stopped`
  // says so. Then the work has to have stopped before anybody else may begin: `times.lease` - `times.renew` from now.
  void Hold(const std::function<bool()>& stopped);

  // Takes the lease from whoever has it, who stops its work when it wants to renew it: within `times.retry`.
  kube::ApiResult<bool> Seize();

  // Gives the lease up, when this process leads. Best effort.
  void Release();

  bool leads() const { return leads_; }
  // Who leads, as far as it is known; empty: nobody.
  std::string leader() const { return view_.seen() ? view_.seen()->holder : std::string(); }

 private:
  kube::ApiResult<bool> Take(const LeaseRecord& claim, bool create);
  void WatchOrWait();

  kube::Client& client_;
  kube::Client& watching_;
  ElectionSettings settings_;
  Clock& clock_;
  std::function<kube::WallTime()> wall_;
  LeaseView view_;
  std::atomic<bool> leads_ = false;
};

}  // namespace sluice::runtime
