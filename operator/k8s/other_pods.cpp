#include "operator/k8s/other_pods.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/duration.h"
#include "operator/k8s/backoff.h"
#include "operator/k8s/time_text.h"

namespace sluice::kube {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{500};
constexpr milliseconds kLongestPause{3'000};
constexpr milliseconds kPermissionMayCome{10'000};
constexpr milliseconds kLongestLook{10'000};  // a page
constexpr milliseconds kShortestLook{1'000};
constexpr std::size_t kNamed = 4;

// The images of a pod that are not the wanted one.
std::vector<std::string> OtherImages(const Json& pod, const OtherPodsQuery& query, bool* has_container) {
  std::vector<std::string> others;
  const auto look = [&](const Json& containers, bool sidecars_only) {
    if (!containers.is_array()) return;
    for (const Json& container : containers) {
      if (!query.container.empty() && TextAt(container, {"name"}) != query.container) continue;
      if (sidecars_only && TextAt(container, {"restartPolicy"}) != "Always") continue;
      *has_container = true;
      const std::string image = TextAt(container, {"image"});
      if (image != query.image && std::find(others.begin(), others.end(), image) == others.end()) {
        others.push_back(image);
      }
    }
  };
  look(At(pod, {"spec", "containers"}), false);
  // By name it may be a native sidecar, which is written among the init containers.
  if (!query.container.empty()) look(At(pod, {"spec", "initContainers"}), true);
  return others;
}

// A deletion's time is when the grace period ends.
std::string TerminatingSince(const Json& pod) {
  std::string ends = TextAt(pod, {"metadata", "deletionTimestamp"});
  const std::optional<WallTime> time = ParseTime(ends);
  if (!time) return ends;
  return TimeText(*time - std::chrono::seconds(NumberAt(pod, {"metadata", "deletionGracePeriodSeconds"})));
}

void TakePod(const Json& pod, const OtherPodsQuery& query, OtherPods& found) {
  const std::string phase = TextAt(pod, {"status", "phase"});
  if (phase == "Succeeded" || phase == "Failed") return;
  ++found.matching;
  bool has_container = false;
  std::vector<std::string> images = OtherImages(pod, query, &has_container);
  if (has_container && images.empty()) return;
  found.others.push_back({TextAt(pod, {"metadata", "name"}), std::move(images), phase, TerminatingSince(pod)});
}

Error Denied(const ApiError& denied, const OtherPodsQuery& query) {
  Error error = static_cast<const Error&>(denied);
  if (denied.failure == ApiFailure::kForbidden) {
    error.hint = "give the service account a Role in namespace " + query.namespace_name +
                 " that lets it list pods (apiGroups: [\"\"], resources: [pods], verbs: [list]), and a RoleBinding";
  } else if (denied.failure == ApiFailure::kDenied) {
    error.hint = "the login is not accepted: look at the service account's token, or at the kubeconfig";
  }
  return error;
}

Error StillThere(const OtherPodsQuery& query, const OtherPods& left, const OtherPodsWait& wait) {
  const std::string limit = wait.limit->count() == 0 ? "" : " after " + FormatDuration(*wait.limit);
  const bool several =
      query.container.empty() && std::any_of(left.others.begin(), left.others.end(), [](const OtherPod& pod) {
        return pod.terminating_since.empty() && !pod.images.empty();
      });
  return MakeError(
      ErrorCode::kNotUpToDate,
      "pods with another image than " + query.image + " are left" + limit + ": " + DescribeOtherPods(left.others),
      several ? "give the rollout more time (--timeout); where the pods have sidecars, name the container "
                "that counts: --container"
              : "give the rollout more time: --timeout");
}

// One wait, and how it has gone so far.
class Waiter {
 public:
  Waiter(Client& client, const OtherPodsQuery& query, const OtherPodsWait& wait, Clock& clock)
      : client_(client), query_(query), wait_(wait), clock_(clock), begin_(clock.Now()) {}

  OtherPodsReport Run() {
    while (true) {
      ApiResult<OtherPods> found = FindOtherPods(client_, query_, LookAtMost());
      report_.waited = std::chrono::duration_cast<milliseconds>(clock_.Now() - begin_);
      if (found.ok()) {
        report_.left = std::move(*found);
        if (report_.left.others.empty()) return std::move(report_);
      } else if (!MayPass(found.error())) {
        return Fail(Denied(found.error(), query_));
      }
      if (wait_.interrupted && wait_.interrupted()) return Fail(MakeError(ErrorCode::kInterrupted, "interrupted"));
      if (wait_.limit && report_.waited >= *wait_.limit) {
        return Fail(found.ok() ? StillThere(query_, report_.left, wait_) : Denied(found.error(), query_));
      }
      if (wait_.tell) wait_.tell(report_.left, found.ok() ? "" : found.error().message, report_.waited);
      const milliseconds pause = Pause(found);
      clock_.SleepFor(wait_.limit ? std::min(pause, *wait_.limit - report_.waited) : pause);
    }
  }

 private:
  // How long one look may take: what is left of the limit, but long enough for a healthy server.
  milliseconds LookAtMost() const {
    if (!wait_.limit) return kLongestLook;
    return std::clamp(*wait_.limit - report_.waited, kShortestLook, kLongestLook);
  }

  bool MayPass(const ApiError& error) const {
    if (error.failure == ApiFailure::kForbidden || error.failure == ApiFailure::kDenied) {
      return report_.waited < kPermissionMayCome;
    }
    return error.may_pass() || error.failure == ApiFailure::kGone;
  }

  milliseconds Pause(const ApiResult<OtherPods>& found) {
    if (!found.ok()) {
      const milliseconds pause = backoff_.Next(clock_.Now(), wait_.chance ? wait_.chance() : 0);
      return std::max(pause, found.error().retry_after);
    }
    backoff_.Reset();
    pause_ = pause_.count() == 0 ? kFirstPause : std::min(pause_ * 3 / 2, kLongestPause);
    return pause_;
  }

  OtherPodsReport Fail(Error error) {
    report_.error = std::move(error);
    return std::move(report_);
  }

  Client& client_;
  const OtherPodsQuery& query_;
  const OtherPodsWait& wait_;
  Clock& clock_;
  Clock::TimePoint begin_;
  Backoff backoff_;
  milliseconds pause_{0};
  OtherPodsReport report_;
};

}  // namespace

ApiResult<OtherPods> FindOtherPods(Client& client, const OtherPodsQuery& query, milliseconds page_timeout) {
  OtherPods found;
  SLUICE_CHECK(client.List({.resource = kPods,
                            .namespace_name = query.namespace_name,
                            .label_selector = query.selector,
                            .page_timeout = page_timeout},
                           [&](const Json& pod) {
                             TakePod(pod, query, found);
                             return Status();
                           }));
  return found;
}

OtherPodsReport WaitForOtherPods(Client& client, const OtherPodsQuery& query, const OtherPodsWait& wait, Clock& clock) {
  return Waiter(client, query, wait, clock).Run();
}

std::string DescribeOtherPods(const std::vector<OtherPod>& pods) {
  std::string text;
  for (std::size_t i = 0; i < std::min(pods.size(), kNamed); ++i) {
    const OtherPod& pod = pods[i];
    text += (i > 0 ? ", " : "") + pod.name + " (";
    for (std::size_t k = 0; k < pod.images.size(); ++k) text += (k > 0 ? " " : "") + pod.images[k];
    if (pod.images.empty()) text += "no such container";
    text += pod.terminating_since.empty() ? ")" : ", terminating since " + pod.terminating_since + ")";
  }
  if (pods.size() > kNamed) text += " and " + std::to_string(pods.size() - kNamed) + " more";
  return text;
}

}  // namespace sluice::kube
