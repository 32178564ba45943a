// What is known of a kind of objects: a slim projection of each, kept by a reflector, read by whoever needs it.
#pragma once

#include <functional>
#include <iterator>
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
// come from any thread; `changed` is called in the reflector's, without a lock.
template <typename T>
class Store final : public ReflectorTarget {
 public:
  using Project = std::function<T(const kube::Json& object)>;
  // `before` is nullptr for what is new, `now` for what is gone. Both are valid during the call.
  using Changes = std::function<void(const std::string& key, const T* before, const T* now)>;

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

  // Of the keys that begin like this, those that aren't listed are gone.
  void Retain(const std::set<std::string>& listed, const std::string& beginning) {
    std::map<std::string, T> gone;
    {
      const std::lock_guard lock(mutex_);
      for (auto object = objects_.lower_bound(beginning);
           object != objects_.end() && object->first.starts_with(beginning);) {
        const auto next = std::next(object);
        if (!listed.contains(object->first)) gone.insert(objects_.extract(object));
        object = next;
      }
    }
    for (const auto& [key, object] : gone) changed_(key, &object, nullptr);
  }

  void ListBegan() override { listed_.clear(); }
  void Listed(const kube::Json& object) override {
    Changed(object);
    listed_.insert(KeyOf(object));
  }
  void ListEnded() override {
    Retain(listed_, "");
    listed_.clear();
  }
  void Changed(const kube::Json& object) override {
    const std::string key = KeyOf(object);
    const T now = project_(object);
    std::optional<T> before;
    {
      const std::lock_guard lock(mutex_);
      const auto [place, is_new] = objects_.try_emplace(key, now);
      if (!is_new) {
        if (place->second == now) return;
        before = std::exchange(place->second, now);
      }
    }
    changed_(key, before ? &*before : nullptr, &now);
  }
  void Deleted(const kube::Json& object) override {
    const std::string key = KeyOf(object);
    std::map<std::string, T> gone;
    {
      const std::lock_guard lock(mutex_);
      const auto found = objects_.find(key);
      if (found == objects_.end()) return;
      gone.insert(objects_.extract(found));
    }
    changed_(key, &gone.begin()->second, nullptr);
  }

 private:
  Project project_;
  Changes changed_;
  std::set<std::string> listed_;  // while a list goes on; of the reflector's thread
  mutable std::mutex mutex_;
  std::map<std::string, T> objects_;  // guarded by mutex_
};

// One namespace of a store that is kept by several reflectors, one a namespace.
template <typename T>
class StorePart final : public ReflectorTarget {
 public:
  StorePart(Store<T>& store, const std::string& namespace_name) : store_(store), beginning_(namespace_name + "/") {}

  void ListBegan() override { listed_.clear(); }
  void Listed(const kube::Json& object) override {
    store_.Changed(object);
    listed_.insert(KeyOf(object));
  }
  void ListEnded() override {
    store_.Retain(listed_, beginning_);
    listed_.clear();
  }
  void Changed(const kube::Json& object) override { store_.Changed(object); }
  void Deleted(const kube::Json& object) override { store_.Deleted(object); }

 private:
  Store<T>& store_;
  const std::string beginning_;
  std::set<std::string> listed_;  // while a list goes on
};

}  // namespace sluice::runtime
