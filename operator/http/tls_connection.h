// One connection to a server, over TLS or plain TCP. With core/base/checksum.cpp the home of OpenSSL.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "operator/http/http.h"
#include "operator/http/url.h"

namespace sluice::http {

// What both sides show each other. Certificates and keys are PEM.
struct TlsSettings {
  std::string authorities = {};         // who may have signed the server's certificate; empty: the system's authorities
  std::string client_certificate = {};  // with its chain; empty: none is shown
  std::string client_key = {};
  std::string server_name = {};  // what the server's certificate must be for; empty: the host of the address
  bool verify = true;            // false: whoever answers is believed

  bool operator==(const TlsSettings&) const = default;
};

// What is made of TlsSettings once, for many connections. May be used by several threads.
class TlsContext {
 public:
  // kConfig: a certificate or key that can't be read, or that don't belong together. No error repeats a part of them.
  static Result<std::shared_ptr<const TlsContext>> Make(const TlsSettings& settings);
  ~TlsContext();

  struct State;
  const State& state() const { return *state_; }

 private:
  explicit TlsContext(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// How long a wait may last.
struct Patience {
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::chrono::milliseconds silence{0};  // without anything going on; 0: no limit
  const Interruption* interruption = nullptr;
};

class Connection {
 public:
  // Looks up the name, tries the addresses one after the other, and shakes hands. `tls` is nullptr for plain TCP.
  // kUnreachable, kConfig (the server's certificate is not trusted), kTimeout, kInterrupted. Looking up a name can't be
  // interrupted.
  static Result<std::unique_ptr<Connection>> Open(const ServerUrl& url, std::shared_ptr<const TlsContext> tls,
                                                  const Patience& patience);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // All of it. kConnectionLost, kTimeout, kInterrupted.
  Status Write(std::string_view bytes, const Patience& patience);

  // At least one byte; 0: the other side has ended the connection.
  Result<std::size_t> Read(char* buffer, std::size_t size, const Patience& patience);

  // Nothing has arrived that nobody asked for, the end of the connection included.
  bool quiet() const;

  // What it was opened with.
  const TlsContext* tls() const;

 private:
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sluice::http
