// The webhook of this process: its certificate is kept, or read, and changed while it serves.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "operator/k8s/client.h"
#include "operator/manager/settings.h"
#include "operator/manager/stop.h"
#include "operator/runtime/wall_clock.h"
#include "operator/telemetry/log.h"
#include "operator/telemetry/metrics.h"
#include "operator/webhook/server.h"

namespace sluice::manager {

class WebhookService {
 public:
  // All outlive this. `namespace_name`: the operator's own.
  WebhookService(const Webhook& settings, std::string namespace_name, kube::Client& client, telemetry::Log& log,
                 telemetry::Metrics& metrics, Stop& stop, const runtime::WallClock& clock);
  ~WebhookService();

  // Serves, or tries until it can, from here until `stop`.
  void Start();
  // Why it doesn't serve; empty: it does.
  std::string trouble() const;

 private:
  void Run();
  // Until it is time to look again: after so long, or when the clock was set once more.
  void Wait(std::chrono::milliseconds pause, int times_set);
  // Looks once; how long to wait before the next look.
  std::chrono::milliseconds Step();
  // Who the API server takes this process for: whose writes the webhook leaves as they are.
  Status AskWhoIAm();
  Status Serve(const http::KeyedCertificate& certificate);
  void Note(std::string trouble);

  const Webhook settings_;
  const std::string namespace_name_;
  std::string operator_user_;  // of the thread alone; empty: not known yet
  kube::Client& client_;
  telemetry::Log& log_;
  telemetry::Metrics& metrics_;
  Stop& stop_;
  const runtime::WallClock& clock_;
  std::unique_ptr<webhook::WebhookServer> server_;
  mutable std::mutex mutex_;
  std::string trouble_ = "the webhook has no certificate yet";  // guarded by mutex_
  std::thread thread_;
};

}  // namespace sluice::manager
