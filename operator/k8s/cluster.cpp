#include "operator/k8s/cluster.h"

#include <utility>

namespace sluice::kube {

Cluster::Cluster(http::ServerUrl url, KubeContext context, http::Interruption interruption, const std::string& agent,
                 std::chrono::milliseconds timeout)
    : credentials_(std::move(context), interruption.asked),
      wire_(std::move(url), std::move(interruption)),
      client_(wire_, *this, agent, timeout) {}

Result<std::unique_ptr<Cluster>> Cluster::Make(KubeContext context, http::Interruption interruption,
                                               const std::string& agent, std::chrono::milliseconds timeout) {
  SLUICE_TRY(http::ServerUrl url, http::ParseServerUrl(context.server));
  return std::unique_ptr<Cluster>(
      new Cluster(std::move(url), std::move(context), std::move(interruption), agent, timeout));
}

Result<std::string> Cluster::Authorization(bool denied) {
  const std::lock_guard lock(mutex_);
  SLUICE_CHECK(credentials_.Refresh(std::chrono::steady_clock::now(), std::chrono::system_clock::now(), denied));
  if (!prepared_ || in_use_ != credentials_.tls()) {
    SLUICE_CHECK(wire_.UseTls(credentials_.tls()));
    in_use_ = credentials_.tls();
    prepared_ = true;
  }
  return credentials_.token().empty() ? std::string() : "Bearer " + credentials_.token();
}

}  // namespace sluice::kube
