// What both sides of a TLS connection show each other.
#pragma once

#include <string>

namespace sluice::http {

// Certificates and keys are PEM.
struct TlsSettings {
  std::string authorities = {};         // who may have signed the server's certificate; empty: the system's authorities
  std::string client_certificate = {};  // with its chain; empty: none is shown
  std::string client_key = {};
  std::string server_name = {};  // what the server's certificate must be for; empty: the host of the address
  bool verify = true;            // false: whoever answers is believed

  bool operator==(const TlsSettings&) const = default;
};

}  // namespace sluice::http
