// Which of many like events are told, as client-go's events.k8s.io/v1 recorder does it: the first one is an Event; the
// second makes a series of it; further ones are counted here, and the count is told every half hour and when the series
// has ended. So something that goes wrong a thousand times is a handful of writes. Pure.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "operator/k8s/time_text.h"

namespace sluice::runtime {

// Which object it is about.
struct EventObject {
  std::string api_version;
  std::string kind;
  std::string namespace_name;
  std::string name;
  std::string uid;

  auto operator<=>(const EventObject&) const = default;
};

struct EventNews {
  EventObject regarding;
  bool warning = false;
  std::string reason;  // CamelCase, at most 128 bytes
  std::string action;  // what was done or tried
  std::string note;    // for people; at most 1 KB
  // What of the object it is about, as its generation; not written. What happens to another one is never the same
  // again.
  std::string topic = {};

  // The note doesn't count: it may hold what changes from one to the next.
  auto Likeness() const { return std::tie(regarding, warning, reason, action, topic); }
};

// One write to the API server.
struct EventWrite {
  EventNews news;
  std::string name;  // of the Event
  kube::WallTime at{};
  int count = 1;  // 1: to be made; more: the series' count, to be changed
};

class EventSeries {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // What is to be written for this news; empty: nothing now. `wall` is what is written; `now` is what counts.
  std::optional<EventWrite> Record(const EventNews& news, TimePoint now, kube::WallTime wall);

  // What has become due: series that have ended (six minutes without another), or that go on (each half hour).
  std::vector<EventWrite> Due(TimePoint now);

  std::size_t size() const { return series_.size(); }

 private:
  struct Series {
    std::string name;
    int count = 1;
    int told = 1;  // the count that was written
    TimePoint last{};
    TimePoint last_told{};
    kube::WallTime last_wall{};
  };
  using Key = std::tuple<EventObject, bool, std::string, std::string, std::string>;

  std::map<Key, Series> series_;
};

// As client-go names Events: never twice for one object.
std::string EventName(const EventNews& news, kube::WallTime wall);

}  // namespace sluice::runtime
