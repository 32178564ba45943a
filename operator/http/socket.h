// TCP sockets that never block: connecting, and waiting for one of them.
#pragma once

#include "core/base/result.h"
#include "operator/http/tls_connection.h"
#include "operator/http/url.h"

namespace sluice::http {

// A socket that is closed at its end.
class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// `events`: POLLIN or POLLOUT. kTimeout, kInterrupted.
Status WaitFor(int descriptor, short events, const Patience& patience);

// Tries all addresses of the host in turn. kUnreachable with the reason of the last one, kTimeout, kInterrupted.
Result<Socket> ConnectTo(const ServerUrl& url, const Patience& patience);

}  // namespace sluice::http
