#include "operator/http/kept_connections.h"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>

namespace sluice::http {

int KeptConnections::Slot() {
  static const int slot = SSL_get_ex_new_index(
      0, nullptr, nullptr, nullptr, [](void* connection, void* known_by, CRYPTO_EX_DATA*, int, long, void*) {
        if (known_by) static_cast<KeptConnections*>(known_by)->Remove(static_cast<const SSL*>(connection));
      });
  return slot;
}

void KeptConnections::Add(SSL* connection) {
  SSL_set_ex_data(connection, Slot(), this);
  const std::lock_guard lock(mutex_);
  const int socket = SSL_get_fd(connection);
  connections_[connection] = {.socket = socket, .since = std::chrono::steady_clock::now()};
  if (is_over_) shutdown(socket, SHUT_RD);
}

void KeptConnections::Remove(const SSL* connection) {
  const std::lock_guard lock(mutex_);
  connections_.erase(connection);
}

void KeptConnections::Begin(const SSL* connection) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(connection);
  if (found != connections_.end()) found->second.busy = true;
}

void KeptConnections::End(const SSL* connection) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  found->second.busy = false;
  found->second.since = std::chrono::steady_clock::now();
}

std::size_t KeptConnections::count() const {
  const std::lock_guard lock(mutex_);
  return connections_.size();
}

void KeptConnections::EndLongestIdle() {
  const std::lock_guard lock(mutex_);
  const auto longest = std::min_element(connections_.begin(), connections_.end(), [](const auto& a, const auto& b) {
    return a.second.busy != b.second.busy ? b.second.busy : a.second.since < b.second.since;
  });
  if (longest == connections_.end() || longest->second.busy) return;
  shutdown(longest->second.socket, SHUT_RD);
  longest->second.busy = true;  // it is as good as gone
}

void KeptConnections::EndAll() {
  const std::lock_guard lock(mutex_);
  is_over_ = true;
  for (const auto& [connection, kept] : connections_) shutdown(kept.socket, SHUT_RD);
}

}  // namespace sluice::http
