// The events of a watch, one JSON object a line, cut out of a stream that arrives in pieces. Pure, and safe for hostile
// bytes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "operator/k8s/api_error.h"
#include "operator/k8s/json_access.h"

namespace sluice::kube {

enum class WatchKind { kAdded, kModified, kDeleted, kBookmark };

struct WatchEvent {
  WatchKind kind = WatchKind::kAdded;
  const Json& object;            // of a bookmark: its metadata only
  std::string resource_version;  // where the watch has come to
  bool initial_end = false;      // a bookmark: all that was there before has been told (`sendInitialEvents`)
};

// Takes one event; an error ends the watch.
using WatchSink = std::function<Status(const WatchEvent& event)>;

class WatchReader {
 public:
  // Nothing more is told after an ERROR event, which the server sends as the last one: error() has it then. Half a line
  // is kept for the next piece; one at the end of the stream is nothing, the event will come again. kUnreachable for
  // what is no event, or larger than an object may be; what the sink says.
  Status Feed(std::string_view bytes, const WatchSink& sink);

  const std::optional<ApiError>& error() const { return error_; }

  // Of the last event; empty: there was none.
  const std::string& resource_version() const { return resource_version_; }

 private:
  Status TakeLine(std::string_view line, const WatchSink& sink);

  std::string half_;
  std::string resource_version_;
  std::optional<ApiError> error_;
};

}  // namespace sluice::kube
