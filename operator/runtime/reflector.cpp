#include "operator/runtime/reflector.h"

#include <algorithm>
#include <utility>

namespace sluice::runtime {

using kube::ApiError;
using kube::ApiFailure;
using kube::ApiResult;
using kube::WatchEvent;
using kube::WatchKind;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// client-go's: between five and ten minutes, so that many watches don't end at once.
constexpr seconds kShortestWatch{300};
// A watch that ends so soon without news is one that fails.
constexpr milliseconds kTooShort{1'000};

}  // namespace

Reflector::Reflector(kube::Client& client, ReflectorSource source, ReflectorTarget& target, Clock& clock,
                     std::function<double()> chance)
    : client_(client), source_(std::move(source)), target_(target), clock_(clock), chance_(std::move(chance)) {}

milliseconds Reflector::Step() {
  if (!resource_version_.empty()) return Watch();
  return can_watch_list_ ? WatchList() : List();
}

void Reflector::Run(const std::function<bool()>& stopped) {
  while (!stopped()) {
    const milliseconds pause = Step();
    if (pause.count() > 0 && !stopped()) clock_.SleepFor(pause);
  }
}

std::optional<Error> Reflector::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void Reflector::Note(std::optional<Error> trouble) {
  const std::lock_guard lock(mutex_);
  trouble_ = std::move(trouble);
}

milliseconds Reflector::Failed(const ApiError& error) {
  Note(static_cast<const Error&>(error));
  return std::max(backoff_.Next(clock_.Now(), chance_()), error.retry_after);
}

kube::WatchRequest Reflector::Request() {
  kube::WatchRequest request{.resource = source_.resource,
                             .namespace_name = source_.namespace_name,
                             .label_selector = source_.label_selector,
                             .resource_version = resource_version_};
  request.timeout = kShortestWatch + std::chrono::duration_cast<seconds>(kShortestWatch * chance_());
  return request;
}

milliseconds Reflector::List() {
  ++lists_;
  target_.ListBegan();
  const ApiResult<kube::ListEnd> end = client_.List({.resource = source_.resource,
                                                     .namespace_name = source_.namespace_name,
                                                     .label_selector = source_.label_selector},
                                                    [this](const kube::Json& object) {
                                                      target_.Listed(object);
                                                      return Status();
                                                    });
  if (!end.ok()) return Failed(end.error());
  target_.ListEnded();
  resource_version_ = end->resource_version;
  synced_ = true;
  Note(std::nullopt);
  return milliseconds(0);
}

// A watch whose first events are all there is, up to a bookmark that says so; then it is a watch as any other.
milliseconds Reflector::WatchList() {
  ++lists_;
  target_.ListBegan();
  kube::WatchRequest request = Request();
  request.initial_events = true;
  bool listed = false;
  const ApiResult<kube::WatchEnd> end = client_.Watch(request, [&](const WatchEvent& event) {
    if (listed) {
      Tell(event);
    } else if (event.initial_end) {
      listed = true;
      target_.ListEnded();
      resource_version_ = event.resource_version;
      synced_ = true;
      Note(std::nullopt);
      backoff_.Reset();
    } else if (event.kind != WatchKind::kBookmark && event.kind != WatchKind::kDeleted) {
      target_.Listed(event.object);
    }
    return Status();
  });
  if (!listed && !end.ok() && end.error().failure == ApiFailure::kInvalid) {
    can_watch_list_ = false;
    return milliseconds(0);
  }
  if (listed && !end.ok() && end.error().failure == ApiFailure::kGone) resource_version_.clear();
  if (listed && end.ok()) return milliseconds(0);
  if (end.ok()) return Failed(MakeError(ErrorCode::kConnectionLost, "the list of a watch ended in the middle"));
  return Failed(end.error());
}

milliseconds Reflector::Watch() {
  const Clock::TimePoint began = clock_.Now();
  bool news = false;
  const ApiResult<kube::WatchEnd> end = client_.Watch(Request(), [&](const WatchEvent& event) {
    news = true;
    Tell(event);
    return Status();
  });
  if (end.ok()) {
    if (!news && clock_.Now() - began < kTooShort) {
      return Failed(MakeError(ErrorCode::kConnectionLost, "a watch ended at once, without news"));
    }
    Note(std::nullopt);
    return milliseconds(0);
  }
  const ApiError& error = end.error();
  if (error.failure == ApiFailure::kGone) {
    // The server has forgotten what came after that version. A list is made at once: it is no sign of trouble.
    resource_version_.clear();
    return milliseconds(0);
  }
  // Away or overloaded: later, from the same place. Whatever else it is, a list will say it better.
  if (!error.may_pass()) resource_version_.clear();
  return Failed(error);
}

void Reflector::Tell(const WatchEvent& event) {
  if (event.kind == WatchKind::kDeleted) {
    target_.Deleted(event.object);
  } else if (event.kind != WatchKind::kBookmark) {
    target_.Changed(event.object);
  }
  resource_version_ = event.resource_version;
}

}  // namespace sluice::runtime
