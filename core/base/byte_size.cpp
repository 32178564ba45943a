#include "core/base/byte_size.h"

#include <array>
#include <charconv>

namespace sluice {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};

// The largest first.
constexpr std::array<Unit, 5> kUnits = {
    {{"TB", 1ULL << 40}, {"GB", 1ULL << 30}, {"MB", 1ULL << 20}, {"kB", 1ULL << 10}, {"B", 1}}};

// More than any disk, and safe from overflow.
constexpr std::uint64_t kLargest = 1ULL << 60;

Error NotASize(std::string_view text, std::string_view why) {
  return MakeError(ErrorCode::kConfig, "`" + std::string(text) + "` is not a size: " + std::string(why),
                   "write a whole number with a unit: 512MB, 2GB");
}

}  // namespace

Result<std::uint64_t> ParseByteSize(std::string_view text) {
  if (text == "0") return std::uint64_t{0};
  std::uint64_t number = 0;
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (digits == 0) return NotASize(text, "it does not begin with a number");
  const std::string_view name = text.substr(digits);
  if (name.empty()) return NotASize(text, "the unit is missing");
  for (const Unit& unit : kUnits) {
    if (unit.name != name) continue;
    if (trouble != std::errc() || number > kLargest / unit.bytes) return NotASize(text, "it is too large");
    return number * unit.bytes;
  }
  return NotASize(text, "its unit is none of B, kB, MB, GB and TB");
}

std::string FormatByteSize(std::uint64_t bytes) {
  if (bytes == 0) return "0";
  for (const Unit& unit : kUnits) {
    if (bytes % unit.bytes == 0) return std::to_string(bytes / unit.bytes) + std::string(unit.name);
  }
  return std::to_string(bytes) + "B";
}

}  // namespace sluice
