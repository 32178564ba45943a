#include "operator/runtime/leader_election.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace sluice::runtime {

using kube::ApiFailure;
using kube::ApiResult;
using kube::Json;
using std::chrono::milliseconds;
using std::chrono::seconds;

LeaderElection::LeaderElection(kube::Client& client, kube::Client& watching, ElectionSettings settings, Clock& clock,
                               std::function<kube::WallTime()> wall)
    : client_(client),
      watching_(watching),
      settings_(std::move(settings)),
      clock_(clock),
      wall_(std::move(wall)),
      view_(settings_.identity, settings_.times) {}

ApiResult<bool> LeaderElection::Take(const LeaseRecord& claim, bool create) {
  const Json lease = WriteLease(settings_.namespace_name, settings_.name, claim);
  const kube::ObjectName name{kube::kLeases, settings_.namespace_name, create ? std::string() : settings_.name};
  ApiResult<Json> written = create ? client_.Create(name, lease) : client_.Replace(name, lease);
  if (!written.ok()) {
    // Another one was faster; who leads is seen at the next look.
    const ApiFailure failure = written.error().failure;
    if (failure == ApiFailure::kConflict || failure == ApiFailure::kExists) return false;
    return std::move(written).error();
  }
  view_.Observe(ReadLease(*written), clock_.Now());
  return view_.leads();
}

ApiResult<bool> LeaderElection::Try() {
  // A leader writes without reading first: nobody else has written since, or the server says so.
  if (leads_ && view_.leads()) {
    ApiResult<bool> renewed = Take(view_.Claim(wall_()), false);
    if (!renewed.ok() || *renewed) return renewed;
  }
  ApiResult<Json> lease = client_.Get({kube::kLeases, settings_.namespace_name, settings_.name});
  if (!lease.ok() && lease.error().failure != ApiFailure::kNotFound) return std::move(lease).error();
  if (lease.ok()) {
    view_.Observe(ReadLease(*lease), clock_.Now());
  } else {
    view_.ObserveNone();
  }
  if (!view_.MayTake(clock_.Now())) {
    leads_ = false;
    return false;
  }
  ApiResult<bool> taken = Take(view_.Claim(wall_()), !lease.ok());
  if (taken.ok()) leads_ = *taken;
  return taken;
}

ApiResult<bool> LeaderElection::Seize() {
  ApiResult<Json> lease = client_.Get({kube::kLeases, settings_.namespace_name, settings_.name});
  if (!lease.ok() && lease.error().failure != ApiFailure::kNotFound) return std::move(lease).error();
  if (lease.ok()) view_.Observe(ReadLease(*lease), clock_.Now());
  ApiResult<bool> taken = Take(view_.Claim(wall_()), !lease.ok());
  if (taken.ok()) leads_ = *taken;
  return taken;
}

// A watch that ends with the first news. Where there can be none it is a pause.
void LeaderElection::WatchOrWait() {
  if (!view_.seen()) return clock_.SleepFor(settings_.times.retry);
  const auto left = std::chrono::ceil<seconds>(view_.MayTakeAt() - clock_.Now());
  bool news = false;
  const ApiResult<kube::WatchEnd> end =
      watching_.Watch({.resource = kube::kLeases,
                       .namespace_name = settings_.namespace_name,
                       .field_selector = "metadata.name=" + settings_.name,
                       .resource_version = view_.seen()->resource_version,
                       .timeout = std::clamp(left, seconds(1), std::chrono::ceil<seconds>(settings_.times.lease))},
                      [&](const kube::WatchEvent& event) {
                        if (event.kind == kube::WatchKind::kBookmark) return Status();
                        const LeaseRecord record = ReadLease(event.object);
                        if (event.kind == kube::WatchKind::kDeleted) {
                          view_.ObserveNone();
                          news = true;
                        } else {
                          view_.Observe(record, clock_.Now());
                          news = record.holder.empty();
                        }
                        // A leader's renewals are no news; they only put off the time when it may be followed.
                        return news ? Status(MakeError(ErrorCode::kInterrupted, "the lease is free")) : Status();
                      });
  if (!end.ok() && !news) clock_.SleepFor(settings_.times.retry);
}

bool LeaderElection::WaitToLead(const std::function<bool()>& stopped) {
  while (!stopped()) {
    const ApiResult<bool> taken = Try();
    if (taken.ok() && *taken) return true;
    if (stopped()) break;
    if (taken.ok()) {
      WatchOrWait();
    } else {
      clock_.SleepFor(settings_.times.retry);
    }
  }
  return false;
}

void LeaderElection::Hold(const std::function<bool()>& stopped) {
  auto renewed = clock_.Now();
  while (!stopped()) {
    clock_.SleepFor(settings_.times.retry);
    if (stopped()) return;
    const ApiResult<bool> kept = Try();
    if (kept.ok() && *kept) {
      renewed = clock_.Now();
    } else if (kept.ok() && view_.seen() && view_.seen()->holder != settings_.identity) {
      break;
    }
    if (clock_.Now() - renewed >= settings_.times.renew) break;
  }
  if (!stopped()) leads_ = false;
}

void LeaderElection::Release() {
  if (!leads_) return;
  leads_ = false;
  if (!view_.leads()) return;
  const ApiResult<bool> released = Take(view_.Released(wall_()), false);
  if (!released.ok()) view_.ObserveNone();
}

}  // namespace sluice::runtime
