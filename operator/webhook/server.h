// The webhook as a server: POST /pause over TLS.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "operator/api/schema_migration.h"
#include "operator/http/https_server.h"
#include "operator/webhook/pause.h"

namespace sluice::webhook {

struct WebhookSettings {
  std::string address;  // empty: all of them
  int port = 9443;      // 0: any that is free
  // Whose writes are left as they are: `system:serviceaccount:NAMESPACE:NAME`.
  std::string operator_user;
};

// One request and what came of it, for logs and metrics; called by the threads that answer.
struct WebhookReport {
  const PauseAnswer& answer;
  std::chrono::nanoseconds took;
};

class WebhookServer {
 public:
  // As HttpsServer::Start. `wall`: the time that is written into marks.
  static Result<std::unique_ptr<WebhookServer>> Start(const WebhookSettings& settings,
                                                      const http::KeyedCertificate& certificate,
                                                      std::function<void(const WebhookReport&)> report,
                                                      std::function<api::Time()> wall = std::chrono::system_clock::now);

  int port() const { return server_->port(); }
  // For the connections that are made from now on.
  Status UseCertificate(const http::KeyedCertificate& certificate) { return server_->UseCertificate(certificate); }
  // Answers what is there, and nothing else.
  void Stop() { server_->Stop(); }

 private:
  explicit WebhookServer(std::unique_ptr<http::HttpsServer> server) : server_(std::move(server)) {}

  std::unique_ptr<http::HttpsServer> server_;
};

}  // namespace sluice::webhook
