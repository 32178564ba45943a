// Certificates for a server of ours: made, and looked into. By OpenSSL: ECDSA on P-256, SHA-256.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace sluice::http {

// PEM. The certificate may be followed by those that lead to its authority.
struct KeyedCertificate {
  std::string certificate;
  std::string key;

  bool operator==(const KeyedCertificate&) const = default;
};

using CertificateTime = std::chrono::system_clock::time_point;

struct CertificateWish {
  std::string common_name;             // at most 64 bytes; of a server another one than its authority's
  std::vector<std::string> dns_names;  // none for an authority
  CertificateTime from;
  CertificateTime until;
};

// A certificate that signs itself and may sign one of a server. Errors: kInternal.
Result<KeyedCertificate> MakeAuthority(const CertificateWish& wish);

// A server's certificate, signed by that authority. Errors: kConfig for an authority that can't be read.
Result<KeyedCertificate> MakeServerCertificate(const CertificateWish& wish, const KeyedCertificate& authority);

struct CertificateFacts {
  std::vector<std::string> dns_names;
  CertificateTime from;
  CertificateTime until;
};

// Of each certificate in the text. Errors: kConfig when there is none.
Result<std::vector<CertificateFacts>> ReadCertificates(const std::string& text);

// The certificates in the text, each by itself.
std::vector<std::string> SplitCertificates(const std::string& text);

// The key is the certificate's.
bool BelongTogether(const KeyedCertificate& pair);

// One of the authorities (PEM) has signed the first certificate, whatever the time says.
bool IsSignedByOneOf(const std::string& certificate, const std::string& authorities);

}  // namespace sluice::http
