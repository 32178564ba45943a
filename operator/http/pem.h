// Certificates and keys as OpenSSL has them, out of PEM and into it. For the files of this layer that speak TLS.
#pragma once

#include <memory>
#include <string>
#include <vector>

// OpenSSL's X509 and EVP_PKEY.
struct x509_st;
struct evp_pkey_st;

namespace sluice::http {

struct FreeX509 {
  void operator()(x509_st* certificate) const;
};
struct FreePrivateKey {
  void operator()(evp_pkey_st* key) const;
};
using X509Pointer = std::unique_ptr<x509_st, FreeX509>;
using PrivateKeyPointer = std::unique_ptr<evp_pkey_st, FreePrivateKey>;

// All that stand in the text, in order; whatever else stands there is skipped.
std::vector<X509Pointer> ReadPemCertificates(const std::string& text);

// Null: there is none, or it has a password (which is refused instead of asking a terminal for it).
PrivateKeyPointer ReadPemKey(const std::string& text);

std::string PemText(x509_st* certificate);
std::string PemText(evp_pkey_st* key);

}  // namespace sluice::http
