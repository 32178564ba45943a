#include "operator/webhook/certificate_plan.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sluice::webhook {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const api::Time kNow{seconds(1'795'694'400)};
const std::vector<std::string> kNames{"sluice-webhook.sluice.svc"};

CertificateSecret After(CertificateStep step, const CertificateSecret& content, api::Time now = kNow) {
  auto after = TakeCertificateStep(step, content, kNames, now);
  EXPECT_TRUE(after.ok());
  return *after;
}

CertificateStep StepAt(const CertificateSecret& content, api::Time now) {
  return DecideCertificate(content, kNames, now).step;
}

class CertificatePlan : public testing::Test {
 protected:
  const CertificateSecret made_ = After(CertificateStep::kMake, {});
};

TEST_F(CertificatePlan, OneIsMadeWhereThereIsNone) {
  EXPECT_EQ(StepAt({}, kNow), CertificateStep::kMake);
  EXPECT_TRUE(http::BelongTogether(made_.serving));
  EXPECT_TRUE(http::IsSignedByOneOf(made_.serving.certificate, made_.authorities));
  EXPECT_EQ(http::ReadCertificates(made_.serving.certificate)->front().dns_names, kNames);
  const CertificateDecision decision = DecideCertificate(made_, kNames, kNow);
  EXPECT_EQ(decision.step, CertificateStep::kNothing);
  EXPECT_GT(decision.again_at, kNow + hours(24 * 240));
  EXPECT_LT(decision.again_at, kNow + hours(24 * 245));
}

TEST_F(CertificatePlan, WhatCantBeServedIsReplaced) {
  EXPECT_EQ(StepAt(made_, kNow + kCertificateLife), CertificateStep::kMake);
  EXPECT_EQ(StepAt(made_, kNow - hours(2)), CertificateStep::kMake);  // not valid yet
  EXPECT_EQ(DecideCertificate(made_, {kNames[0], "another.svc"}, kNow).step, CertificateStep::kMake);
  CertificateSecret broken = made_;
  broken.serving.key = After(CertificateStep::kMake, {}).serving.key;
  EXPECT_EQ(StepAt(broken, kNow), CertificateStep::kMake);
  broken = made_;
  broken.authorities = After(CertificateStep::kMake, {}).authorities;
  EXPECT_EQ(StepAt(broken, kNow), CertificateStep::kMake);
  broken = made_;
  broken.serving.certificate = "words";
  EXPECT_EQ(StepAt(broken, kNow), CertificateStep::kMake);
}

TEST_F(CertificatePlan, TheNextOneIsTrustedBeforeItIsServed) {
  const api::Time due = DecideCertificate(made_, kNames, kNow).again_at;
  EXPECT_EQ(StepAt(made_, due - seconds(1)), CertificateStep::kNothing);
  EXPECT_EQ(StepAt(made_, due), CertificateStep::kMakeNext);

  const CertificateSecret two = After(CertificateStep::kMakeNext, made_, due);
  EXPECT_EQ(two.serving, made_.serving);
  EXPECT_TRUE(http::IsSignedByOneOf(two.serving.certificate, two.authorities));
  EXPECT_TRUE(http::IsSignedByOneOf(two.next.certificate, two.authorities));
  EXPECT_FALSE(http::IsSignedByOneOf(two.next.certificate, made_.authorities));
  const CertificateDecision waiting = DecideCertificate(two, kNames, due);
  EXPECT_EQ(waiting.step, CertificateStep::kNothing);
  EXPECT_EQ(waiting.again_at, due + kCertificateOverlap);

  ASSERT_EQ(StepAt(two, waiting.again_at), CertificateStep::kUseNext);
  const CertificateSecret used = After(CertificateStep::kUseNext, two, waiting.again_at);
  EXPECT_EQ(used.serving, two.next);
  EXPECT_TRUE(used.next.certificate.empty());
  // A replica that has not looked again still serves the old one.
  EXPECT_TRUE(http::IsSignedByOneOf(made_.serving.certificate, used.authorities));
  EXPECT_EQ(StepAt(used, waiting.again_at), CertificateStep::kNothing);
}

TEST_F(CertificatePlan, TheNextOneIsServedAtOnceWhereThereIsNoOther) {
  const api::Time due = DecideCertificate(made_, kNames, kNow).again_at;
  CertificateSecret two = After(CertificateStep::kMakeNext, made_, due);
  two.serving = {};
  EXPECT_EQ(StepAt(two, due), CertificateStep::kUseNext);
}

TEST_F(CertificatePlan, AuthoritiesThatHaveExpiredAreForgotten) {
  CertificateSecret content = made_;
  api::Time now = kNow;
  for (int year = 0; year < 5; ++year) {
    now = DecideCertificate(content, kNames, now).again_at;
    content = After(CertificateStep::kMakeNext, content, now);
    now += kCertificateOverlap;
    content = After(CertificateStep::kUseNext, content, now);
    EXPECT_LE(http::SplitCertificates(content.authorities).size(), 2U);
  }
  EXPECT_EQ(http::SplitCertificates(After(CertificateStep::kMake, content, now + kCertificateLife).authorities).size(),
            1U);
}

TEST_F(CertificatePlan, ComesThroughItsSecret) {
  const CertificateSecret two = After(CertificateStep::kMakeNext, made_);
  const Json empty{{"metadata", {{"name", "sluice-webhook"}, {"resourceVersion", "7"}}}, {"type", "Opaque"}};
  Json written = WriteCertificateSecret(empty, two);
  EXPECT_EQ(ReadCertificateSecret(written), two);
  EXPECT_EQ(written["metadata"], empty["metadata"]);
  written = WriteCertificateSecret(written, made_);
  EXPECT_EQ(ReadCertificateSecret(written), made_);
  EXPECT_EQ(ReadCertificateSecret(empty), CertificateSecret());
  EXPECT_EQ(ReadCertificateSecret(Json{{"data", {{"tls.crt", "no base64!"}}}}), CertificateSecret());
}

TEST_F(CertificatePlan, AuthoritiesGoIntoEachWebhookOfTheConfiguration) {
  const Json configuration{{"metadata", {{"name", "sluice"}}},
                           {"webhooks",
                            {{{"name", "a"}, {"clientConfig", {{"service", {{"path", "/pause"}}}}}},
                             {{"name", "b"}, {"clientConfig", {{"caBundle", "b2xk"}}}}}}};
  const auto changed = WithAuthorities(configuration, "PEM");
  ASSERT_TRUE(changed);
  EXPECT_EQ((*changed)["webhooks"][0]["clientConfig"]["caBundle"], "UEVN");
  EXPECT_EQ((*changed)["webhooks"][0]["clientConfig"]["service"]["path"], "/pause");
  EXPECT_EQ((*changed)["webhooks"][1]["clientConfig"]["caBundle"], "UEVN");
  EXPECT_FALSE(WithAuthorities(*changed, "PEM"));
  EXPECT_FALSE(WithAuthorities(Json::object(), "PEM"));
}

}  // namespace
}  // namespace sluice::webhook
