// HTTP/1.1 over TLS (or plain TCP, for a proxy on the same machine) to one server.
//
// Debian has cpp-httplib as a shared library only, which would bring five libraries into the start of every `sluice`;
// it also can neither verify another name than the one it connects to nor be interrupted. What is needed of HTTP/1.1 is
// little, and stands here.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "operator/http/http.h"
#include "operator/http/tls_connection.h"
#include "operator/http/url.h"

namespace sluice::http {

class HttpsClient final : public Client {
 public:
  explicit HttpsClient(ServerUrl url, Interruption interruption = {});

  // For the connections that are made from now on; idle ones are closed. For a plain address it is kept and not used.
  // Errors: those of TlsContext::Make; the old settings stay then.
  Status UseTls(const TlsSettings& settings);

  // A connection that a request leaves whole is used again. A GET that finds such a connection dead is sent once more.
  Result<Response> Send(const Request& request, const BodySink& sink) override;

 private:
  std::unique_ptr<Connection> TakeIdle();
  void PutBack(std::unique_ptr<Connection> connection);
  Result<Response> Exchange(const Request& request, const BodySink& sink, const Patience& patience,
                            std::unique_ptr<Connection> connection, bool* answered);

  const ServerUrl url_;
  const Interruption interruption_;
  std::mutex mutex_;
  std::shared_ptr<const TlsContext> tls_;          // guarded by mutex_
  std::vector<std::unique_ptr<Connection>> idle_;  // guarded by mutex_
};

// The bytes that are sent. A target or header with a line break in it would be another request: it is left out.
std::string RequestText(const ServerUrl& url, const Request& request);

}  // namespace sluice::http
