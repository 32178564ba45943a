// Kubeconfig files, label selectors, addresses and times that somebody else has written.
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/base64.h"
#include "operator/http/url.h"
#include "operator/k8s/exec_plugin.h"
#include "operator/k8s/kube_config.h"
#include "operator/k8s/label_selector.h"
#include "operator/k8s/time_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto context = sluice::kube::MergeKubeConfig({{"config", text}, {"other/config", text}});
  if (context.ok()) (void)sluice::http::ParseServerUrl(context->server).ok();
  (void)sluice::http::ParseServerUrl(text).ok();
  (void)sluice::kube::ParseLabelSelector(text).ok();
  (void)sluice::kube::ReadExecCredential(text, "client.authentication.k8s.io/v1").ok();
  (void)sluice::kube::ParseTime(text).has_value();
  (void)sluice::DecodeBase64(text).has_value();
  return 0;
}
