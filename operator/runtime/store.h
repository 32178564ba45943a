// What is known of a kind of objects: a slim projection of each, kept by a reflector, read by whoever needs it.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "operator/k8s/json_access.h"
#include "operator/runtime/reflector.h"

namespace sluice::runtime {

// `namespace/name`, or the name of what belongs to the cluster.
std::string KeyOf(const kube::Json& object);

// `T` is what is kept of an object; it has operator==. A change that the projection doesn't show is none. Reads may
// come from any thread; `changed` is called in the reflector's, without a lock, with the key.
template <typename T>
class Store final : public ReflectorTarget {
 public:
  using Project = std::function<T(const kube::Json& object)>;
  using Changes = std::function<void(const std::string& key)>;

  Store(Project project, Changes changed) : project_(std::move(project)), changed_(std::move(changed)) {}

  // Empty: there is none, as far as is known.
  std::optional<T> Find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = objects_.find(key);
    return found == objects_.end() ? std::nullopt : std::optional<T>(found->second);
  }

  // Calls `visit` for each, with the lock held: it must be short and not come back here.
  void ForEach(const std::function<void(const std::string& key, const T& object)>& visit) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, object] : objects_) visit(key, object);
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return objects_.size();
  }

  void ListBegan() override { listed_.clear(); }
  void Listed(const kube::Json& object) override {
    Changed(object);
    listed_.insert(KeyOf(object));
  }
  void ListEnded() override {
    std::vector<std::string> gone;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [key, object] : objects_) {
        if (!listed_.contains(key)) gone.push_back(key);
      }
      for (const std::string& key : gone) objects_.erase(key);
    }
    listed_.clear();
    for (const std::string& key : gone) changed_(key);
  }
  void Changed(const kube::Json& object) override {
    const std::string key = KeyOf(object);
    T projection = project_(object);
    {
      const std::lock_guard lock(mutex_);
      const auto [place, is_new] = objects_.try_emplace(key, projection);
      if (!is_new && place->second == projection) return;
      if (!is_new) place->second = std::move(projection);
    }
    changed_(key);
  }
  void Deleted(const kube::Json& object) override {
    const std::string key = KeyOf(object);
    {
      const std::lock_guard lock(mutex_);
      if (objects_.erase(key) == 0) return;
    }
    changed_(key);
  }

 private:
  Project project_;
  Changes changed_;
  std::set<std::string> listed_;  // while a list goes on; of the reflector's thread
  mutable std::mutex mutex_;
  std::map<std::string, T> objects_;  // guarded by mutex_
};

}  // namespace sluice::runtime
