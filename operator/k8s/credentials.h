// The login that is sent with each request, kept fresh: projected tokens and authorities are replaced on disk while a
// pod runs, tokens of login programs expire.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "operator/http/tls_settings.h"
#include "operator/k8s/exec_plugin.h"
#include "operator/k8s/kube_config.h"

namespace sluice::kube {

class Credentials {
 public:
  explicit Credentials(KubeContext context, std::function<bool()> interrupted = {});

  // Reads files that were read longer than a minute ago, and asks a login program whose token ends within a minute.
  // `denied`: the server has refused what was sent, so all of it is read now. A file that can't be read (it is being
  // replaced) leaves what was read before; the first time it is an error. kConfig, kFile, kInterrupted.
  Status Refresh(std::chrono::steady_clock::time_point now, WallTime wall, bool denied = false);

  const std::string& token() const { return token_; }
  const http::TlsSettings& tls() const { return tls_; }
  const KubeContext& context() const { return context_; }

 private:
  Status ReadFiles();
  Status Renew(WallTime wall, bool denied);

  KubeContext context_;
  std::function<bool()> interrupted_;
  std::optional<std::chrono::steady_clock::time_point> read_at_;
  std::optional<ExecCredential> credential_;
  std::string token_;
  http::TlsSettings tls_;
};

}  // namespace sluice::kube
