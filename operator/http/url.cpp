#include "operator/http/url.h"

#include <algorithm>

namespace sluice::http {
namespace {

Error Refused(std::string_view why) {
  return MakeError(ErrorCode::kConfig, "the address of the server can't be read: " + std::string(why),
                   "it looks like https://host:6443");
}

bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }

bool IsUnreserved(char letter) {
  const bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
  return is_letter || IsDigit(letter) || letter == '-' || letter == '.' || letter == '_' || letter == '~';
}

bool IsPort(std::string_view text) {
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), IsDigit)) return false;
  int number = 0;
  for (const char digit : text) number = number * 10 + (digit - '0');
  return number >= 1 && number <= 65'535;
}

// Takes the host off the front of `rest`.
Result<std::string> TakeHost(std::string_view& rest) {
  const bool bracketed = rest.starts_with('[');
  const std::size_t end = bracketed ? rest.find(']') : rest.find(':');
  if (bracketed && end == std::string_view::npos) return Refused("a bracket is not closed");
  std::string host(bracketed ? rest.substr(1, end - 1) : rest.substr(0, end));
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + (bracketed ? 1 : 0));
  if (host.empty()) return Refused("it has no host");
  const bool clean = std::all_of(host.begin(), host.end(), [bracketed](char letter) {
    return IsUnreserved(letter) || (bracketed && (letter == ':' || letter == '%'));
  });
  if (!clean) return Refused("its host has characters that no host has");
  return host;
}

}  // namespace

std::string ServerUrl::authority() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + port;
}

Result<ServerUrl> ParseServerUrl(std::string_view text) {
  ServerUrl url;
  const std::size_t scheme_end = text.find("://");
  if (scheme_end != std::string_view::npos) {
    const std::string_view scheme = text.substr(0, scheme_end);
    if (scheme != "https" && scheme != "http") return Refused("it is neither https nor http");
    url.tls = scheme == "https";
    text.remove_prefix(scheme_end + 3);
  }
  const std::size_t path_begin = std::min(text.find('/'), text.size());
  std::string_view rest = text.substr(0, path_begin);
  url.path = text.substr(path_begin);
  while (url.path.ends_with('/')) url.path.pop_back();
  if (rest.find('@') != std::string_view::npos) return Refused("a user and password don't belong into it");
  SLUICE_TRY(url.host, TakeHost(rest));
  url.port = url.tls ? "443" : "80";
  if (!rest.empty()) {
    if (!rest.starts_with(':') || !IsPort(rest.substr(1))) return Refused("its port is not a number of 1 to 65535");
    url.port = rest.substr(1);
  }
  return url;
}

std::string PercentEncode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char letter : text) {
    if (IsUnreserved(letter)) {
      encoded += letter;
      continue;
    }
    const auto byte = static_cast<unsigned char>(letter);
    encoded += '%';
    encoded += kDigits[byte / 16];
    encoded += kDigits[byte % 16];
  }
  return encoded;
}

}  // namespace sluice::http
