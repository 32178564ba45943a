#include "operator/runtime/lease.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sluice::runtime {

using kube::Json;
using kube::NumberAt;
using kube::TextAt;

LeaseRecord ReadLease(const Json& lease) {
  LeaseRecord record;
  record.holder = TextAt(lease, {"spec", "holderIdentity"});
  record.seconds = static_cast<int>(std::clamp(NumberAt(lease, {"spec", "leaseDurationSeconds"}), 0LL, 86'400LL));
  record.acquired = TextAt(lease, {"spec", "acquireTime"});
  record.renewed = TextAt(lease, {"spec", "renewTime"});
  record.transitions = static_cast<int>(NumberAt(lease, {"spec", "leaseTransitions"}));
  record.resource_version = TextAt(lease, {"metadata", "resourceVersion"});
  return record;
}

Json WriteLease(const std::string& namespace_name, const std::string& name, const LeaseRecord& record) {
  Json lease{{"apiVersion", "coordination.k8s.io/v1"},
             {"kind", "Lease"},
             {"metadata", {{"namespace", namespace_name}, {"name", name}}},
             {"spec",
              {{"holderIdentity", record.holder},
               {"leaseDurationSeconds", record.seconds},
               {"leaseTransitions", record.transitions}}}};
  if (!record.acquired.empty()) lease["spec"]["acquireTime"] = record.acquired;
  if (!record.renewed.empty()) lease["spec"]["renewTime"] = record.renewed;
  if (!record.resource_version.empty()) lease["metadata"]["resourceVersion"] = record.resource_version;
  return lease;
}

void LeaseView::Observe(const LeaseRecord& record, TimePoint now) {
  if (!seen_ || !seen_->SameAs(record)) seen_at_ = now;
  seen_ = record;
}

bool LeaseView::MayTake(TimePoint now) const {
  return !seen_ || seen_->holder.empty() || seen_->holder == identity_ || now >= MayTakeAt();
}

LeaseView::TimePoint LeaseView::MayTakeAt() const { return seen_at_ + times_.lease; }

LeaseRecord LeaseView::Claim(kube::WallTime wall) const {
  LeaseRecord record;
  record.holder = identity_;
  record.seconds = static_cast<int>(std::chrono::ceil<std::chrono::seconds>(times_.lease).count());
  record.renewed = kube::MicroTimeText(wall);
  record.acquired = leads() ? seen_->acquired : record.renewed;
  if (seen_) {
    record.transitions = seen_->transitions + (leads() ? 0 : 1);
    record.resource_version = seen_->resource_version;
  }
  return record;
}

LeaseRecord LeaseView::Released(kube::WallTime wall) const {
  LeaseRecord record = Claim(wall);
  record.holder.clear();
  record.seconds = 1;
  record.acquired = record.renewed;
  return record;
}

}  // namespace sluice::runtime
