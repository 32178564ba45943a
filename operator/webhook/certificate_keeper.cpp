#include "operator/webhook/certificate_keeper.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/file_system.h"

namespace sluice::webhook {
namespace {

using std::chrono::seconds;

constexpr kube::Resource kSecrets{"", "v1", "secrets"};
constexpr kube::Resource kConfigurations{"admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations"};

// Somebody may have changed the configuration, or the clock.
constexpr seconds kLongestWait{3600};

// The Secret's content once nothing is due any more. Another replica that was faster is a conflict: look again.
kube::ApiResult<CertificateSecret> KeepSecret(kube::Client& client, const CertificatePlace& place, api::Time now,
                                              api::Time* again_at) {
  const kube::ObjectName name{kSecrets, place.namespace_name, place.secret};
  SLUICE_TRY(const Json secret, client.Get(name));
  const CertificateSecret content = ReadCertificateSecret(secret);
  const CertificateDecision decision = DecideCertificate(content, place.dns_names, now);
  *again_at = decision.again_at;
  if (decision.step == CertificateStep::kNothing) return content;
  SLUICE_TRY(CertificateSecret after, TakeCertificateStep(decision.step, content, place.dns_names, now));
  SLUICE_TRY(const Json written, client.Replace(name, WriteCertificateSecret(secret, after)));
  return after;
}

kube::ApiResult<bool> KeepAuthorities(kube::Client& client, const CertificatePlace& place,
                                      const std::string& authorities) {
  const kube::ObjectName name{kConfigurations, "", place.configuration};
  SLUICE_TRY(Json configuration, client.Get(name));
  const std::optional<Json> changed = WithAuthorities(std::move(configuration), authorities);
  if (!changed) return false;
  SLUICE_TRY(const Json written, client.Replace(name, *changed));
  return true;
}

}  // namespace

kube::ApiResult<KeptCertificate> KeepCertificate(kube::Client& client, const CertificatePlace& place, api::Time now) {
  api::Time again_at;
  SLUICE_TRY(const CertificateSecret content, KeepSecret(client, place, now, &again_at));
  SLUICE_TRY([[maybe_unused]] const bool changed, KeepAuthorities(client, place, content.authorities));
  const seconds wait = std::chrono::ceil<seconds>(again_at - now);
  return KeptCertificate{content.serving, std::clamp(wait, seconds(1), kLongestWait)};
}

Result<http::KeyedCertificate> ReadCertificateDirectory(const std::string& directory) {
  SLUICE_TRY(std::string certificate, ReadFile(directory + "/tls.crt"));
  SLUICE_TRY(std::string key, ReadFile(directory + "/tls.key"));
  http::KeyedCertificate pair{std::move(certificate), std::move(key)};
  if (!http::BelongTogether(pair)) {
    return MakeError(ErrorCode::kConfig,
                     "tls.crt and tls.key in " + directory + " can't be read, or don't belong together");
  }
  return pair;
}

}  // namespace sluice::webhook
