// Deployments that resources name and that aren't there yet. The watch that keeps the cache sees those with the gate's
// label only, so there is another one for each namespace in which somebody waits, as long as somebody does.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "operator/k8s/client.h"

namespace sluice::manager {

class Newcomers {
 public:
  // `client` outlives this. `came`: is called by another thread with the key of a resource, when a Deployment that it
  // expects is there.
  Newcomers(kube::Client& client, std::function<void(const std::string& resource)> came, std::function<bool()> stopped);
  // REQUIRES: `stopped` says so.
  ~Newcomers();

  // What a resource expects from now on, in its namespace; whatever it has expected before is forgotten. What comes
  // after this is told, what is there already may be. False: too much is waited for already. May be called by several
  // threads.
  bool Expect(const std::string& namespace_name, const std::string& resource, std::set<std::string> deployments);

 private:
  struct Place {
    std::map<std::string, std::set<std::string>> expected;  // Deployments, by the resource's name
    bool is_watched = false;
    std::thread watcher;
  };
  class Target;

  void Watch(const std::string& namespace_name);
  bool IsDone(const std::string& namespace_name);
  void Came(const std::string& namespace_name, const std::string& deployment);

  kube::Client& client_;
  const std::function<void(const std::string& resource)> came_;
  const std::function<bool()> stopped_;
  std::mutex mutex_;
  std::map<std::string, Place> places_;  // guarded by mutex_; by namespace
};

}  // namespace sluice::manager
