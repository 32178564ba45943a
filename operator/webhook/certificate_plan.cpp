#include "operator/webhook/certificate_plan.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/base64.h"

namespace sluice::webhook {
namespace {

using api::Time;
using http::CertificateFacts;
using http::KeyedCertificate;

constexpr std::chrono::hours kBackdated{1};  // clocks that are behind take it at once
constexpr std::size_t kMostAuthorities = 3;

std::string DataAt(const Json& secret, std::string_view name) {
  return DecodeBase64(kube::TextAt(secret, {"data", name})).value_or(std::string());
}

// Its facts, where it can be served: whole, for these names, and of an authority that is trusted.
std::optional<CertificateFacts> Servable(const KeyedCertificate& pair, const std::string& authorities,
                                         const std::vector<std::string>& dns_names, Time now) {
  const auto facts = http::ReadCertificates(pair.certificate);
  if (!facts.ok() || !http::BelongTogether(pair) || !http::IsSignedByOneOf(pair.certificate, authorities)) {
    return std::nullopt;
  }
  const CertificateFacts& own = facts->front();
  const bool is_in_time = own.from <= now && now < own.until;
  const bool has_names = std::all_of(dns_names.begin(), dns_names.end(), [&](const std::string& name) {
    return std::find(own.dns_names.begin(), own.dns_names.end(), name) != own.dns_names.end();
  });
  if (!is_in_time || !has_names) return std::nullopt;
  return own;
}

Time DueAt(const CertificateFacts& facts) { return facts.from + (facts.until - facts.from) / 3 * 2; }
Time ServedFrom(const CertificateFacts& next) { return next.from + kBackdated + kCertificateOverlap; }

struct Made {
  KeyedCertificate pair;
  std::string authority;
};

Result<Made> Make(const std::vector<std::string>& dns_names, Time now) {
  http::CertificateWish wish{"sluice-operator webhook authority", {}, now - kBackdated, now + kCertificateLife};
  SLUICE_TRY(const KeyedCertificate authority, http::MakeAuthority(wish));
  wish.common_name = "sluice-operator webhook";
  wish.dns_names = dns_names;
  SLUICE_TRY(KeyedCertificate pair, http::MakeServerCertificate(wish, authority));
  return Made{std::move(pair), authority.certificate};
}

// The new authority, then those that may still have signed what is served somewhere.
std::string Trusted(const std::string& newest, const std::string& before, Time now) {
  std::string trusted = newest;
  std::size_t count = 1;
  for (const std::string& authority : http::SplitCertificates(before)) {
    const auto facts = http::ReadCertificates(authority);
    if (count == kMostAuthorities || !facts.ok() || facts->front().until <= now) continue;
    trusted += authority;
    ++count;
  }
  return trusted;
}

}  // namespace

CertificateSecret ReadCertificateSecret(const Json& secret) {
  return {{DataAt(secret, "tls.crt"), DataAt(secret, "tls.key")},
          {DataAt(secret, "next.crt"), DataAt(secret, "next.key")},
          DataAt(secret, "ca.crt")};
}

Json WriteCertificateSecret(Json secret, const CertificateSecret& content) {
  secret["data"] = {{"tls.crt", EncodeBase64(content.serving.certificate)},
                    {"tls.key", EncodeBase64(content.serving.key)},
                    {"ca.crt", EncodeBase64(content.authorities)}};
  if (!content.next.certificate.empty()) {
    secret["data"]["next.crt"] = EncodeBase64(content.next.certificate);
    secret["data"]["next.key"] = EncodeBase64(content.next.key);
  }
  return secret;
}

CertificateDecision DecideCertificate(const CertificateSecret& content, const std::vector<std::string>& dns_names,
                                      Time now) {
  const auto serving = Servable(content.serving, content.authorities, dns_names, now);
  const auto next = Servable(content.next, content.authorities, dns_names, now);
  if (next && (!serving || now >= ServedFrom(*next))) return {CertificateStep::kUseNext, DueAt(*next)};
  if (!serving) return {CertificateStep::kMake, now + kCertificateLife / 2};
  if (next) return {CertificateStep::kNothing, ServedFrom(*next)};
  if (now >= DueAt(*serving)) return {CertificateStep::kMakeNext, now + kCertificateOverlap};
  return {CertificateStep::kNothing, DueAt(*serving)};
}

Result<CertificateSecret> TakeCertificateStep(CertificateStep step, const CertificateSecret& content,
                                              const std::vector<std::string>& dns_names, Time now) {
  CertificateSecret after = content;
  if (step == CertificateStep::kNothing) return after;
  if (step == CertificateStep::kUseNext) {
    after.serving = std::move(after.next);
    after.next = {};
    return after;
  }
  SLUICE_TRY(Made made, Make(dns_names, now));
  after.authorities = Trusted(made.authority, content.authorities, now);
  after.next = {};
  (step == CertificateStep::kMake ? after.serving : after.next) = std::move(made.pair);
  return after;
}

std::optional<Json> WithAuthorities(Json configuration, const std::string& authorities) {
  const auto webhooks = configuration.find("webhooks");
  if (webhooks == configuration.end() || !webhooks->is_array()) return std::nullopt;
  const std::string bundle = EncodeBase64(authorities);
  bool is_changed = false;
  for (Json& webhook : *webhooks) {
    if (!webhook.is_object() || kube::TextAt(webhook, {"clientConfig", "caBundle"}) == bundle) continue;
    webhook["clientConfig"]["caBundle"] = bundle;
    is_changed = true;
  }
  if (!is_changed) return std::nullopt;
  return configuration;
}

}  // namespace sluice::webhook
