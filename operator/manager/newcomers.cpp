#include "operator/manager/newcomers.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/chance.h"
#include "operator/migration/resources.h"
#include "operator/runtime/reflector.h"

namespace sluice::manager {

namespace {

constexpr std::ptrdiff_t kMostPlaces = 20;  // each has a thread and a connection

}  // namespace

// Keeps nothing of what it is told.
class Newcomers::Target final : public runtime::ReflectorTarget {
 public:
  Target(Newcomers& newcomers, std::string namespace_name)
      : newcomers_(newcomers), namespace_name_(std::move(namespace_name)) {}

  void ListBegan() override {}
  void Listed(const kube::Json& object) override { Changed(object); }
  void ListEnded() override {}
  void Changed(const kube::Json& object) override {
    newcomers_.Came(namespace_name_, kube::TextAt(object, {"metadata", "name"}));
  }
  void Deleted(const kube::Json&) override {}

 private:
  Newcomers& newcomers_;
  const std::string namespace_name_;
};

Newcomers::Newcomers(kube::Client& client, std::function<void(const std::string& resource)> came,
                     std::function<bool()> stopped)
    : client_(client), came_(std::move(came)), stopped_(std::move(stopped)) {}

Newcomers::~Newcomers() {
  for (auto& [name, place] : places_) {
    if (place.watcher.joinable()) place.watcher.join();
  }
}

bool Newcomers::Expect(const std::string& namespace_name, const std::string& resource,
                       std::set<std::string> deployments) {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(namespace_name);
  if (deployments.empty()) {
    if (found != places_.end()) found->second.expected.erase(resource);
    return true;
  }
  const bool is_watched = found != places_.end() && found->second.is_watched;
  const auto watched = std::count_if(places_.begin(), places_.end(), [](const auto& p) { return p.second.is_watched; });
  if (!is_watched && watched >= kMostPlaces) return false;
  Place& place = places_[namespace_name];
  place.expected[resource] = std::move(deployments);
  if (!std::exchange(place.is_watched, true)) {
    if (place.watcher.joinable()) place.watcher.join();  // it has nothing left to do
    place.watcher = std::thread([this, namespace_name] { Watch(namespace_name); });
  }
  return true;
}

void Newcomers::Watch(const std::string& namespace_name) {
  Target target(*this, namespace_name);
  // All Deployments of the namespace: one may come with the gate's label and without a word of who gates it.
  runtime::Reflector reflector(client_, {.resource = migration::kDeployments, .namespace_name = namespace_name}, target,
                               SystemClock(), Chance);
  while (!IsDone(namespace_name)) {
    const std::chrono::milliseconds pause = reflector.Step();
    if (pause.count() > 0 && !stopped_()) SystemClock().SleepFor(pause);
  }
}

bool Newcomers::IsDone(const std::string& namespace_name) {
  const std::lock_guard lock(mutex_);
  Place& place = places_[namespace_name];
  if (!stopped_() && !place.expected.empty()) return false;
  place.is_watched = false;
  return true;
}

void Newcomers::Came(const std::string& namespace_name, const std::string& deployment) {
  std::vector<std::string> resources;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [resource, deployments] : places_[namespace_name].expected) {
      if (deployments.contains(deployment)) resources.push_back(resource);
    }
  }
  for (const std::string& resource : resources) came_(namespace_name + "/" + resource);
}

}  // namespace sluice::manager
