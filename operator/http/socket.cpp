#include "operator/http/socket.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace sluice::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kBetweenQuestions{200};  // to Interruption::asked
// Of a host with several addresses, one that doesn't answer mustn't use up the time of the others.
constexpr milliseconds kLongestAttempt{10'000};

bool IsInterrupted(const Interruption* interruption) {
  return interruption != nullptr && interruption->asked && interruption->asked();
}

Error NoConnection(const ServerUrl& url, const std::string& why) {
  return MakeError(ErrorCode::kUnreachable, "can't connect to " + url.authority() + ": " + why);
}

// One poll. `wait` < 0: without end. Whether the socket is ready; kInterrupted.
Result<bool> Poll(int descriptor, short events, milliseconds wait, const Interruption* interruption) {
  pollfd polled[2] = {{descriptor, events, 0}, {interruption != nullptr ? interruption->descriptor : -1, POLLIN, 0}};
  const int ready = poll(polled, 2, static_cast<int>(std::min<std::int64_t>(wait.count(), 3'600'000)));
  if (IsInterrupted(interruption) || polled[1].revents != 0) return MakeError(ErrorCode::kInterrupted, "interrupted");
  return ready > 0 && polled[0].revents != 0;
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> LookUp(const ServerUrl& url) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  int failed = getaddrinfo(url.host.c_str(), url.port.c_str(), &wanted, &list);
  if (failed == EAI_NONAME || failed == EAI_ADDRFAMILY) {
    // On a machine without any but the loopback address nothing would be found at all.
    wanted.ai_flags = 0;
    failed = getaddrinfo(url.host.c_str(), url.port.c_str(), &wanted, &list);
  }
  if (failed != 0) return NoConnection(url, gai_strerror(failed));
  return Addresses(list);
}

Result<Socket> ConnectToAddress(const ServerUrl& url, const addrinfo& address, const Patience& patience) {
  Socket socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.descriptor() < 0) return NoConnection(url, std::strerror(errno));
  const int on = 1;
  setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket.descriptor(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  if (connect(socket.descriptor(), address.ai_addr, address.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return NoConnection(url, std::strerror(errno));
  SLUICE_CHECK(WaitFor(socket.descriptor(), POLLOUT, patience));
  int failed = 0;
  socklen_t size = sizeof failed;
  getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &failed, &size);
  if (failed != 0) return NoConnection(url, std::strerror(failed));
  return socket;
}

}  // namespace

Socket::~Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Status WaitFor(int descriptor, short events, const Patience& patience) {
  auto end = patience.deadline;
  const auto now = steady_clock::now();
  if (patience.silence.count() > 0) end = std::min(end, now + patience.silence);
  const bool asks = patience.interruption != nullptr && patience.interruption->asked;
  while (true) {
    milliseconds wait{-1};
    if (end != steady_clock::time_point::max()) {
      wait = std::max(std::chrono::ceil<milliseconds>(end - steady_clock::now()), milliseconds(0));
    }
    const milliseconds piece = asks && (wait.count() < 0 || wait > kBetweenQuestions) ? kBetweenQuestions : wait;
    SLUICE_TRY(const bool ready, Poll(descriptor, events, piece, patience.interruption));
    if (ready) return {};
    if (end != steady_clock::time_point::max() && steady_clock::now() >= end) {
      return MakeError(ErrorCode::kTimeout, "the server does not answer");
    }
  }
}

Result<Socket> ConnectTo(const ServerUrl& url, const Patience& patience) {
  SLUICE_TRY(const Addresses addresses, LookUp(url));
  Error error = NoConnection(url, "it has no address");
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    Patience attempt = patience;
    if (address->ai_next != nullptr) {
      attempt.deadline = std::min(attempt.deadline, steady_clock::now() + kLongestAttempt);
    }
    Result<Socket> socket = ConnectToAddress(url, *address, attempt);
    if (socket.ok() || socket.error().code == ErrorCode::kInterrupted) return socket;
    error = std::move(socket).error();
    if (error.code == ErrorCode::kTimeout) error = NoConnection(url, "it does not answer");
    if (steady_clock::now() >= patience.deadline) break;
  }
  return error;
}

}  // namespace sluice::http
