// Who leads, by a Lease of coordination.k8s.io/v1, as client-go's leader election decides it: by the local clock alone.
// The times in a Lease are another machine's; what counts is how long ago this one saw the record change. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "operator/k8s/json_access.h"
#include "operator/k8s/time_text.h"

namespace sluice::runtime {

struct ElectionTimes {
  std::chrono::milliseconds lease{15'000};  // a leader that shows no sign of life for so long is none any more
  std::chrono::milliseconds renew{10'000};  // a leader that could not renew for so long stops its work
  std::chrono::milliseconds retry{2'000};   // between two attempts
};

struct LeaseRecord {
  std::string holder;  // empty: nobody, it was released
  int seconds = 15;
  std::string acquired;  // as written
  std::string renewed;
  int transitions = 0;
  std::string resource_version;  // not compared

  bool SameAs(const LeaseRecord& other) const {
    return holder == other.holder && seconds == other.seconds && acquired == other.acquired &&
           renewed == other.renewed && transitions == other.transitions;
  }
};

LeaseRecord ReadLease(const kube::Json& lease);
// The object to be written: `record` with its resourceVersion, where it has one, so that a later one is never
// overwritten.
kube::Json WriteLease(const std::string& namespace_name, const std::string& name, const LeaseRecord& record);

// What one candidate has seen of the lease.
class LeaseView {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  LeaseView(std::string identity, ElectionTimes times) : identity_(std::move(identity)), times_(times) {}

  // The lease as it is now; a record that was seen before changes nothing.
  void Observe(const LeaseRecord& record, TimePoint now);
  // There is none.
  void ObserveNone() { seen_.reset(); }

  bool leads() const { return seen_ && seen_->holder == identity_; }
  // Nobody leads, or the one who does shows no sign of life.
  bool MayTake(TimePoint now) const;
  // When MayTake says yes if nothing changes.
  TimePoint MayTakeAt() const;

  // The record to write to take the lease or to renew it; `wall`: what others will read.
  LeaseRecord Claim(kube::WallTime wall) const;
  // … and to give it up: whoever watches takes it at once.
  LeaseRecord Released(kube::WallTime wall) const;

  const std::optional<LeaseRecord>& seen() const { return seen_; }

 private:
  std::string identity_;
  ElectionTimes times_;
  std::optional<LeaseRecord> seen_;
  TimePoint seen_at_{};
};

}  // namespace sluice::runtime
