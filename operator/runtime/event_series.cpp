#include "operator/runtime/event_series.h"

#include <cstdint>

namespace sluice::runtime {
namespace {

using std::chrono::minutes;

constexpr minutes kSeriesEnds{6};
constexpr minutes kHeartbeat{30};
constexpr std::size_t kLongestObjectName = 200;

EventNews NewsOf(const std::tuple<EventObject, bool, std::string, std::string, std::string>& key) {
  return {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key), {}, std::get<4>(key)};
}

}  // namespace

std::string EventName(const EventNews& news, kube::WallTime wall) {
  // As client-go names them: the object's name, and the time in hexadecimal nanoseconds.
  auto number =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(wall.time_since_epoch()).count());
  std::string digits;
  for (; number > 0; number /= 16) digits.insert(digits.begin(), "0123456789abcdef"[number % 16]);
  std::string name = news.regarding.name.substr(0, kLongestObjectName);
  while (!name.empty() && (name.back() == '.' || name.back() == '-')) name.pop_back();
  return name + "." + digits;
}

std::optional<EventWrite> EventSeries::Record(const EventNews& news, TimePoint now, kube::WallTime wall) {
  const Key key = news.Likeness();
  const auto found = series_.find(key);
  if (found == series_.end() || now - found->second.last >= kSeriesEnds) {
    Series series;
    series.name = EventName(news, wall);
    series.last = series.last_told = now;
    series.last_wall = wall;
    series_[key] = series;
    return EventWrite{news, series.name, wall, 1};
  }
  Series& series = found->second;
  ++series.count;
  series.last = now;
  series.last_wall = wall;
  if (series.count > 2 && now - series.last_told < kHeartbeat) return std::nullopt;
  series.told = series.count;
  series.last_told = now;
  return EventWrite{news, series.name, wall, series.count};
}

std::vector<EventWrite> EventSeries::Due(TimePoint now) {
  std::vector<EventWrite> writes;
  for (auto place = series_.begin(); place != series_.end();) {
    Series& series = place->second;
    const bool ended = now - series.last >= kSeriesEnds;
    if (series.count > series.told && (ended || now - series.last_told >= kHeartbeat)) {
      writes.push_back({NewsOf(place->first), series.name, series.last_wall, series.count});
      series.told = series.count;
      series.last_told = now;
    }
    place = ended ? series_.erase(place) : std::next(place);
  }
  return writes;
}

}  // namespace sluice::runtime
