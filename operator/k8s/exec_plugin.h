// Logging in by another program: kubectl's exec plugins (client.authentication.k8s.io/v1).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "operator/k8s/kube_config.h"
#include "operator/k8s/time_text.h"

namespace sluice::kube {

struct ExecCredential {
  std::string token;
  std::string client_certificate;  // PEM
  std::string client_key;
  std::optional<WallTime> expires;  // empty: good until the server says no
};

// What the plugin printed. kConfig when it is no ExecCredential of this version, or holds no login; the error repeats
// nothing of it.
Result<ExecCredential> ReadExecCredential(std::string_view output, const std::string& api_version);

// Runs the plugin, at most a minute. kConfig with what it said on standard error; kInterrupted.
Result<ExecCredential> RunExecPlugin(const KubeContext& context, const std::function<bool()>& interrupted);

}  // namespace sluice::kube
