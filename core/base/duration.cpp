#include "core/base/duration.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace sluice {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};

// Longest first, because that is the order in which a duration is written.
constexpr std::array<Unit, 5> kUnits = {{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

// What PostgreSQL's own timeouts can hold: an int of milliseconds, a little less than 25 days.
constexpr std::int64_t kLongest = 2'147'483'647;

Error NotADuration(std::string_view text, std::string_view why) {
  return MakeError(ErrorCode::kConfig, "`" + std::string(text) + "` is not a duration: " + std::string(why),
                   "write a number with a unit: 250ms, 30s, 5m, 1h30m");
}

std::string_view TakeWhile(std::string_view& rest, std::string_view characters) {
  const std::size_t end = rest.find_first_not_of(characters);
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(taken.size());
  return taken;
}

}  // namespace

Result<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds{0};
  if (text.empty()) return NotADuration(text, "it is empty");
  std::string_view rest = text;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  while (!rest.empty()) {
    const std::string_view digits = TakeWhile(rest, "0123456789");
    if (digits.empty()) return NotADuration(text, "a number is missing");
    if (digits.size() > 10) return NotADuration(text, "it is longer than 24 days");
    std::string_view fraction;
    if (rest.starts_with('.')) {
      rest.remove_prefix(1);
      fraction = TakeWhile(rest, "0123456789");
      if (fraction.empty() || fraction.size() > 9) return NotADuration(text, "its fraction can't be read");
    }
    const std::string_view name = TakeWhile(rest, "abcdefghijklmnopqrstuvwxyz");
    if (name.empty()) return NotADuration(text, "the unit is missing");
    while (next_unit < kUnits.size() && kUnits[next_unit].name != name) ++next_unit;
    if (next_unit == kUnits.size()) {
      return NotADuration(text, "its units are d, h, m, s and ms, the largest first");
    }
    const std::int64_t unit = kUnits[next_unit++].milliseconds;
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (number > kLongest / unit) return NotADuration(text, "it is longer than 24 days");
    total += number * unit;
    std::int64_t part = unit;
    for (const char digit : fraction) {
      if (part % 10 != 0 && digit != '0') return NotADuration(text, "it is finer than a millisecond");
      part /= 10;
      total += (digit - '0') * part;
    }
    if (!fraction.empty() && !rest.empty()) return NotADuration(text, "only its last number may have a fraction");
    if (total > kLongest) return NotADuration(text, "it is longer than 24 days");
  }
  return std::chrono::milliseconds{total};
}

std::string FormatDuration(std::chrono::milliseconds duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0";
  std::string text;
  for (const Unit& unit : kUnits) {
    if (rest < unit.milliseconds) continue;
    text += std::to_string(rest / unit.milliseconds) + std::string(unit.name);
    rest %= unit.milliseconds;
  }
  return text;
}

std::string InMilliseconds(std::chrono::milliseconds duration) { return std::to_string(duration.count()) + "ms"; }

}  // namespace sluice
