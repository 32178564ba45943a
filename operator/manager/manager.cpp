#include "operator/manager/manager.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>

#include "core/base/chance.h"
#include "operator/api/names.h"
#include "operator/k8s/cluster.h"
#include "operator/manager/controller.h"
#include "operator/manager/stop.h"
#include "operator/runtime/leader_election.h"

namespace sluice::manager {

namespace {

constexpr std::chrono::seconds kSweepPause{60};

// Who this process is among the replicas: never the same twice.
std::string Identity() {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  return std::string(host) + "_" + std::to_string(static_cast<unsigned>(Chance() * 4e9));
}

std::string HostName() {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  return host;
}

Result<kube::KubeContext> FindContext(const Settings& settings) {
  kube::KubeEnvironment environment = kube::ProcessKubeEnvironment();
  if (!settings.kubeconfig.empty()) environment.kubeconfig = settings.kubeconfig;
  SLUICE_TRY(kube::KubeContext context, kube::FindKubeContext(environment, settings.context));
  if (!settings.namespace_name.empty()) context.namespace_name = settings.namespace_name;
  if (context.namespace_name.empty()) context.namespace_name = "default";
  return context;
}

int Complain(const Error& error) {
  std::cerr << "error: " << error.message << "\n";
  if (!error.hint.empty()) std::cerr << "hint: " << error.hint << "\n";
  return 1;
}

// All of one process that leads or waits to.
class Operator {
 public:
  Operator(const Settings& settings, kube::KubeContext context) : settings_(settings), context_(std::move(context)) {}

  // Connections: those of watches end when the process is to end, what has begun to be written is finished, and the
  // lease must not wait for a server that doesn't answer.
  Status Connect() {
    const std::string agent = "sluice-operator";
    SLUICE_TRY(watching_, kube::Cluster::Make(context_, stop_.interruption(), agent));
    SLUICE_TRY(working_, kube::Cluster::Make(context_, {}, agent));
    const auto patience = settings_.leader_election.times.renew / 2;
    SLUICE_TRY(electing_, kube::Cluster::Make(context_, {}, agent, patience));
    events_ = std::make_unique<runtime::EventRecorder>(working_->client(), std::string(api::kEventSource), HostName(),
                                                       SystemClock());
    controller_ = std::make_unique<Controller>(
        watching_->client(), working_->client(), *events_,
        migration::ReconcilerSettings{.most_jobs = settings_.most_jobs,
                                      .job_ttl = settings_.job_ttl,
                                      .gate_settle = settings_.gate_settle,
                                      .allowed_service_accounts = settings_.allowed_service_accounts},
        settings_.watch_namespaces, [](const LookReport& look) {
          if (look.error) std::cerr << look.key << ": " << look.error->message << "\n";
        });
    return {};
  }

  int Run() {
    controller_->Watch(stop_.when());
    std::thread sweeper([this] {
      while (!stop_.asked()) {
        stop_.SleepFor(kSweepPause);
        events_->Sweep();
      }
    });
    const int code = settings_.leader_election.enabled ? Lead() : WorkUntilStopped();
    stop_.Ask();
    sweeper.join();
    return code;
  }

 private:
  int WorkUntilStopped() {
    controller_->Work(settings_.workers);
    while (!stop_.asked()) stop_.SleepFor(std::chrono::hours(1));
    controller_->Drain();
    return 0;
  }

  int Lead() {
    const runtime::ElectionSettings election{.namespace_name = context_.namespace_name,
                                             .name = settings_.leader_election.id,
                                             .identity = Identity(),
                                             .times = settings_.leader_election.times};
    runtime::LeaderElection lease(electing_->client(), watching_->client(), election, stop_);
    if (!lease.WaitToLead(stop_.when())) return 0;
    std::cerr << "leads\n";
    controller_->Work(settings_.workers);
    lease.Hold(stop_.when());
    if (!stop_.asked()) {
      // Somebody else may begin at any moment: what is being done here is not finished.
      std::cerr << "error: the lease is lost\n";
      std::_Exit(1);
    }
    controller_->Drain();
    lease.Release();
    return 0;
  }

  const Settings& settings_;
  kube::KubeContext context_;
  Stop stop_;
  std::unique_ptr<kube::Cluster> watching_;
  std::unique_ptr<kube::Cluster> working_;
  std::unique_ptr<kube::Cluster> electing_;
  std::unique_ptr<runtime::EventRecorder> events_;
  std::unique_ptr<Controller> controller_;
};

}  // namespace

int RunOperator(const Settings& settings) {
  Result<kube::KubeContext> context = FindContext(settings);
  if (!context.ok()) return Complain(context.error());
  Operator process(settings, std::move(*context));
  if (const Status connected = process.Connect(); !connected.ok()) return Complain(connected.error());
  return process.Run();
}

int ReleaseDeployments(const Settings&) {
  std::cerr << "error: this build of sluice-operator can't let Deployments go yet\n";
  return 1;
}

}  // namespace sluice::manager
