#include "operator/k8s/time_text.h"

#include <algorithm>
#include <cstdint>

namespace sluice::kube {
namespace {

using std::chrono::microseconds;
using std::chrono::sys_days;

// WallTime counts nanoseconds and ends in 2262; some way before, so that callers can add to it.
constexpr sys_days kEarliest{std::chrono::year(1700) / 1 / 1};
constexpr sys_days kLatest{std::chrono::year(2200) / 1 / 1};

// `count` digits off the front of `text`; -1 when they are not there.
int TakeNumber(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int number = 0;
  for (const char digit : text.substr(0, count)) {
    if (digit < '0' || digit > '9') return -1;
    number = number * 10 + (digit - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool Take(std::string_view& text, char letter) {
  if (text.empty() || text.front() != letter) return false;
  text.remove_prefix(1);
  return true;
}

// `.123` as microseconds; further decimals are left out.
std::optional<microseconds> TakeDecimals(std::string_view& text) {
  if (!Take(text, '.')) return microseconds(0);
  std::int64_t count = 0;
  int digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
    if (digits < 6) count = count * 10 + (text.front() - '0');
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 6; ++digits) count *= 10;
  return microseconds(count);
}

// `Z` or `+02:00`, to the end.
std::optional<std::chrono::minutes> TakeZone(std::string_view text) {
  if (text == "Z") return std::chrono::minutes(0);
  const bool east = Take(text, '+');
  if (!east && !Take(text, '-')) return std::nullopt;
  const int hours = TakeNumber(text, 2);
  const bool colon = Take(text, ':');
  const int minutes = TakeNumber(text, 2);
  if (hours < 0 || !colon || minutes < 0 || !text.empty()) return std::nullopt;
  return std::chrono::minutes((east ? 1 : -1) * (hours * 60 + minutes));
}

// `number`, with zeros in front up to `digits` digits.
std::string Padded(long long number, std::size_t digits) {
  std::string text = std::to_string(number);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

std::string Formatted(WallTime time, bool micro) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(seconds - day);
  std::string text = Padded(static_cast<int>(date.year()), 4) + "-" + Padded(static_cast<unsigned>(date.month()), 2) +
                     "-" + Padded(static_cast<unsigned>(date.day()), 2) + "T" + Padded(clock.hours().count(), 2) + ":" +
                     Padded(clock.minutes().count(), 2) + ":" + Padded(clock.seconds().count(), 2);
  if (micro) text += "." + Padded(std::chrono::duration_cast<microseconds>(time - seconds).count(), 6);
  return text + "Z";
}

}  // namespace

std::optional<WallTime> ParseTime(std::string_view text) {
  const int year = TakeNumber(text, 4);
  const bool first = Take(text, '-');
  const int month = TakeNumber(text, 2);
  const bool second = Take(text, '-');
  const int day = TakeNumber(text, 2);
  if (year < 0 || !first || month < 1 || !second || day < 1 || !(Take(text, 'T') || Take(text, 't')))
    return std::nullopt;
  const int hours = TakeNumber(text, 2);
  const bool third = Take(text, ':');
  const int minutes = TakeNumber(text, 2);
  const bool fourth = Take(text, ':');
  const int seconds = TakeNumber(text, 2);
  if (hours < 0 || hours > 23 || !third || minutes < 0 || minutes > 59 || !fourth || seconds < 0 || seconds > 60) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const auto decimals = TakeDecimals(text);
  const auto zone = decimals ? TakeZone(text) : std::nullopt;
  if (!date.ok() || !zone) return std::nullopt;
  const std::chrono::sys_time<microseconds> time = sys_days(date) + std::chrono::hours(hours) +
                                                   std::chrono::minutes(minutes) + std::chrono::seconds(seconds) +
                                                   *decimals - *zone;
  return WallTime(std::clamp<std::chrono::sys_time<microseconds>>(time, kEarliest, kLatest));
}

std::string TimeText(WallTime time) { return Formatted(time, false); }
std::string MicroTimeText(WallTime time) { return Formatted(time, true); }

}  // namespace sluice::kube
