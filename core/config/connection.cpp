#include "core/config/connection.h"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace sluice {
namespace {

std::string Quote(const std::string& value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string Build(const ConnectionSettings& connection, bool secrets) {
  std::string conninfo;
  for (const ConnectionKeyword& keyword : connection.keywords) {
    const bool hidden = keyword.secret && !secrets;
    conninfo += keyword.keyword + "=" + (hidden ? "***" : Quote(keyword.value)) + " ";
  }
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(connection.connect_timeout);
  return conninfo + "connect_timeout='" + std::to_string(seconds.count()) + "' client_encoding='UTF8'";
}

// `h1:5432,h2:5433`; IPv6 addresses in brackets, sockets as the file that is opened.
std::string DescribeHosts(const std::string& hosts, const std::string& ports) {
  std::string text;
  std::size_t host_at = 0;
  std::size_t port_at = 0;
  const bool shared_port = ports.find(',') == std::string::npos;
  while (true) {
    const std::size_t host_end = hosts.find(',', host_at);
    const std::size_t port_end = shared_port ? std::string::npos : ports.find(',', port_at);
    const std::string host = hosts.substr(host_at, host_end - host_at);
    std::string port = ports.substr(port_at, port_end - port_at);
    if (port.empty()) port = "5432";
    if (!text.empty()) text += ',';
    if (host.starts_with('/')) {
      text += host + "/.s.PGSQL." + port;
    } else {
      text += (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
    }
    if (host_end == std::string::npos) return text;
    host_at = host_end + 1;
    if (!shared_port) port_at = port_end == std::string::npos ? ports.size() : port_end + 1;
  }
}

}  // namespace

const ConnectionKeyword* FindKeyword(const ConnectionSettings& connection, const std::string& keyword) {
  const auto found = std::find_if(connection.keywords.begin(), connection.keywords.end(),
                                  [&](const ConnectionKeyword& entry) { return entry.keyword == keyword; });
  return found == connection.keywords.end() ? nullptr : &*found;
}

std::string BuildConninfo(const ConnectionSettings& connection) { return Build(connection, true); }

std::string BuildConninfoForDisplay(const ConnectionSettings& connection) { return Build(connection, false); }

std::string DescribeConnection(const ConnectionSettings& connection) {
  const auto value = [&](const std::string& keyword) {
    const ConnectionKeyword* found = FindKeyword(connection, keyword);
    return found == nullptr ? std::string() : found->value;
  };
  const std::string database = value("dbname").empty() ? value("user") : value("dbname");
  std::string text = database.empty() ? "the default database" : "database " + database;
  std::string host = value("host");
  if (host.empty()) host = value("hostaddr");
  if (!host.empty()) {
    text += " on " + DescribeHosts(host, value("port"));
  } else {
    text += value("port").empty() ? " on the local socket" : " on the local socket, port " + value("port");
  }
  if (!value("user").empty()) text += " as " + value("user");
  return text;
}

}  // namespace sluice
