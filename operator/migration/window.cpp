#include "operator/migration/window.h"

#include <date/tz.h>

#include <array>
#include <bitset>
#include <regex>
#include <stdexcept>

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

unsigned DayOf(const std::string& name) {
  for (unsigned day = 0; day < kDays.size(); ++day) {
    if (kDays[day] == name) return day;
  }
  return 0;
}

// `Mon-Fri,Sun`; nothing: every day.
std::bitset<7> DaysOf(const std::string& text) {
  std::bitset<7> days;
  const std::regex range("([A-Z][a-z]{2})(-([A-Z][a-z]{2}))?");
  for (std::sregex_iterator each(text.begin(), text.end(), range), none; each != none; ++each) {
    const unsigned first = DayOf((*each)[1]);
    const unsigned last = (*each)[3].matched ? DayOf((*each)[3]) : first;
    for (unsigned day = first;; day = (day + 1) % 7) {
      days.set(day);
      if (day == last) break;
    }
  }
  return days.none() ? days.set() : days;
}

std::chrono::minutes MinutesOf(const std::string& text) {
  return std::chrono::hours(std::stoi(text.substr(0, 2))) + std::chrono::minutes(std::stoi(text.substr(3)));
}

Result<Window> ParseWindow(std::string_view text) {
  static const std::regex form(
      "(?:((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[A-Za-z,-]*) )?([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9])(?: (\\S+))?");
  std::smatch parts;
  const std::string whole(text);
  if (!std::regex_match(whole, parts, form)) return NoWindow(text, "this is no window in time");
  Window window;
  window.days = DaysOf(parts[1]);
  window.begin = MinutesOf(parts[2]);
  window.end = MinutesOf(parts[3]);
  if (window.end <= window.begin) window.end += std::chrono::hours(24);
  const std::string zone = parts[4].matched ? parts[4].str() : "UTC";
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
