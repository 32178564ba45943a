// SHA-256 (OpenSSL's).
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace sluice {

// Lower-case hex, 64 characters.
std::string Sha256Hex(std::string_view data);

// For data that comes in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void Update(std::string_view data);
  std::string FinishHex();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice
