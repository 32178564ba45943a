// HTTP/1.1 over TLS (or plain TCP, for a proxy on the same machine) to one server, by cpp-httplib.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "operator/http/http.h"
#include "operator/http/tls_settings.h"
#include "operator/http/url.h"

namespace sluice::http {

// From the first one on the process ignores SIGPIPE, which cpp-httplib's writes to a connection that is gone would
// raise.
class HttpsClient final : public Client {
 public:
  explicit HttpsClient(ServerUrl url, Interruption interruption = {});
  ~HttpsClient() override;

  // For the connections that are made from now on; idle ones are closed. For a plain address it is kept and not used.
  // Errors: kConfig for a certificate or key that can't be read, or that don't belong together; the old settings stay
  // then, and no error repeats a part of them.
  Status UseTls(const TlsSettings& settings);

  // A connection that a request leaves whole is used again. A GET that finds such a connection dead is sent once more.
  // Looking up a name, connecting and the handshake end after ten seconds, and can't be interrupted.
  Result<Response> Send(const Request& request, const BodySink& sink) override;

 private:
  class Connection;

  Result<std::unique_ptr<Connection>> Take(bool* was_idle);
  void PutBack(std::unique_ptr<Connection> connection);

  const ServerUrl url_;
  const Interruption interruption_;
  std::mutex mutex_;
  TlsSettings tls_;                                // guarded by mutex_
  std::uint64_t generation_ = 0;                   // of tls_; guarded by mutex_
  std::vector<std::unique_ptr<Connection>> idle_;  // guarded by mutex_
};

}  // namespace sluice::http
