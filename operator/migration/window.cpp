#include "operator/migration/window.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/split.h"

namespace sluice::migration {

namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

struct Window {
  std::bitset<7> days;  // by date::weekday::c_encoding
  std::chrono::minutes begin{0};
  std::chrono::minutes end{0};  // later than `begin`, beyond midnight where it has to be
  const date::time_zone* zone = nullptr;
};

Error NoWindow(std::string_view text, const std::string& why) {
  return MakeError(ErrorCode::kConfig, "spec.policy.window: \"" + std::string(text) + "\": " + why,
                   "write days, a time of day and a time zone: Sat 02:00-05:00 Europe/Berlin");
}

std::optional<unsigned> DayOf(std::string_view name) {
  const auto found = std::find(kDays.begin(), kDays.end(), name);
  return found == kDays.end() ? std::nullopt : std::optional(static_cast<unsigned>(found - kDays.begin()));
}

// `Mon-Fri,Sun`.
std::optional<std::bitset<7>> DaysOf(std::string_view text) {
  std::bitset<7> days;
  for (const std::string_view range : SplitAt(text, ',')) {
    const std::size_t dash = range.find('-');
    const std::optional<unsigned> first = DayOf(range.substr(0, dash));
    const std::optional<unsigned> last = dash == std::string_view::npos ? first : DayOf(range.substr(dash + 1));
    if (!first || !last) return std::nullopt;
    for (unsigned day = *first;; day = (day + 1) % 7) {
      days.set(day);
      if (day == *last) break;
    }
  }
  return days;
}

// `02:00`.
std::optional<std::chrono::minutes> TimeOf(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t digit : {0, 1, 3, 4}) {
    if (text[digit] < '0' || text[digit] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return std::chrono::minutes(hour * 60 + minute);
}

Result<Window> ParseWindow(std::string_view text) {
  std::vector<std::string_view> words = SplitAt(text, ' ');
  Window window;
  window.days.set();
  if (words.size() > 1) {
    if (const std::optional<std::bitset<7>> days = DaysOf(words.front())) {
      window.days = *days;
      words.erase(words.begin());
    }
  }
  const std::vector<std::string_view> times = SplitAt(words.front(), '-');
  const std::optional<std::chrono::minutes> begin = TimeOf(times.front());
  const std::optional<std::chrono::minutes> end = TimeOf(times.back());
  if (!begin || !end || times.size() != 2 || words.size() > 2) return NoWindow(text, "this is no window in time");
  window.begin = *begin;
  window.end = *end > *begin ? *end : *end + std::chrono::hours(24);
  const std::string zone(words.size() == 2 ? words.back() : "UTC");
  try {
    window.zone = date::locate_zone(zone);
  } catch (const std::runtime_error&) {
    return NoWindow(text, "the time zone " + zone + " is not known");
  }
  return window;
}

api::Time SystemTime(const Window& window, date::local_days day, std::chrono::minutes time, date::choose choice) {
  return std::chrono::time_point_cast<api::Time::duration>(
      date::make_zoned(window.zone, day + time, choice).get_sys_time());
}

}  // namespace

Result<api::Time> WindowOpens(std::string_view text, api::Time now) {
  if (text.empty()) return now;
  SLUICE_TRY(const Window window, ParseWindow(text));
  const date::local_days today = date::floor<date::days>(window.zone->to_local(date::floor<std::chrono::seconds>(now)));
  // From yesterday, whose night may not be over, to the same day of the next week.
  for (int days = -1; days <= 8; ++days) {
    const date::local_days day = today + date::days(days);
    if (!window.days[date::weekday(day).c_encoding()]) continue;
    const api::Time begin = SystemTime(window, day, window.begin, date::choose::earliest);
    const api::Time end = SystemTime(window, day, window.end, date::choose::latest);
    if (now >= end) continue;
    return std::max(begin, now);
  }
  return MakeError(ErrorCode::kInternal, "no window in the next eight days");
}

}  // namespace sluice::migration
