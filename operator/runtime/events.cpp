#include "operator/runtime/events.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace sluice::runtime {
namespace {

using kube::Json;

constexpr std::size_t kLongestNote = 1'000;  // the API server's limit is 1,024 bytes

std::string Clipped(std::string text) {
  if (text.size() <= kLongestNote) return text;
  std::size_t end = kLongestNote;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end).append(" …");
}

// Events about what belongs to the cluster are in `default`.
std::string NamespaceOf(const EventObject& object) {
  return object.namespace_name.empty() ? "default" : object.namespace_name;
}

}  // namespace

Json EventObjectOf(const EventWrite& write, const std::string& controller, const std::string& instance) {
  const EventObject& object = write.news.regarding;
  return Json{{"apiVersion", "events.k8s.io/v1"},
              {"kind", "Event"},
              {"metadata", {{"name", write.name}, {"namespace", NamespaceOf(object)}}},
              {"eventTime", kube::MicroTimeText(write.at)},
              {"reportingController", controller},
              {"reportingInstance", instance},
              {"type", write.news.warning ? "Warning" : "Normal"},
              {"reason", write.news.reason},
              {"action", write.news.action},
              {"note", Clipped(write.news.note)},
              {"regarding",
               {{"apiVersion", object.api_version},
                {"kind", object.kind},
                {"namespace", object.namespace_name},
                {"name", object.name},
                {"uid", object.uid}}}};
}

EventRecorder::EventRecorder(kube::Client& client, std::string controller, std::string instance, Clock& clock,
                             std::function<kube::WallTime()> wall)
    : client_(client),
      controller_(std::move(controller)),
      instance_(std::move(instance)),
      clock_(clock),
      wall_(std::move(wall)) {}

void EventRecorder::Write(const EventWrite& write) {
  const std::string space = NamespaceOf(write.news.regarding);
  if (write.count == 1) {
    (void)client_.Create({kube::kEvents, space, ""}, EventObjectOf(write, controller_, instance_)).ok();
    return;
  }
  const Json patch{{"series", {{"count", write.count}, {"lastObservedTime", kube::MicroTimeText(write.at)}}}};
  (void)client_.MergePatch({kube::kEvents, space, write.name}, patch).ok();
}

void EventRecorder::Record(const EventNews& news) {
  std::optional<EventWrite> write;
  {
    const std::lock_guard lock(mutex_);
    write = series_.Record(news, clock_.Now(), wall_());
  }
  if (write) Write(*write);
}

void EventRecorder::Sweep() {
  std::vector<EventWrite> writes;
  {
    const std::lock_guard lock(mutex_);
    writes = series_.Due(clock_.Now());
  }
  for (const EventWrite& write : writes) Write(write);
}

}  // namespace sluice::runtime
