// A small server of HTTP/1.1, over TLS or plain TCP, by cpp-httplib.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "operator/http/certificate.h"

namespace sluice::http {

struct ServerRequest {
  std::string method;  // GET, HEAD or POST
  std::string path;    // without the query
  std::string body;
};

struct ServerAnswer {
  int status = 200;
  std::string body = {};
  std::string content_type = "text/plain; charset=utf-8";
};

// Called by several threads at once.
using ServerHandler = std::function<ServerAnswer(const ServerRequest& request)>;

struct ServerSettings {
  std::string address = {};                          // to listen at; empty: all of the machine's, of IPv6 as well
  int port = 0;                                      // 0: any that is free
  std::optional<KeyedCertificate> certificate = {};  // empty: plain TCP
  std::size_t longest_body = 8U << 20U;              // of a request; a longer one is refused
  // Each connection has one as long as it lasts; they are made when they are needed. From half of them on each answer
  // says that its connection ends with it, and when all are taken, the one that was idle longest is ended.
  int most_threads = 32;
  std::chrono::seconds silence{5};  // the longest time without a byte of a request, and to take the answer
  // How long a connection is kept for another request. A request that is sent in the moment in which it is closed is
  // lost, and no client sends a POST again: where there are any, it has to be longer than the client keeps it.
  std::chrono::seconds idle{3};
  // How long Stop goes on, until clients know that they have to ask somebody else. Each answer says then that its
  // connection ends with it.
  std::chrono::milliseconds farewell{0};
};

class HttpsServer {
 public:
  // Answers from here on. The process ignores SIGPIPE from the first one on. Errors: kConfig (the certificate and the
  // key can't be read, or don't belong together), kUnreachable (the address and port can't be had).
  static Result<std::unique_ptr<HttpsServer>> Start(ServerSettings settings, ServerHandler handler);
  ~HttpsServer();  // stops

  int port() const;

  // For the connections that are made from now on. kConfig, as with Start: the old one stays. REQUIRES: over TLS.
  Status UseCertificate(const KeyedCertificate& certificate);

  // Says farewell, takes no more connections, and returns when all requests that are there have been answered.
  void Stop();

 private:
  struct State;
  explicit HttpsServer(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sluice::http
