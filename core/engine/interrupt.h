// SIGINT and SIGTERM, and the deadline of --timeout, as the engine sees them.
#pragma once

#include <chrono>

namespace sluice {

class Interrupt {
 public:
  virtual ~Interrupt() = default;
  // The number of the signal that arrived; 0: none. Safe to call often.
  virtual int Signal() const = 0;
};

// How long the server may take to answer a cancel before the connection is closed.
inline constexpr std::chrono::milliseconds kCancelPatience{4'000};

}  // namespace sluice
