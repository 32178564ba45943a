// Addresses of servers, and what stands behind the host's name. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace sluice::http {

struct ServerUrl {
  bool tls = true;
  std::string host;  // a name or an address; of IPv6 without the brackets
  std::string port;
  std::string path;  // a prefix of all targets, without a slash at its end; mostly empty

  // As a Host header says it: `[::1]:6443`.
  std::string authority() const;
};

// `https://host[:port][/path]` or `http://…`; without a scheme it is https. Errors: kConfig; a user and password in it
// are refused, without being repeated.
Result<ServerUrl> ParseServerUrl(std::string_view text);

// Everything but RFC 3986's unreserved characters as %XX: for parts of a path and values of a query.
std::string PercentEncode(std::string_view text);

}  // namespace sluice::http
