#include "operator/webhook/server.h"

#include <utility>

namespace sluice::webhook {

namespace {

constexpr std::chrono::seconds kIdle{150};
constexpr std::chrono::seconds kFarewell{2};  // a Service leads to the other replicas before
constexpr int kMostConnections = 256;         // five API servers are not told to close half of them

}  // namespace

Result<std::unique_ptr<WebhookServer>> WebhookServer::Start(const WebhookSettings& settings,
                                                            const http::KeyedCertificate& certificate,
                                                            std::function<void(const WebhookReport&)> report,
                                                            std::function<api::Time()> wall) {
  http::ServerSettings served;
  served.address = settings.address;
  served.port = settings.port;
  served.certificate = certificate;
  // A call that is lost lets a template pass. The API server, a client in Go, closes a connection that was idle for 90
  // s, and keeps at most 25 of them: only it may do so.
  served.idle = kIdle;
  served.farewell = kFarewell;
  served.most_threads = kMostConnections;
  auto answer = [user = settings.operator_user, report = std::move(report),
                 wall = std::move(wall)](const http::ServerRequest& request) -> http::ServerAnswer {
    if (request.path != "/pause") return {404, "not found\n"};
    if (request.method != "POST") return {405, "method not allowed\n"};
    const auto begin = std::chrono::steady_clock::now();
    PauseReply reply = ReplyToPause(request.body, user, wall());
    if (report) report({reply.answer, std::chrono::steady_clock::now() - begin});
    return {200, std::move(reply.body), "application/json"};
  };
  SLUICE_TRY(std::unique_ptr<http::HttpsServer> server, http::HttpsServer::Start(std::move(served), std::move(answer)));
  return std::unique_ptr<WebhookServer>(new WebhookServer(std::move(server)));
}

}  // namespace sluice::webhook
