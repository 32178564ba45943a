// A cluster to talk to: the login of a KubeContext over an HTTPS connection.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "core/base/result.h"
#include "operator/http/https_client.h"
#include "operator/k8s/client.h"
#include "operator/k8s/credentials.h"
#include "operator/k8s/kube_config.h"

namespace sluice::kube {

class Cluster final : public Login {
 public:
  // Connects to nothing yet. kConfig for an address or certificates that can't be used.
  // `timeout`: of a request for one object.
  static Result<std::unique_ptr<Cluster>> Make(KubeContext context, http::Interruption interruption,
                                               const std::string& agent,
                                               std::chrono::milliseconds timeout = std::chrono::milliseconds(30'000));

  Client& client() { return client_; }
  const KubeContext& context() const { return credentials_.context(); }

  // A certificate or authority that has changed is used from the next connection on. May be called by several threads.
  Result<std::string> Authorization(bool denied) override;

 private:
  Cluster(http::ServerUrl url, KubeContext context, http::Interruption interruption, const std::string& agent,
          std::chrono::milliseconds timeout);

  std::mutex mutex_;
  Credentials credentials_;   // guarded by mutex_
  http::TlsSettings in_use_;  // guarded by mutex_
  bool prepared_ = false;     // guarded by mutex_: in_use_ is
  http::HttpsClient wire_;
  Client client_;
};

}  // namespace sluice::kube
