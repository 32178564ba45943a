// The TLS connections that a server has open, and how one that nobody asks on any more is ended.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>

struct ssl_st;  // OpenSSL's SSL

namespace sluice::http {

// Called by several threads. Outlives the connections that it knows.
class KeptConnections {
 public:
  // From here on, by the handshake, until OpenSSL frees it; may be said twice.
  void Add(ssl_st* connection);
  // Of a connection that isn't known, or of none: nothing.
  void Begin(const ssl_st* connection);
  void End(const ssl_st* connection);

  std::size_t count() const;
  // Reading from it comes to an end, as if the other side had closed it. What has arrived before is still read, and
  // answered. Nothing, where all are busy.
  void EndLongestIdle();
  // So with all of them, and with those that come later.
  void EndAll();

 private:
  struct Connection {
    int socket = -1;
    bool busy = false;
    std::chrono::steady_clock::time_point since = {};
  };

  static int Slot();  // of OpenSSL's, in which a connection says who knows it
  void Remove(const ssl_st* connection);

  mutable std::mutex mutex_;
  std::map<const ssl_st*, Connection> connections_;  // guarded by mutex_
  bool is_over_ = false;                             // guarded by mutex_
};

}  // namespace sluice::http
