// Keeps the cache, and looks at each resource that has news: watches, a work queue, and the workers that reconcile.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "operator/manager/newcomers.h"
#include "operator/migration/reconciler.h"
#include "operator/runtime/reflector.h"
#include "operator/runtime/work_queue.h"

namespace sluice::manager {

// What is told of each look, for logs and metrics. Called by the workers' threads.
struct LookReport {
  std::string key;
  std::chrono::nanoseconds took{0};
  bool again = false;  // it asked for another look
  std::optional<kube::ApiError> error;
};

// Who is told of what happens; called by several threads.
struct ControllerListeners {
  std::function<void(const runtime::EventNews&)> tell;  // what people want to know
  std::function<void(const LookReport&)> looked;
  std::function<void()> added;  // a resource was put into the work queue
};

class Controller {
 public:
  // `watching` is interrupted when the process is to end, `working` finishes what it has begun. They and the
  // clock outlive this.
  // `namespaces`: to be looked at; empty: all.
  Controller(kube::Client& watching, kube::Client& working, migration::ReconcilerSettings settings,
             std::vector<std::string> namespaces, ControllerListeners listeners, runtime::WallClock& clock);
  ~Controller();

  // Watches until `stopped` says so; the cache is there from then on, whether anybody works or not.
  void Watch(const std::function<bool()>& stopped);
  // All there was has been told once.
  bool synced() const;
  // Why a watch fails now; empty: none does.
  std::optional<Error> trouble() const;

  // Works with so many threads, from when the cache is there, until Drain.
  void Work(int workers);
  // All resources have news: the time on the wall is another one.
  void LookAtAll();
  // What has begun is finished; nothing else is begun.
  void Drain();

  const migration::Cache& cache() const { return cache_; }
  std::size_t depth() const { return queue_.depth(); }

 private:
  template <typename T>
  void AddReflectors(runtime::Store<T>& store, kube::Resource resource, const std::string& selector);
  void WorkOff();

  kube::Client& watching_;
  kube::Client& working_;
  std::vector<std::string> namespaces_;
  ControllerListeners listeners_;
  runtime::WorkQueue queue_;
  std::atomic<bool> draining_ = false;
  migration::Cache cache_;
  migration::Reconciler reconciler_;
  std::unique_ptr<Newcomers> newcomers_;  // from Watch on
  std::vector<std::unique_ptr<runtime::ReflectorTarget>> targets_;
  std::vector<std::unique_ptr<runtime::Reflector>> reflectors_;
  std::vector<std::thread> watchers_;
  std::vector<std::thread> workers_;
};

}  // namespace sluice::manager
