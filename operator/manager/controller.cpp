#include "operator/manager/controller.h"

#include "core/base/chance.h"
#include "operator/api/names.h"
#include "operator/migration/resources.h"

namespace sluice::manager {

namespace {

constexpr std::chrono::milliseconds kSyncPause{20};

// What the operator made carries this.
std::string ManagedSelector() { return "app.kubernetes.io/managed-by=" + std::string(api::kFieldManager); }

}  // namespace

Controller::Controller(kube::Client& watching, kube::Client& working, migration::ReconcilerSettings settings,
                       std::vector<std::string> namespaces, ControllerListeners listeners, runtime::WallClock& clock)
    : watching_(watching),
      working_(working),
      namespaces_(std::move(namespaces)),
      listeners_(std::move(listeners)),
      cache_([this](const std::string& key) {
        queue_.Add(key);
        listeners_.added();
      }),
      reconciler_(working, cache_, listeners_.tell, std::move(settings), clock) {
  if (namespaces_.empty()) namespaces_.emplace_back();
  AddReflectors(cache_.resources, migration::kSchemaMigrations, "");
  AddReflectors(cache_.jobs, migration::kJobs, ManagedSelector());
  AddReflectors(cache_.pods, kube::kPods, ManagedSelector());
  AddReflectors(cache_.deployments, migration::kDeployments, std::string(api::kGatedLabel) + "=true");
}

Controller::~Controller() {
  Drain();
  for (std::thread& watcher : watchers_) watcher.join();
}

template <typename T>
void Controller::AddReflectors(runtime::Store<T>& store, kube::Resource resource, const std::string& selector) {
  for (const std::string& namespace_name : namespaces_) {
    if (!namespace_name.empty()) targets_.push_back(std::make_unique<runtime::StorePart<T>>(store, namespace_name));
    runtime::ReflectorTarget& target = namespace_name.empty() ? store : *targets_.back();
    reflectors_.push_back(std::make_unique<runtime::Reflector>(
        watching_,
        runtime::ReflectorSource{.resource = resource, .namespace_name = namespace_name, .label_selector = selector},
        target, SystemClock(), Chance));
  }
}

void Controller::Watch(const std::function<bool()>& stopped) {
  newcomers_ = std::make_unique<Newcomers>(
      watching_,
      [this](const std::string& key) {
        queue_.Add(key);
        listeners_.added();
      },
      stopped);
  reconciler_.OnMissing(
      [this](const std::string& namespace_name, const std::string& resource, std::set<std::string> deployments) {
        return newcomers_->Expect(namespace_name, resource, std::move(deployments));
      });
  for (const std::unique_ptr<runtime::Reflector>& reflector : reflectors_) {
    watchers_.emplace_back([&reflector = *reflector, stopped] { reflector.Run(stopped); });
  }
}

bool Controller::synced() const {
  for (const std::unique_ptr<runtime::Reflector>& reflector : reflectors_) {
    if (!reflector->synced()) return false;
  }
  return true;
}

std::optional<Error> Controller::trouble() const {
  for (const std::unique_ptr<runtime::Reflector>& reflector : reflectors_) {
    if (std::optional<Error> trouble = reflector->trouble()) return trouble;
  }
  return std::nullopt;
}

void Controller::Work(int workers) {
  for (int i = 0; i < workers; ++i) {
    workers_.emplace_back([this] {
      // A decision on half of what there is would be a wrong one.
      while (!synced() && !draining_) SystemClock().SleepFor(kSyncPause);
      WorkOff();
    });
  }
}

void Controller::WorkOff() {
  while (const std::optional<std::string> key = queue_.Take()) {
    const auto begun = SystemClock().Now();
    auto again = reconciler_.Reconcile(*key);
    LookReport report{.key = *key, .took = SystemClock().Now() - begun, .again = false, .error = {}};
    if (again.ok()) {
      queue_.Forget(*key);
      report.again = again->has_value();
      if (*again) queue_.AddAfter(*key, **again);
    } else {
      report.error = again.error();
      queue_.AddAfterFailure(*key, working_.asked_to_wait());
    }
    queue_.Done(*key);
    listeners_.looked(report);
  }
}

void Controller::LookAtAll() {
  cache_.resources.ForEach([this](const std::string& key, const migration::ResourceView&) { queue_.Add(key); });
}

void Controller::Drain() {
  draining_ = true;
  queue_.ShutDown();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

}  // namespace sluice::manager
