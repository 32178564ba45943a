#include "operator/http/certificate.h"

#include <gtest/gtest.h>

namespace sluice::http {
namespace {

const CertificateTime kFrom{std::chrono::seconds(1'795'694'400)};
const CertificateTime kUntil = kFrom + std::chrono::hours(24 * 365);

KeyedCertificate Authority(const std::string& name = "sluice webhook") {
  return *MakeAuthority({name, {}, kFrom, kUntil});
}

TEST(Certificate, SaysForWhomAndHowLong) {
  const auto made = MakeServerCertificate({"sluice", {"a.b.svc", "a.b.svc.cluster.local"}, kFrom, kUntil}, Authority());
  ASSERT_TRUE(made.ok()) << made.error().message;
  const auto facts = ReadCertificates(made->certificate);
  ASSERT_TRUE(facts.ok());
  ASSERT_EQ(facts->size(), 1U);
  EXPECT_EQ(facts->front().dns_names, (std::vector<std::string>{"a.b.svc", "a.b.svc.cluster.local"}));
  EXPECT_EQ(facts->front().from, kFrom);
  EXPECT_EQ(facts->front().until, kUntil);
}

TEST(Certificate, BelongsToItsKeyAndToItsAuthority) {
  const KeyedCertificate authority = Authority();
  const KeyedCertificate other = Authority();  // of the same name
  const auto made = MakeServerCertificate({"sluice", {"a.svc"}, kFrom, kUntil}, authority);
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(BelongTogether(*made));
  EXPECT_FALSE(BelongTogether({made->certificate, authority.key}));
  EXPECT_FALSE(BelongTogether({made->certificate, "no key"}));
  EXPECT_FALSE(BelongTogether({"no certificate", made->key}));
  EXPECT_TRUE(IsSignedByOneOf(made->certificate, other.certificate + authority.certificate));
  EXPECT_FALSE(IsSignedByOneOf(made->certificate, other.certificate));
  EXPECT_FALSE(IsSignedByOneOf(made->certificate, ""));
  EXPECT_FALSE(IsSignedByOneOf("", authority.certificate));
}

TEST(Certificate, ATextIsCutIntoItsCertificates) {
  const KeyedCertificate one = Authority("one");
  const KeyedCertificate two = Authority("two");
  EXPECT_EQ(SplitCertificates("words\n" + one.certificate + "\n" + two.certificate),
            (std::vector<std::string>{one.certificate, two.certificate}));
  EXPECT_TRUE(SplitCertificates("words").empty());
  EXPECT_EQ(ReadCertificates("words").error().code, ErrorCode::kConfig);
}

TEST(Certificate, NothingIsSignedByWhatIsNoAuthority) {
  EXPECT_FALSE(MakeServerCertificate({"sluice", {"a.svc"}, kFrom, kUntil}, {"words", "words"}).ok());
  EXPECT_FALSE(MakeServerCertificate({"sluice", {"no,such:name"}, kFrom, kUntil}, Authority()).ok());
}

}  // namespace
}  // namespace sluice::http
