#include "operator/webhook/certificate_keeper.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/operator/k8s/fake_wire.h"

namespace sluice::webhook {
namespace {

using std::chrono::seconds;

const api::Time kNow{seconds(1'795'694'400)};
const CertificatePlace kPlace{"sluice", "sluice-webhook", "sluice", {"sluice-webhook.sluice.svc"}};

// A Secret and a configuration that are written as they are sent.
class Keeper : public testing::Test {
 protected:
  Keeper() {
    wire_.on_request = [this](const http::Request& request) {
      Json& object = request.target.find("/secrets/") != std::string::npos ? secret_ : configuration_;
      if (request.method == "PUT" && !refuse_writes_) {
        object = Json::parse(request.body);
        ++writes_;
      }
      const int status = refuse_writes_ && request.method == "PUT" ? 409 : 200;
      wire_.answers.push_back({status, object.dump()});
    };
  }

  kube::ApiResult<KeptCertificate> Keep(api::Time now = kNow) { return KeepCertificate(client_, kPlace, now); }

  kube::FakeWire wire_;
  kube::FakeLogin login_;
  kube::Client client_{wire_, login_, "test"};
  Json secret_{{"kind", "Secret"}, {"metadata", {{"resourceVersion", "1"}}}};
  Json configuration_{{"metadata", {{"resourceVersion", "1"}}}, {"webhooks", {{{"name", "pause"}}}}};
  bool refuse_writes_ = false;
  int writes_ = 0;
};

TEST_F(Keeper, FillsAnEmptySecretAndMakesItsAuthorityKnown) {
  const auto kept = Keep();
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  EXPECT_TRUE(http::BelongTogether(kept->pair));
  EXPECT_EQ(kept->again_in, seconds(3600));
  const CertificateSecret content = ReadCertificateSecret(secret_);
  EXPECT_EQ(content.serving, kept->pair);
  EXPECT_FALSE(WithAuthorities(configuration_, content.authorities));
  EXPECT_EQ(writes_, 2);
  EXPECT_EQ(wire_.requests[0].target, "/api/v1/namespaces/sluice/secrets/sluice-webhook");
}

TEST_F(Keeper, WritesNothingWhenNothingIsDue) {
  const auto first = Keep();
  const auto second = Keep(kNow + seconds(3600));
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->pair, first->pair);
  EXPECT_EQ(writes_, 2);
}

TEST_F(Keeper, AnAuthorityThatSomebodyTookAwayIsPutBack) {
  ASSERT_TRUE(Keep().ok());
  configuration_["webhooks"][0]["clientConfig"]["caBundle"] = "";
  ASSERT_TRUE(Keep().ok());
  EXPECT_EQ(writes_, 3);
}

TEST_F(Keeper, RotatesByItself) {
  const auto first = Keep();
  ASSERT_TRUE(first.ok());
  api::Time now = kNow + std::chrono::hours(24 * 242);
  bool changed = false;
  for (int looks = 0; looks < 100 && !changed; ++looks) {
    const auto kept = Keep(now);
    ASSERT_TRUE(kept.ok());
    changed = kept->pair != first->pair;
    now += kept->again_in;
  }
  EXPECT_TRUE(changed);
  EXPECT_EQ(writes_, 5);  // the next one, its authority, its use
  EXPECT_LT(now, kNow + kCertificateLife);
}

TEST_F(Keeper, AReplicaThatWasFasterIsAConflict) {
  refuse_writes_ = true;
  const auto kept = Keep();
  ASSERT_FALSE(kept.ok());
  EXPECT_EQ(kept.error().failure, kube::ApiFailure::kConflict);
}

TEST(CertificateDirectory, HoldsAPairOrSaysWhatIsWrong) {
  const std::string directory = testing::TempDir() + "certificate_directory";
  std::filesystem::create_directories(directory);
  EXPECT_EQ(ReadCertificateDirectory(directory + "/none").error().code, ErrorCode::kFile);
  const auto content = TakeCertificateStep(CertificateStep::kMake, {}, {"a.svc"}, kNow);
  ASSERT_TRUE(content.ok());
  std::ofstream(directory + "/tls.crt") << content->serving.certificate;
  std::ofstream(directory + "/tls.key") << "another";
  EXPECT_EQ(ReadCertificateDirectory(directory).error().code, ErrorCode::kConfig);
  std::ofstream(directory + "/tls.key") << content->serving.key;
  const auto pair = ReadCertificateDirectory(directory);
  ASSERT_TRUE(pair.ok());
  EXPECT_EQ(*pair, content->serving);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace sluice::webhook
