#include "operator/http/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>

#include "operator/http/pem.h"

namespace sluice::http {
namespace {

using std::chrono::system_clock;

Error Failed(ErrorCode code, const std::string& what) {
  ERR_clear_error();
  return MakeError(code, what);
}

bool SetTime(ASN1_TIME* field, CertificateTime time) {
  return ASN1_TIME_set(field, system_clock::to_time_t(time)) != nullptr;
}

CertificateTime TimeOf(const ASN1_TIME* field) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(field, &parts) != 1) return {};
  return system_clock::from_time_t(timegm(&parts));
}

// 127 bits of chance, as an issuer never uses a number twice.
bool SetSerialNumber(X509* certificate) {
  BIGNUM* const number = BN_new();
  const bool done = BN_rand(number, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
                    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return done;
}

bool Extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (extension == nullptr) return false;
  const bool done = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return done;
}

// All but what tells an authority from a server.
X509Pointer Begin(const CertificateWish& wish, EVP_PKEY* key, X509* issuer) {
  X509Pointer made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  X509_NAME* const name = X509_get_subject_name(made.get());
  const auto* common_name = reinterpret_cast<const unsigned char*>(wish.common_name.c_str());
  const bool done = SetSerialNumber(made.get()) && SetTime(X509_getm_notBefore(made.get()), wish.from) &&
                    SetTime(X509_getm_notAfter(made.get()), wish.until) &&
                    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, common_name, -1, -1, 0) == 1 &&
                    X509_set_pubkey(made.get(), key) == 1 &&
                    X509_set_issuer_name(made.get(), issuer != nullptr ? X509_get_subject_name(issuer) : name) == 1;
  return done ? std::move(made) : nullptr;
}

std::string NamesOf(const std::vector<std::string>& dns_names) {
  std::string names;
  for (const std::string& name : dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  return names;
}

std::vector<std::string> DnsNamesOf(X509* certificate) {
  std::vector<std::string> names;
  auto* const all = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(all); ++i) {
    int kind = 0;
    void* const value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all, i), &kind);
    if (kind != GEN_DNS) continue;
    const auto* text = static_cast<const ASN1_STRING*>(value);
    names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                       static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  GENERAL_NAMES_free(all);
  return names;
}

}  // namespace

Result<KeyedCertificate> MakeAuthority(const CertificateWish& wish) {
  const PrivateKeyPointer key(EVP_EC_gen("P-256"));
  X509Pointer made = key ? Begin(wish, key.get(), nullptr) : nullptr;
  const bool done = made && Extend(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    Extend(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    Extend(made.get(), made.get(), NID_subject_key_identifier, "hash") &&
                    X509_sign(made.get(), key.get(), EVP_sha256()) > 0;
  if (!done) return Failed(ErrorCode::kInternal, "no certificate authority can be made");
  return KeyedCertificate{PemText(made.get()), PemText(key.get())};
}

Result<KeyedCertificate> MakeServerCertificate(const CertificateWish& wish, const KeyedCertificate& authority) {
  const std::vector<X509Pointer> issuers = ReadPemCertificates(authority.certificate);
  const PrivateKeyPointer issuer_key = ReadPemKey(authority.key);
  if (issuers.empty() || !issuer_key) return Failed(ErrorCode::kConfig, "the certificate authority can't be read");
  X509* const issuer = issuers.front().get();
  const PrivateKeyPointer key(EVP_EC_gen("P-256"));
  X509Pointer made = key ? Begin(wish, key.get(), issuer) : nullptr;
  const bool done = made && Extend(made.get(), issuer, NID_basic_constraints, "critical,CA:FALSE") &&
                    Extend(made.get(), issuer, NID_key_usage, "critical,digitalSignature") &&
                    Extend(made.get(), issuer, NID_ext_key_usage, "serverAuth") &&
                    Extend(made.get(), issuer, NID_authority_key_identifier, "keyid") &&
                    Extend(made.get(), issuer, NID_subject_alt_name, NamesOf(wish.dns_names)) &&
                    X509_sign(made.get(), issuer_key.get(), EVP_sha256()) > 0;
  if (!done) return Failed(ErrorCode::kInternal, "no certificate for " + NamesOf(wish.dns_names) + " can be made");
  return KeyedCertificate{PemText(made.get()), PemText(key.get())};
}

Result<std::vector<CertificateFacts>> ReadCertificates(const std::string& text) {
  std::vector<CertificateFacts> facts;
  for (const X509Pointer& read : ReadPemCertificates(text)) {
    facts.push_back(
        {DnsNamesOf(read.get()), TimeOf(X509_get0_notBefore(read.get())), TimeOf(X509_get0_notAfter(read.get()))});
  }
  if (facts.empty()) return MakeError(ErrorCode::kConfig, "there is no certificate in it");
  return facts;
}

std::vector<std::string> SplitCertificates(const std::string& text) {
  std::vector<std::string> certificates;
  for (const X509Pointer& read : ReadPemCertificates(text)) certificates.push_back(PemText(read.get()));
  return certificates;
}

bool BelongTogether(const KeyedCertificate& pair) {
  const std::vector<X509Pointer> certificates = ReadPemCertificates(pair.certificate);
  const PrivateKeyPointer key = ReadPemKey(pair.key);
  const bool is_right =
      !certificates.empty() && key && X509_check_private_key(certificates.front().get(), key.get()) == 1;
  ERR_clear_error();
  return is_right;
}

bool IsSignedByOneOf(const std::string& certificate, const std::string& authorities) {
  const std::vector<X509Pointer> signed_ones = ReadPemCertificates(certificate);
  if (signed_ones.empty()) return false;
  const std::vector<X509Pointer> issuers = ReadPemCertificates(authorities);
  const bool is_signed = std::any_of(issuers.begin(), issuers.end(), [&](const X509Pointer& issuer) {
    return X509_verify(signed_ones.front().get(), X509_get0_pubkey(issuer.get())) == 1;
  });
  ERR_clear_error();
  return is_signed;
}

}  // namespace sluice::http
