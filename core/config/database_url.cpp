#include "core/config/database_url.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "core/base/near_match.h"
#include "core/base/split.h"
#include "core/config/setting_table.h"

namespace sluice {
namespace {

// Parameters of SQLAlchemy's drivers and of Prisma that only tune the client; client_encoding is always UTF8 here.
constexpr std::array<std::string_view, 13> kDriverParameters = {"prepared_statement_cache_size",
                                                                "prepared_statement_name_func",
                                                                "statement_cache_size",
                                                                "max_cached_statement_lifetime",
                                                                "max_cacheable_statement_size",
                                                                "command_timeout",
                                                                "async_fallback",
                                                                "prepare_threshold",
                                                                "connection_limit",
                                                                "pool_timeout",
                                                                "socket_timeout",
                                                                "pgbouncer",
                                                                "client_encoding"};

// The URL cut at its separators, nothing decoded.
struct UrlPieces {
  std::string_view scheme;       // with the driver: `postgresql+asyncpg`
  std::string_view credentials;  // without the `@`
  bool has_credentials = false;
  std::string_view hosts;
  std::string_view path;   // with the `/`
  std::string_view query;  // without the `?`
};

// An error that quotes nothing of the URL but `why`, which must not hold any of it either.
Error UrlError(const std::string& setting, const std::string& why, std::string hint = {}) {
  if (hint.empty()) {
    hint =
        "write it as postgresql://user:password@host:5432/database; the characters @ : / ? # % and blanks in a user "
        "name or password are percent-encoded (@ is %40)";
  }
  return MakeError(ErrorCode::kConfig, setting + " can't be read: " + why, std::move(hint));
}

bool IsWord(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

// nullopt: a `%` without two hex digits, or %00.
std::optional<std::string> Decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = HexDigit(text[i + 1]);
    const auto low = HexDigit(text[i + 2]);
    if (!high || !low || (*high == 0 && *low == 0)) return std::nullopt;
    decoded += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return decoded;
}

Status CheckScheme(std::string_view scheme, const std::string& setting) {
  if (scheme.starts_with("jdbc:")) return UrlError(setting, "it is a JDBC URL", "remove `jdbc:` before postgresql://");
  const std::size_t plus = scheme.find('+');
  const std::string_view dialect = scheme.substr(0, plus);
  const bool driver_is_word = plus == std::string_view::npos || IsWord(scheme.substr(plus + 1));
  if ((dialect == "postgresql" || dialect == "postgres") && driver_is_word) return {};
  if (IsWord(dialect)) return UrlError(setting, "`" + std::string(dialect) + "` is not PostgreSQL");
  return UrlError(setting, "it does not begin with postgresql://");
}

Result<UrlPieces> CutUrl(std::string_view url, const std::string& setting) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return UrlError(setting, "it does not begin with postgresql://");
  UrlPieces pieces;
  pieces.scheme = url.substr(0, colon);
  SLUICE_CHECK(CheckScheme(pieces.scheme, setting));
  std::string_view rest = url.substr(colon + 3);
  std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  rest.remove_prefix(authority.size());
  const std::size_t at = authority.rfind('@');
  const std::size_t question = rest.find('?');
  pieces.path = rest.substr(0, question);
  if (question != std::string_view::npos) pieces.query = rest.substr(question + 1);
  // `user:pa/ss@host` is cut inside its password; what is left of it must not be taken for something that may be shown.
  const bool query_has_at = pieces.query.find('@') != std::string_view::npos;
  if (pieces.path.find('@') != std::string_view::npos ||
      (query_has_at && authority.find(':') != std::string_view::npos)) {
    return UrlError(setting, "there is an `@` behind the host");
  }
  if (at != std::string_view::npos) {
    pieces.has_credentials = true;
    pieces.credentials = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  pieces.hosts = authority;
  return pieces;
}

struct HostAndPort {
  std::string_view host;
  std::string_view port;  // empty: none
};

// `host`, `host:port`, `[v6]:port`. nullopt: the port is no number, or an IPv6 address has no brackets.
std::optional<HostAndPort> CutHost(std::string_view entry) {
  HostAndPort cut;
  if (entry.starts_with('[')) {
    const std::size_t close = entry.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    cut.host = entry.substr(1, close - 1);
    entry.remove_prefix(close + 1);
    if (!entry.empty() && entry.front() != ':') return std::nullopt;
  } else {
    cut.host = entry.substr(0, entry.find(':'));
    entry.remove_prefix(cut.host.size());
  }
  if (!entry.empty()) cut.port = entry.substr(1);
  if (!cut.port.empty() && !IsNumber(cut.port)) return std::nullopt;
  return cut;
}

// Collects hosts with their ports, from the authority and from `host=`.
class HostList {
 public:
  void Add(std::string host, std::string_view port) {
    hosts_.push_back(std::move(host));
    ports_.emplace_back(port);
  }

  void Clear() {
    hosts_.clear();
    ports_.clear();
  }
  // `port=` of the query: for hosts that have none of their own.
  void SetPorts(std::string ports) { shared_ports_ = std::move(ports); }

  void Write(ConnectionParts& parts) const {
    const bool any_host = std::any_of(hosts_.begin(), hosts_.end(), [](const auto& host) { return !host.empty(); });
    const bool any_port = std::any_of(ports_.begin(), ports_.end(), [](const auto& port) { return !port.empty(); });
    std::string hosts;
    std::string ports;
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
      if (i > 0) hosts += ',';
      if (i > 0) ports += ',';
      hosts += hosts_[i];
      ports += ports_[i].empty() ? "5432" : ports_[i];
    }
    if (any_host) parts.emplace_back("host", hosts);
    if (any_port) {
      parts.emplace_back("port", ports);
    } else if (!shared_ports_.empty()) {
      parts.emplace_back("port", shared_ports_);
    } else if (any_host) {
      parts.emplace_back("port", "5432");
    }
  }

 private:
  std::vector<std::string> hosts_;
  std::vector<std::string> ports_;
  std::string shared_ports_;
};

// asyncpg takes sslmode's words for `ssl`, and Python's truth.
std::string SslModeOf(const std::string& ssl) {
  if (ssl == "true" || ssl == "True" || ssl == "1") return "require";
  if (ssl == "false" || ssl == "False" || ssl == "0") return "disable";
  return ssl;
}

Error UnknownParameter(std::string_view name, const std::string& setting) {
  if (!IsWord(name)) return UrlError(setting, "a parameter behind the `?` is not of the form name=value");
  if (name == "schema") {
    return UrlError(setting, "`schema` is not a parameter of PostgreSQL's URLs",
                    "remove it, and set search_path (docs/configuration.md)");
  }
  std::vector<std::string> known;
  for (const SettingRule& rule : SettingTable()) {
    if (const auto* part = std::get_if<ConnectionPart>(&rule.target)) known.emplace_back(part->keyword);
  }
  const std::string nearest = DidYouMean(NearMatches(name, known, 1));
  return UrlError(
      setting, "the parameter `" + std::string(name) + "` is unknown",
      nearest.empty() ? "the parameters are libpq's: PostgreSQL's documentation, Parameter Key Words" : nearest);
}

// Reads the URL's query into `parts`, its hosts into `hosts`.
class QueryReader {
 public:
  // SQLAlchemy writes a blank as `+`; libpq takes `+` for itself.
  QueryReader(bool plus_is_blank, const std::string& setting, HostList& hosts, ConnectionParts& parts)
      : plus_is_blank_(plus_is_blank), setting_(setting), hosts_(hosts), parts_(parts) {}

  Status Read(std::string_view query) {
    if (query.empty()) return {};
    for (const std::string_view pair : SplitAt(query, '&')) SLUICE_CHECK(ReadPair(pair));
    return {};
  }

 private:
  Status ReadPair(std::string_view pair) {
    const std::size_t equals = pair.find('=');
    const std::string_view name = pair.substr(0, equals);
    if (equals == std::string_view::npos) return UnknownParameter("", setting_);
    std::string text(pair.substr(equals + 1));
    if (plus_is_blank_) std::replace(text.begin(), text.end(), '+', ' ');
    const auto value = Decode(text);
    if (!value) return UrlError(setting_, "a parameter behind the `?` is not well percent-encoded");
    if (std::find(kDriverParameters.begin(), kDriverParameters.end(), name) != kDriverParameters.end()) return {};
    if (name == "host") return ReadHosts(*value);
    if (name == "port") {
      hosts_.SetPorts(*value);
    } else if (name == "ssl") {
      parts_.emplace_back("sslmode", SslModeOf(*value));
    } else if (FindConnectionKeyword(name) != nullptr) {
      parts_.emplace_back(name, *value);
    } else {
      return UnknownParameter(name, setting_);
    }
    return {};
  }

  // `h1:5432,h2` or a socket's directory; SQLAlchemy repeats `host=` for several.
  Status ReadHosts(const std::string& value) {
    if (!std::exchange(host_seen_, true)) hosts_.Clear();
    for (const std::string_view entry : SplitAt(value, ',')) {
      const auto cut = entry.starts_with('/') ? std::optional(HostAndPort{entry, {}}) : CutHost(entry);
      if (!cut) return UrlError(setting_, "a port in `host=` is not a number");
      hosts_.Add(std::string(cut->host), cut->port);
    }
    return {};
  }

  bool plus_is_blank_;
  bool host_seen_ = false;
  const std::string& setting_;
  HostList& hosts_;
  ConnectionParts& parts_;
};

Status ReadCredentials(std::string_view credentials, const std::string& setting, ConnectionParts& parts) {
  const std::size_t colon = credentials.find(':');
  const auto user = Decode(credentials.substr(0, colon));
  const auto password = colon == std::string_view::npos ? std::string() : Decode(credentials.substr(colon + 1));
  if (!user || !password) return UrlError(setting, "its user name or password is not well percent-encoded");
  if (!user->empty()) parts.emplace_back("user", *user);
  if (!password->empty()) parts.emplace_back("password", *password);
  return {};
}

}  // namespace

Result<ConnectionParts> ParseDatabaseUrl(std::string_view url, const std::string& setting) {
  SLUICE_TRY(const UrlPieces pieces, CutUrl(url, setting));
  ConnectionParts parts;
  SLUICE_CHECK(ReadCredentials(pieces.credentials, setting, parts));
  HostList hosts;
  if (!pieces.hosts.empty()) {
    for (const std::string_view entry : SplitAt(pieces.hosts, ',')) {
      const auto cut = CutHost(entry);
      if (!cut) return UrlError(setting, "its port is not a number (an IPv6 address needs brackets: [::1]:5432)");
      auto host = Decode(cut->host);
      if (!host) return UrlError(setting, "its host is not well percent-encoded");
      hosts.Add(*std::move(host), cut->port);
    }
  }
  const std::string_view path = pieces.path.substr(std::min<std::size_t>(1, pieces.path.size()));
  const auto database = Decode(path);
  if (!database) return UrlError(setting, "its database is not well percent-encoded");
  if (!database->empty()) parts.emplace_back("dbname", *database);
  const bool has_driver = pieces.scheme.find('+') != std::string_view::npos;
  SLUICE_CHECK(QueryReader(has_driver, setting, hosts, parts).Read(pieces.query));
  hosts.Write(parts);
  return parts;
}

std::string RedactDatabaseUrl(std::string_view url) {
  if (!ParseDatabaseUrl(url, "").ok()) return "***";
  const auto cut = CutUrl(url, "");
  const UrlPieces& pieces = cut.value();
  std::string redacted = std::string(pieces.scheme) + "://";
  if (pieces.has_credentials) {
    const std::size_t colon = pieces.credentials.find(':');
    redacted += pieces.credentials.substr(0, colon);
    redacted += colon == std::string_view::npos ? "@" : ":***@";
  }
  redacted += std::string(pieces.hosts) + std::string(pieces.path);
  if (pieces.query.empty()) return redacted;
  char separator = '?';
  for (const std::string_view pair : SplitAt(pieces.query, '&')) {
    const std::string_view name = pair.substr(0, pair.find('='));
    const SettingRule* rule = FindConnectionKeyword(name);
    redacted += std::exchange(separator, '&');
    redacted += rule != nullptr && rule->secret ? std::string(name) + "=***" : std::string(pair);
  }
  return redacted;
}

}  // namespace sluice
