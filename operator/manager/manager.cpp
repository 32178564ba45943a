#include "operator/manager/manager.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>

#include "core/base/chance.h"
#include "operator/api/enum_text.h"
#include "operator/api/names.h"
#include "operator/http/https_server.h"
#include "operator/k8s/cluster.h"
#include "operator/manager/controller.h"
#include "operator/manager/stop.h"
#include "operator/manager/webhook_service.h"
#include "operator/runtime/events.h"
#include "operator/runtime/leader_election.h"
#include "operator/telemetry/endpoints.h"

namespace sluice::manager {

namespace {

constexpr std::chrono::seconds kSweepPause{60};
constexpr std::chrono::seconds kClockPause{2};  // between two looks whether somebody has set the clock
constexpr int kKeptHeap = 256 * 1024;           // bytes of free memory that are not given back
constexpr const char* kAgent = "sluice-operator";

std::string HostName() {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  return host;
}

// Who this process is among the replicas: never the same twice.
std::string Identity() {
  constexpr double kMany = 1e9;
  return HostName() + "_" + std::to_string(static_cast<long>(Chance() * kMany));
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
  if (!error.hint.empty()) std::cerr << "  help: " << error.hint << "\n";
  return 1;
}

// All of one process that leads or waits to.
class Operator {
 public:
  Operator(const Settings& settings, kube::KubeContext context)
      : settings_(settings),
        context_(std::move(context)),
        log_(settings.log_format, settings.log_level),
        metrics_({.leads = [this] { return leads_.load(); },
                  .queue_depth = [this] { return controller_ ? controller_->depth() : 0; },
                  .migrations = [this](const auto& visit) { VisitMigrations(visit); }}) {}

  // Connections: those of watches end when the process is to end, what has begun to be written is finished, and the
  // lease must not wait for a server that doesn't answer.
  Status Connect() {
    SLUICE_TRY(watching_, kube::Cluster::Make(context_, stop_.interruption(), kAgent));
    SLUICE_TRY(working_, kube::Cluster::Make(context_, {}, kAgent));
    SLUICE_TRY(electing_, kube::Cluster::Make(context_, {}, kAgent, settings_.leader_election.times.renew / 2));
    for (kube::Cluster* cluster : {watching_.get(), working_.get(), electing_.get()}) {
      cluster->client().Observe(
          [this](const std::string& method, int status) { metrics_.CountRequest(method, status); });
    }
    events_ = std::make_unique<runtime::EventRecorder>(working_->client(), std::string(api::kEventSource), HostName(),
                                                       SystemClock());
    controller_ = std::make_unique<Controller>(
        watching_->client(), working_->client(),
        migration::ReconcilerSettings{.most_jobs = settings_.most_jobs,
                                      .job_ttl = settings_.job_ttl,
                                      .gate_settle = settings_.gate_settle,
                                      .allowed_service_accounts = settings_.allowed_service_accounts},
        settings_.watch_namespaces,
        ControllerListeners{.tell = [this](const runtime::EventNews& news) { Tell(news); },
                            .looked = [this](const LookReport& look) { Note(look); },
                            .added = [this] { metrics_.CountAdd(); }},
        wall_clock_);
    return {};
  }

  int Run() {
    log_.Write(telemetry::LogLevel::kInfo, "starts", {}, {{"server", context_.server}});
    controller_->Watch(stop_.when());
    if (const Status served = Serve(); !served.ok()) {
      stop_.Ask();
      return Complain(served.error());
    }
    std::thread sweeper([this] { Sweep(); });
    const int code = settings_.leader_election.enabled ? Lead() : WorkUntilStopped();
    stop_.Ask();
    sweeper.join();
    webhook_.reset();
    log_.Write(telemetry::LogLevel::kInfo, "ends");
    return code;
  }

 private:
  // What has to be done every now and then.
  void Sweep() {
    auto swept = stop_.Now();
    int times_set = 0;
    while (!stop_.asked()) {
      stop_.SleepFor(kClockPause);
      wall_clock_.Now();
      if (const int now = wall_clock_.times_set(); now != times_set) {
        times_set = now;
        log_.Write(telemetry::LogLevel::kWarn, "the clock was set; all resources are looked at again");
        controller_->LookAtAll();
      }
      if (stop_.Now() - swept < kSweepPause) continue;
      swept = stop_.Now();
      events_->Sweep();
    }
  }

  Status Serve() {
    if (settings_.webhook.enabled()) {
      webhook_ = std::make_unique<WebhookService>(settings_.webhook, context_.namespace_name, working_->client(), log_,
                                                  metrics_, stop_, wall_clock_);
      webhook_->Start();
    }
    telemetry::EndpointSources health;
    health.alive_trouble = [] { return std::string(); };
    health.ready_trouble = [this] { return ReadyTrouble(); };
    SLUICE_TRY(health_, ServeEndpoints(settings_.health, std::move(health)));
    telemetry::EndpointSources metrics;
    metrics.metrics = [this] { return metrics_.Text(); };
    metrics.gate = [this](const std::string& namespace_name, const std::string& name) {
      return GateOf(namespace_name, name);
    };
    SLUICE_TRY(metrics_server_, ServeEndpoints(settings_.metrics, std::move(metrics)));
    return {};
  }

  static Result<std::unique_ptr<http::HttpsServer>> ServeEndpoints(const Address& address,
                                                                   telemetry::EndpointSources sources) {
    if (address.port == 0) return std::unique_ptr<http::HttpsServer>();
    return http::HttpsServer::Start({.address = address.host, .port = address.port},
                                    [sources = std::move(sources)](const http::ServerRequest& request) {
                                      return telemetry::AnswerEndpoint(sources, request);
                                    });
  }

  std::string ReadyTrouble() const {
    if (!controller_->synced()) {
      const std::optional<Error> trouble = controller_->trouble();
      return trouble ? trouble->message : "what is in the cluster is not known yet";
    }
    return webhook_ ? webhook_->trouble() : std::string();
  }

  std::optional<telemetry::GateState> GateOf(const std::string& namespace_name, const std::string& name) const {
    const std::optional<migration::ResourceView> view =
        controller_->cache().resources.Find(namespace_name + "/" + name);
    if (!view) return std::nullopt;
    return telemetry::GateState{.open = view->gate.open(), .message = view->gate.open() ? "" : "not reached yet"};
  }

  void VisitMigrations(const std::function<void(const telemetry::MigrationFigures&)>& visit) const {
    if (!controller_) return;
    controller_->cache().resources.ForEach([&](const std::string& key, const migration::ResourceView& view) {
      telemetry::MigrationFigures figures;
      figures.namespace_name = key.substr(0, key.find('/'));
      figures.name = view.gate.name;
      if (view.gate.phase) figures.phase = api::TextOf(*view.gate.phase);
      figures.pending = view.pending;
      figures.drifted = view.drifted;
      figures.duration = view.last_duration;
      if (view.gate.reached) figures.last_success = view.gate.reached->at;
      visit(figures);
    });
  }

  void Tell(const runtime::EventNews& news) {
    events_->Record(news);
    log_.Write(news.warning ? telemetry::LogLevel::kWarn : telemetry::LogLevel::kInfo, news.note,
               {news.regarding.kind, news.regarding.namespace_name, news.regarding.name}, {{"reason", news.reason}});
  }

  void Note(const LookReport& look) {
    const bool was_slower = look.error && look.error->failure == kube::ApiFailure::kConflict;
    metrics_.CountReconcile(was_slower   ? "requeue"
                            : look.error ? "error"
                            : look.again ? "requeue_after"
                                         : "success",
                            look.took);
    const std::size_t slash = look.key.find('/');
    const std::string_view key = look.key;
    const telemetry::LogObject object{api::kKind, key.substr(0, slash), key.substr(slash + 1)};
    if (look.error) metrics_.CountRetry();
    if (was_slower) {
      log_.Write(telemetry::LogLevel::kDebug, "somebody else was faster; looks again", object,
                 {{"why", look.error->message}});
    } else if (look.error) {
      log_.WriteError("a look failed and is taken again", *look.error, object);
    } else {
      log_.Write(telemetry::LogLevel::kDebug, "looked", object);
    }
  }

  int WorkUntilStopped() {
    leads_ = true;
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
    leads_ = true;
    log_.Write(telemetry::LogLevel::kInfo, "leads", {}, {{"identity", election.identity}});
    controller_->Work(settings_.workers);
    lease.Hold(stop_.when());
    if (!stop_.asked()) {
      // Somebody else may begin at any moment: what is being done here is not finished.
      log_.Write(telemetry::LogLevel::kError, "the lease is lost");
      std::_Exit(1);
    }
    // A look takes far less than the lease lasts.
    controller_->Drain();
    lease.Release();
    return 0;
  }

  const Settings& settings_;
  kube::KubeContext context_;
  Stop stop_;
  telemetry::Log log_;
  std::atomic<bool> leads_ = false;
  telemetry::Metrics metrics_;
  std::unique_ptr<kube::Cluster> watching_;
  std::unique_ptr<kube::Cluster> working_;
  std::unique_ptr<kube::Cluster> electing_;
  std::unique_ptr<runtime::EventRecorder> events_;
  runtime::WallClock wall_clock_;
  std::unique_ptr<Controller> controller_;
  std::unique_ptr<WebhookService> webhook_;
  std::unique_ptr<http::HttpsServer> health_;
  std::unique_ptr<http::HttpsServer> metrics_server_;
};

}  // namespace

int RunOperator(const Settings& settings) {
  // Objects come, are cut down to what is kept, and go: a heap for each thread would keep the room of all of them.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TRIM_THRESHOLD, kKeptHeap);
  Result<kube::KubeContext> context = FindContext(settings);
  if (!context.ok()) return Complain(context.error());
  Operator process(settings, std::move(*context));
  if (const Status connected = process.Connect(); !connected.ok()) return Complain(connected.error());
  return process.Run();
}

namespace {

// The operator that still runs would take them back at once: it has to stop first.
Status StopTheLeader(const Settings& settings, const kube::KubeContext& context, kube::Client& client) {
  if (!settings.leader_election.enabled) return {};
  const auto& times = settings.leader_election.times;
  runtime::LeaderElection lease(client, client,
                                {.namespace_name = context.namespace_name,
                                 .name = settings.leader_election.id,
                                 .identity = Identity(),
                                 .times = times},
                                SystemClock());
  constexpr int kAttempts = 5;  // the leader's own renewal may come between
  for (int i = 0; i < kAttempts; ++i) {
    SLUICE_TRY(const bool taken, lease.Seize().AsResult());
    if (!taken) continue;
    SystemClock().SleepFor(2 * times.retry);
    return {};
  }
  return MakeError(ErrorCode::kNotUpToDate, "the lease can't be had");
}

Result<int> Release(const Settings& settings, const kube::KubeContext& context) {
  SLUICE_TRY(const std::unique_ptr<kube::Cluster> cluster, kube::Cluster::Make(context, {}, kAgent));
  SLUICE_CHECK(StopTheLeader(settings, context, cluster->client()));
  migration::Cache cache([](const std::string&) {});
  runtime::WallClock clock;
  migration::Reconciler reconciler(
      cluster->client(), cache, [](const runtime::EventNews&) {}, {}, clock);
  if (settings.watch_namespaces.empty()) return reconciler.ReleaseAll({});
  int released = 0;
  for (const std::string& namespace_name : settings.watch_namespaces) {
    SLUICE_TRY(const int there, reconciler.ReleaseAll(namespace_name));
    released += there;
  }
  return released;
}

}  // namespace

int ReleaseDeployments(const Settings& settings) {
  Result<kube::KubeContext> context = FindContext(settings);
  if (!context.ok()) return Complain(context.error());
  const Result<int> released = Release(settings, *context);
  if (!released.ok()) return Complain(released.error());
  std::cout << "let go: " << *released << " Deployments\n";
  return 0;
}

}  // namespace sluice::manager
