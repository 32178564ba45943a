#include "operator/migration/window.h"

#include <algorithm>
#include <array>

#include "core/base/split.h"

namespace sluice::migration {

namespace {

using std::chrono::days;
using std::chrono::minutes;

std::optional<std::size_t> DayOf(std::string_view text) {
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const auto found = std::find(kDays.begin(), kDays.end(), text);
  if (found == kDays.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kDays.begin());
}

bool ReadDays(std::string_view text, Window& window) {
  for (const std::string_view part : SplitAt(text, ',')) {
    const std::vector<std::string_view> ends = SplitAt(part, '-');
    const std::optional<std::size_t> first = DayOf(ends.front());
    const std::optional<std::size_t> last = DayOf(ends.back());
    if (ends.size() > 2 || !first || !last) return false;
    for (std::size_t day = *first;; day = (day + 1) % 7) {
      window.days[day] = true;
      if (day == *last) break;
    }
  }
  return true;
}

std::optional<minutes> ReadTime(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  int digits[4];
  for (std::size_t i = 0; i < 4; ++i) {
    const char letter = text[i < 2 ? i : i + 1];
    if (letter < '0' || letter > '9') return std::nullopt;
    digits[i] = letter - '0';
  }
  const int hour = digits[0] * 10 + digits[1];
  const int minute = digits[2] * 10 + digits[3];
  if (hour > 23 || minute > 59) return std::nullopt;
  return minutes(hour * 60 + minute);
}

bool IsZoneName(std::string_view text) {
  return !text.empty() && text.front() != '/' && text.find("..") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
                  c == '+' || c == '-';
         });
}

}  // namespace

std::optional<Window> ParseWindow(std::string_view text) {
  Window window;
  std::vector<std::string_view> words = SplitAt(text, ' ');
  if (words.front().empty()) return std::nullopt;
  if (words.front().find(':') == std::string_view::npos) {
    if (!ReadDays(words.front(), window)) return std::nullopt;
    words.erase(words.begin());
  } else {
    std::fill(std::begin(window.days), std::end(window.days), true);
  }
  if (words.empty() || words.size() > 2) return std::nullopt;
  const std::vector<std::string_view> times = SplitAt(words.front(), '-');
  if (times.size() != 2) return std::nullopt;
  const std::optional<minutes> from = ReadTime(times[0]);
  const std::optional<minutes> to = ReadTime(times[1]);
  if (!from || !to) return std::nullopt;
  window.from = *from;
  window.to = *to;
  if (words.size() == 2) {
    if (!IsZoneName(words.back())) return std::nullopt;
    window.zone = std::string(words.back());
  }
  return window;
}

api::Time WindowOpens(const Window& window, const TimeZone& zone, api::Time now) {
  const auto seconds_now = std::chrono::floor<std::chrono::seconds>(now);
  const auto today = std::chrono::floor<days>(zone.ToLocal(seconds_now));
  // Yesterday's may still be open; the next is at most a week away.
  for (int ahead = -1; ahead <= 8; ++ahead) {
    const std::chrono::local_days day = today + days(ahead);
    if (!window.days[std::chrono::weekday(day).c_encoding()]) continue;
    const SysSeconds begin = zone.FirstAt(day + window.from);
    const SysSeconds end = zone.LastAt(day + window.to + (window.to <= window.from ? days(1) : days(0)));
    if (seconds_now < end) return std::max<api::Time>(begin, now);
  }
  return now;  // no day at all: not a window
}

}  // namespace sluice::migration
