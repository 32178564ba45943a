// What `sluice` and `sluice-pods` say to each other about waiting for pods: JSON, an object a line. Both are of one
// build, so it has no version. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "operator/k8s/other_pods.h"

namespace sluice::kube {

struct OtherPodsRequest {
  OtherPodsQuery query;
  std::optional<std::chrono::milliseconds> limit;  // empty: none
  std::string agent;                               // the User-Agent
};
std::string WriteRequest(const OtherPodsRequest& request);
// Empty when it is no request.
std::optional<OtherPodsRequest> ReadRequest(std::string_view text);

// How things are after one look, or, with `is_end`, how the wait has ended.
struct OtherPodsNews {
  bool is_end = false;
  std::string namespace_name;  // where was looked
  std::string trouble;         // why Kubernetes could not be asked; empty where it could
  OtherPodsReport report;
};
std::string WriteNews(const OtherPodsNews& news);
std::optional<OtherPodsNews> ReadNews(std::string_view line);

}  // namespace sluice::kube
