// Keeps the webhook's certificate: in a Secret that all replicas share, and its authority in the webhook's
// configuration. Or reads it from a directory, where somebody else keeps it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "operator/k8s/client.h"
#include "operator/webhook/certificate_plan.h"

namespace sluice::webhook {

struct CertificatePlace {
  std::string namespace_name;
  std::string secret;                  // exists, and may be empty
  std::string configuration;           // the MutatingWebhookConfiguration
  std::vector<std::string> dns_names;  // as the API server calls the Service: `NAME.NAMESPACE.svc` first
};

struct KeptCertificate {
  http::KeyedCertificate pair;    // to be served now
  std::chrono::seconds again_in;  // until Keep is to be called again
};

// Looks once: writes what is due, in the Secret first, then the authority. Any replica may call it at any time: the one
// that is first writes, the others read it. Errors are those of the API server; calling it again is right.
kube::ApiResult<KeptCertificate> KeepCertificate(kube::Client& client, const CertificatePlace& place, api::Time now);

// tls.crt and tls.key of a directory (a mounted Secret). Errors: kFile, and kConfig when they don't belong together, as
// may be for a moment while they are replaced.
Result<http::KeyedCertificate> ReadCertificateDirectory(const std::string& directory);

}  // namespace sluice::webhook
