#include "operator/webhook/server.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "operator/http/https_client.h"
#include "operator/webhook/certificate_plan.h"
#include "tests/unit/operator/migration/gate_objects.h"
#include "tests/unit/operator/webhook/review_objects.h"

namespace sluice::webhook {
namespace {

TEST(WebhookServer, AnswersReviewsOverTls) {
  const auto content =
      TakeCertificateStep(CertificateStep::kMake, {}, {"pause.sluice.svc"}, std::chrono::system_clock::now());
  std::vector<PauseOutcome> outcomes;
  const auto server = WebhookServer::Start(
      {"127.0.0.1", 0, kOperatorUser}, content->serving,
      [&](const WebhookReport& report) {
        outcomes.push_back(report.answer.outcome);
        EXPECT_GT(report.took.count(), 0);
      },
      [] { return migration::kNoon; });
  ASSERT_TRUE(server.ok()) << server.error().message;
  http::HttpsClient client({true, "127.0.0.1", std::to_string((*server)->port()), ""});
  http::TlsSettings trust;
  trust.authorities = content->authorities;
  trust.server_name = "pause.sluice.svc";
  ASSERT_TRUE(client.UseTls(trust).ok());

  const auto post = [&](const std::string& method, const std::string& target, const std::string& text) {
    http::Request request;
    request.method = method;
    request.target = target;
    request.body = text;
    std::string body;
    const auto head = client.Send(request, [&](const http::Response&, std::string_view piece) {
      body += piece;
      return true;
    });
    EXPECT_TRUE(head.ok());
    EXPECT_EQ(head.ok() ? head->Find("connection") : "", "");
    return std::pair(head.ok() ? head->status : 0, body);
  };
  const Json old_template = migration::TemplateOf("shop/api:1");
  const Json review = ReviewOf(migration::AdoptedOf(old_template, migration::TemplateOf("shop/api:2")),
                               migration::AdoptedOf(old_template, old_template));
  const auto [status, body] = post("POST", "/pause?timeout=2s", review.dump());
  EXPECT_EQ(status, 200);
  EXPECT_EQ(body, ReplyToPause(review.dump(), kOperatorUser, migration::kNoon).body);
  EXPECT_EQ(post("POST", "/pause?timeout=2s", "words").first, 200);
  EXPECT_EQ(post("POST", "/other", "{}").first, 404);
  EXPECT_EQ(post("GET", "/pause", "").first, 405);
  EXPECT_EQ(outcomes, (std::vector<PauseOutcome>{PauseOutcome::kPaused, PauseOutcome::kLeft}));
}

}  // namespace
}  // namespace sluice::webhook
