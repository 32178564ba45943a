#include "operator/k8s/watch_reader.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "operator/k8s/list_reader.h"

namespace sluice::kube {
namespace {

std::optional<WatchKind> KindOf(std::string_view type) {
  if (type == "ADDED") return WatchKind::kAdded;
  if (type == "MODIFIED") return WatchKind::kModified;
  if (type == "DELETED") return WatchKind::kDeleted;
  if (type == "BOOKMARK") return WatchKind::kBookmark;
  return std::nullopt;
}

Error NoEvent(const std::string& why) {
  return MakeError(ErrorCode::kUnreachable, "what Kubernetes tells is no event of a watch: " + why);
}

}  // namespace

Status WatchReader::Feed(std::string_view bytes, const WatchSink& sink) {
  while (!bytes.empty() && !error_) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      half_ += bytes;
      return half_.size() > kLargestObject ? Status(NoEvent("it is too large")) : Status();
    }
    if (half_.empty()) {
      SLUICE_CHECK(TakeLine(bytes.substr(0, end), sink));
    } else {
      half_ += bytes.substr(0, end);
      const std::string line = std::exchange(half_, {});
      SLUICE_CHECK(TakeLine(line, sink));
    }
    bytes.remove_prefix(end + 1);
  }
  return {};
}

Status WatchReader::TakeLine(std::string_view line, const WatchSink& sink) {
  if (line.find_first_not_of(" \r\t") == std::string_view::npos) return {};
  const std::optional<Json> event = ParseJson(line);
  if (!event) return NoEvent("it is no JSON");
  const std::string type = TextAt(*event, {"type"});
  const Json& object = At(*event, {"object"});
  if (!object.is_object()) return NoEvent("it has no object");
  if (type == "ERROR") {
    error_ = MakeWatchError(JsonText(object));
    return {};
  }
  const std::optional<WatchKind> kind = KindOf(type);
  if (!kind) return NoEvent("its type is unknown");
  resource_version_ = TextAt(object, {"metadata", "resourceVersion"});
  if (resource_version_.empty()) return NoEvent("it has no resourceVersion");
  const bool initial_end = *kind == WatchKind::kBookmark &&
                           TextAt(object, {"metadata", "annotations", "k8s.io/initial-events-end"}) == "true";
  return sink({*kind, object, resource_version_, initial_end});
}

}  // namespace sluice::kube
