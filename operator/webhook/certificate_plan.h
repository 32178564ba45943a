// The webhook's own certificate: when a new one is due, and in which order it comes into use. It lives for a year and
// is followed at two thirds of that. The next one is made some minutes before it is served, so that the API server
// trusts its authority by then; the authority signs once and its key is thrown away.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "operator/api/schema_migration.h"
#include "operator/http/certificate.h"
#include "operator/k8s/json_access.h"

namespace sluice::webhook {

using kube::Json;

inline constexpr std::chrono::hours kCertificateLife{365 * 24};
inline constexpr std::chrono::minutes kCertificateOverlap{10};  // from making the next one to serving it

// What the Secret holds. Any of it may be empty, or of somebody else's making.
struct CertificateSecret {
  http::KeyedCertificate serving;  // tls.crt, tls.key
  http::KeyedCertificate next;     // next.crt, next.key
  std::string authorities;         // ca.crt: whom the API server is to trust; the newest first

  bool operator==(const CertificateSecret&) const = default;
};

CertificateSecret ReadCertificateSecret(const Json& secret);
// The object with these instead of what it held; the rest of it stays.
Json WriteCertificateSecret(Json secret, const CertificateSecret& content);

enum class CertificateStep {
  kNothing,
  kMake,      // there is none that can be served
  kMakeNext,  // it is time for the next one
  kUseNext,   // … and for serving it
};

struct CertificateDecision {
  CertificateStep step = CertificateStep::kNothing;
  api::Time again_at;  // when to look again, once the step is done
};

CertificateDecision DecideCertificate(const CertificateSecret& content, const std::vector<std::string>& dns_names,
                                      api::Time now);

// What the Secret holds after the step. Errors: kInternal, where OpenSSL fails.
Result<CertificateSecret> TakeCertificateStep(CertificateStep step, const CertificateSecret& content,
                                              const std::vector<std::string>& dns_names, api::Time now);

// The MutatingWebhookConfiguration with `authorities` as the caBundle of each of its webhooks; empty: it is so already.
std::optional<Json> WithAuthorities(Json configuration, const std::string& authorities);

}  // namespace sluice::webhook
