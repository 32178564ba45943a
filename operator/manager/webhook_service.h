// The webhook of this process: its certificate is kept, or read, and changed while it serves.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "operator/k8s/client.h"
#include "operator/manager/settings.h"
#include "operator/manager/stop.h"
#include "operator/telemetry/log.h"
#include "operator/telemetry/metrics.h"
#include "operator/webhook/server.h"

namespace sluice::manager {

class WebhookService {
 public:
  // All outlive this. `namespace_name`: the operator's own; `operator_user`: whose writes are left as they are.
  WebhookService(const Webhook& settings, std::string namespace_name, std::string operator_user, kube::Client& client,
                 telemetry::Log& log, telemetry::Metrics& metrics, Stop& stop);
  ~WebhookService();

  // Serves, or tries until it can, from here until `stop`.
  void Start();
  // Why it doesn't serve; empty: it does.
  std::string trouble() const;

 private:
  void Run();
  // Looks once; how long to wait before the next look.
  std::chrono::milliseconds Step();
  Status Serve(const http::KeyedCertificate& certificate);
  void Note(std::string trouble);

  const Webhook settings_;
  const std::string namespace_name_;
  const std::string operator_user_;
  kube::Client& client_;
  telemetry::Log& log_;
  telemetry::Metrics& metrics_;
  Stop& stop_;
  std::unique_ptr<webhook::WebhookServer> server_;
  mutable std::mutex mutex_;
  std::string trouble_ = "the webhook has no certificate yet";  // guarded by mutex_
  std::thread thread_;
};

}  // namespace sluice::manager
