// A time zone, from the bytes of a file of the zone database (TZif, RFC 9636): the C library knows one for the whole
// process only, and g++ 12 has no std::chrono::time_zone. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace sluice::migration {

// A local time: what the clock on the wall shows.
using LocalSeconds = std::chrono::local_seconds;
using SysSeconds = std::chrono::sys_seconds;

class TimeZone {
 public:
  // UTC.
  TimeZone() = default;

  // Empty when it is no such file.
  static std::optional<TimeZone> Parse(std::string_view tzif);

  // Of local time from UTC, at a moment.
  std::chrono::seconds OffsetAt(SysSeconds time) const;

  LocalSeconds ToLocal(SysSeconds time) const { return LocalSeconds(time.time_since_epoch() + OffsetAt(time)); }

  // The first and the last moment at which the clock shows this. One that it leaves out, in spring, is as late as it
  // would have been with the offset before.
  SysSeconds FirstAt(LocalSeconds local) const;
  SysSeconds LastAt(LocalSeconds local) const;

 private:
  struct Transition {
    SysSeconds at;
    std::chrono::seconds offset;  // from then on
  };

  // When a year's clocks change, in local time: the Nth weekday of a month (5: the last), or a day of the year.
  struct YearlyChange {
    enum class Kind { kWeekday, kJulianDay, kDay } kind = Kind::kWeekday;
    int month = 1;
    int week = 1;
    int day = 0;  // of the week, 0: Sunday; or of the year
    std::chrono::seconds time{7200};

    LocalSeconds In(std::chrono::year year) const;
  };

  // What holds after the last transition: the POSIX form of TZ, which ends such a file.
  struct Rule {
    std::chrono::seconds standard{0};
    std::chrono::seconds summer{0};
    std::optional<YearlyChange> begin;  // of summer time; empty: there is none
    std::optional<YearlyChange> end;

    std::chrono::seconds OffsetAt(SysSeconds time) const;
  };

  static std::optional<Rule> ParseRule(std::string_view text);
  static std::optional<YearlyChange> ParseChange(std::string_view& text);

  std::chrono::seconds before_{0};  // the first transition
  std::vector<Transition> transitions_;
  std::optional<Rule> rule_;
};

}  // namespace sluice::migration
