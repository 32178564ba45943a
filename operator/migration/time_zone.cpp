#include "operator/migration/time_zone.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

namespace sluice::migration {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kHeader = 44;
constexpr std::size_t kMostCounted = 100'000;  // of anything in a file

std::int64_t BigEndian(std::string_view bytes) {
  std::uint64_t number = static_cast<signed char>(bytes.front()) < 0 ? ~std::uint64_t{0} : 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(number);
}

struct Counts {
  std::size_t utc_flags, standard_flags, leaps, transitions, types, letters;

  std::size_t Size(std::size_t time) const {
    return transitions * (time + 1) + types * 6 + letters + leaps * (time + 4) + standard_flags + utc_flags;
  }
};

std::optional<Counts> ReadCounts(std::string_view text) {
  if (text.size() < kHeader || !text.starts_with("TZif")) return std::nullopt;
  std::size_t numbers[6];
  for (std::size_t i = 0; i < 6; ++i) {
    const std::int64_t number = BigEndian(text.substr(20 + 4 * i, 4));
    if (number < 0 || number > static_cast<std::int64_t>(kMostCounted)) return std::nullopt;
    numbers[i] = static_cast<std::size_t>(number);
  }
  return Counts{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
}

// Of the POSIX form of TZ.
bool Take(std::string_view& text, char letter) {
  if (!text.starts_with(letter)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<int> TakeNumber(std::string_view& text) {
  int number = 0;
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + std::min<std::size_t>(text.size(), 3), number);
  if (trouble != std::errc() || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// `[+-]hh[:mm[:ss]]`.
std::optional<seconds> TakeTime(std::string_view& text) {
  const bool negative = Take(text, '-');
  if (!negative) Take(text, '+');
  seconds time{0};
  for (const int unit : {3600, 60, 1}) {
    const std::optional<int> number = TakeNumber(text);
    if (!number) return std::nullopt;
    time += seconds(*number * unit);
    if (!Take(text, ':')) break;
  }
  return negative ? -time : time;
}

// `CET`, `<+03>`.
bool TakeName(std::string_view& text) {
  std::size_t end = 0;
  if (text.starts_with('<')) {
    end = text.find('>');
    if (end == std::string_view::npos) return false;
    ++end;
  } else {
    while (end < text.size() && ((text[end] | 0x20) >= 'a' && (text[end] | 0x20) <= 'z')) ++end;
  }
  text.remove_prefix(end);
  return end > 0;
}

}  // namespace

LocalSeconds TimeZone::YearlyChange::In(std::chrono::year year) const {
  std::chrono::local_days date{year / std::chrono::January / 1};
  if (kind == Kind::kWeekday) {
    const std::chrono::weekday weekday(static_cast<unsigned>(day));
    const std::chrono::month of(static_cast<unsigned>(month));
    date = week == 5 ? std::chrono::local_days(year / of / weekday[std::chrono::last])
                     : std::chrono::local_days(year / of / weekday[static_cast<unsigned>(week)]);
  } else {
    // A Julian day counts from 1 and never counts February 29.
    const bool leap = kind == Kind::kJulianDay && year.is_leap() && day >= 60;
    date += days(kind == Kind::kJulianDay ? day - 1 + (leap ? 1 : 0) : day);
  }
  return date + time;
}

seconds TimeZone::Rule::OffsetAt(SysSeconds time) const {
  if (!begin) return standard;
  const std::chrono::year_month_day date{std::chrono::floor<days>(time + standard)};
  const SysSeconds from{begin->In(date.year()).time_since_epoch() - standard};
  const SysSeconds to{end->In(date.year()).time_since_epoch() - summer};
  const bool is_summer = from < to ? time >= from && time < to : time >= from || time < to;
  return is_summer ? summer : standard;
}

std::optional<TimeZone::YearlyChange> TimeZone::ParseChange(std::string_view& text) {
  YearlyChange change;
  if (Take(text, 'M')) {
    const std::optional<int> month = TakeNumber(text);
    const std::optional<int> week = month && Take(text, '.') ? TakeNumber(text) : std::nullopt;
    const std::optional<int> day = week && Take(text, '.') ? TakeNumber(text) : std::nullopt;
    if (!day || *month < 1 || *month > 12 || *week < 1 || *week > 5 || *day > 6) return std::nullopt;
    change.month = *month;
    change.week = *week;
    change.day = *day;
  } else {
    change.kind = Take(text, 'J') ? YearlyChange::Kind::kJulianDay : YearlyChange::Kind::kDay;
    const std::optional<int> day = TakeNumber(text);
    if (!day || *day > 365 || (change.kind == YearlyChange::Kind::kJulianDay && *day < 1)) return std::nullopt;
    change.day = *day;
  }
  if (Take(text, '/')) {
    const std::optional<seconds> time = TakeTime(text);
    if (!time) return std::nullopt;
    change.time = *time;
  }
  return change;
}

// `CET-1CEST,M3.5.0,M10.5.0/3`: offsets count westwards.
std::optional<TimeZone::Rule> TimeZone::ParseRule(std::string_view text) {
  Rule rule;
  if (!TakeName(text)) return std::nullopt;
  const std::optional<seconds> standard = TakeTime(text);
  if (!standard) return std::nullopt;
  rule.standard = rule.summer = -*standard;
  if (text.empty()) return rule;
  if (!TakeName(text)) return std::nullopt;
  rule.summer = rule.standard + hours(1);
  if (!text.starts_with(',')) {
    const std::optional<seconds> summer = TakeTime(text);
    if (!summer) return std::nullopt;
    rule.summer = -*summer;
  }
  if (!Take(text, ',')) return std::nullopt;
  rule.begin = ParseChange(text);
  if (!rule.begin || !Take(text, ',')) return std::nullopt;
  rule.end = ParseChange(text);
  if (!rule.end || !text.empty()) return std::nullopt;
  return rule;
}

std::optional<TimeZone> TimeZone::Parse(std::string_view tzif) {
  // The first part has times of 32 bits; what counts is the second.
  const std::optional<Counts> first = ReadCounts(tzif);
  if (!first || tzif[4] < '2' || tzif.size() < kHeader + first->Size(4)) return std::nullopt;
  tzif.remove_prefix(kHeader + first->Size(4));
  const std::optional<Counts> counts = ReadCounts(tzif);
  if (!counts || counts->types == 0 || tzif.size() < kHeader + counts->Size(8)) return std::nullopt;
  const std::string_view times = tzif.substr(kHeader);
  const std::string_view indexes = times.substr(counts->transitions * 8);
  const std::string_view types = indexes.substr(counts->transitions);
  TimeZone zone;
  const auto offset = [&](std::size_t type) { return seconds(BigEndian(types.substr(type * 6, 4))); };
  zone.before_ = offset(0);
  for (std::size_t i = 0; i < counts->transitions; ++i) {
    const auto type = static_cast<std::size_t>(static_cast<unsigned char>(indexes[i]));
    if (type >= counts->types) return std::nullopt;
    zone.transitions_.push_back({SysSeconds(seconds(BigEndian(times.substr(i * 8, 8)))), offset(type)});
  }
  std::string_view footer = tzif.substr(kHeader + counts->Size(8));
  if (!Take(footer, '\n')) return std::nullopt;
  footer = footer.substr(0, footer.find('\n'));
  if (!footer.empty()) {
    zone.rule_ = ParseRule(footer);
    if (!zone.rule_) return std::nullopt;
  }
  return zone;
}

seconds TimeZone::OffsetAt(SysSeconds time) const {
  if (rule_ && (transitions_.empty() || time >= transitions_.back().at)) return rule_->OffsetAt(time);
  const auto next = std::upper_bound(transitions_.begin(), transitions_.end(), time,
                                     [](SysSeconds at, const Transition& change) { return at < change.at; });
  return next == transitions_.begin() ? before_ : std::prev(next)->offset;
}

// Offsets change at most once a day: one of those a day before and after is the right one.
SysSeconds TimeZone::FirstAt(LocalSeconds local) const {
  const SysSeconds as_utc{local.time_since_epoch()};
  const SysSeconds earlier = as_utc - OffsetAt(as_utc - days(1));
  const SysSeconds later = as_utc - OffsetAt(as_utc + days(1));
  if (ToLocal(earlier) == local) return ToLocal(later) == local ? std::min(earlier, later) : earlier;
  return ToLocal(later) == local ? later : earlier;
}

SysSeconds TimeZone::LastAt(LocalSeconds local) const {
  const SysSeconds as_utc{local.time_since_epoch()};
  const SysSeconds later = as_utc - OffsetAt(as_utc + days(1));
  return ToLocal(later) == local ? std::max(later, FirstAt(local)) : FirstAt(local);
}

}  // namespace sluice::migration
