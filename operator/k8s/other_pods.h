// Waiting until the pods of the release before are gone, those that are still ending too: only then may what they need
// be taken away.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "operator/k8s/client.h"

namespace sluice::kube {

struct OtherPodsQuery {
  std::string namespace_name;
  std::string selector;   // of labels
  std::string image;      // as the pods' spec writes it
  std::string container;  // whose image counts; empty: those of all containers, init containers left out
};

// A pod that runs, or may still run, another image.
struct OtherPod {
  std::string name;
  std::vector<std::string> images;  // the other ones; empty: it has no container of that name
  std::string phase;
  std::string terminating_since;  // as Kubernetes writes times; empty: nobody has deleted it
};

struct OtherPods {
  std::vector<OtherPod> others;
  std::size_t matching = 0;  // pods that the selector chooses and that have not ended
};

// Pods whose phase is Succeeded or Failed run nothing any more. A pod without the named container counts as another
// one: the release before may have called it something else.
ApiResult<OtherPods> FindOtherPods(Client& client, const OtherPodsQuery& query, std::chrono::milliseconds page_timeout);

struct OtherPodsWait {
  std::optional<std::chrono::milliseconds> limit;  // empty: none; 0: one look
  std::function<bool()> interrupted;
  // Called after each look: what is left, or why Kubernetes could not be asked (`trouble` is empty where it could).
  std::function<void(const OtherPods& left, const std::string& trouble, std::chrono::milliseconds waited)> tell;
  std::function<double()> chance;  // 0 ≤ x < 1
};

struct OtherPodsReport {
  OtherPods left;
  std::chrono::milliseconds waited{0};
  std::optional<Error> error;
};

// Looks again and again, every half second at first, every three seconds later. A server that is away or overloaded is
// asked again with back-off; a permission that is missing may be on its way (a RoleBinding made a moment ago), for ten
// seconds. `error`: kNotUpToDate at the limit, kUnreachable when Kubernetes could not be asked at the end of it,
// kPermission with the Role that is missing, kConfig, kInterrupted.
OtherPodsReport WaitForOtherPods(Client& client, const OtherPodsQuery& query, const OtherPodsWait& wait, Clock& clock);

// `api-1 (shop/api:1.4.1, terminating since 2026-11-26T11:16:08Z), api-2 (…) and 3 more`.
std::string DescribeOtherPods(const std::vector<OtherPod>& pods);

}  // namespace sluice::kube
