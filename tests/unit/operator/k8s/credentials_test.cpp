#include "operator/k8s/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sluice::kube {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using TimePoint = std::chrono::steady_clock::time_point;

class CredentialsTest : public testing::Test {
 protected:
  CredentialsTest() {
    std::string name = testing::TempDir() + "credentials-XXXXXX";
    directory_ = mkdtemp(name.data());
  }
  ~CredentialsTest() override { std::filesystem::remove_all(directory_); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ + "/" + name) << text;
    return directory_ + "/" + name;
  }

  // A login program that prints `status`, and counts how often it was asked.
  KubeContext WithPlugin(const std::string& status, const std::string& before = "") {
    const std::string path = Write("login", "#!/bin/sh\necho x >> " + directory_ + "/asked\n" + before +
                                                "\ncat <<END\n{\"kind\":\"ExecCredential\",\"apiVersion\":"
                                                "\"client.authentication.k8s.io/v1\",\"status\":" +
                                                status + "}\nEND\n");
    chmod(path.c_str(), 0700);
    KubeContext context;
    context.server = "https://one";
    context.exec = ExecPlugin{path, {}, {{"PROFILE", "prod"}}, "client.authentication.k8s.io/v1", true, "get it"};
    return context;
  }
  std::size_t Asked() { return std::filesystem::file_size(directory_ + "/asked") / 2; }

  std::string directory_;
  TimePoint now_;
  WallTime wall_ = *ParseTime("2026-01-01T00:00:00Z");
};

TEST_F(CredentialsTest, ATokenThatIsReplacedIsReadAMinuteLater) {
  KubeContext context;
  context.token_file = Write("token", "one\n");
  Credentials credentials(context);
  ASSERT_TRUE(credentials.Refresh(now_, wall_).ok());
  Write("token", "two\n");
  ASSERT_TRUE(credentials.Refresh(now_ + seconds(59), wall_).ok());
  EXPECT_EQ(credentials.token(), "one");
  ASSERT_TRUE(credentials.Refresh(now_ + seconds(60), wall_).ok());
  EXPECT_EQ(credentials.token(), "two");
}

TEST_F(CredentialsTest, ARefusedTokenIsReadAtOnce) {
  KubeContext context;
  context.token_file = Write("token", "one");
  Credentials credentials(context);
  ASSERT_TRUE(credentials.Refresh(now_, wall_).ok());
  Write("token", "two");
  ASSERT_TRUE(credentials.Refresh(now_, wall_, true).ok());
  EXPECT_EQ(credentials.token(), "two");
}

TEST_F(CredentialsTest, AFileThatIsBeingReplacedLeavesWhatWasRead) {
  KubeContext context;
  context.token_file = Write("token", "one");
  context.authority_file = Write("ca", "authority");
  Credentials credentials(context);
  ASSERT_TRUE(credentials.Refresh(now_, wall_).ok());
  std::filesystem::remove(directory_ + "/token");
  Write("ca", "");
  ASSERT_TRUE(credentials.Refresh(now_ + seconds(120), wall_).ok());
  EXPECT_EQ(credentials.token(), "one");
  EXPECT_EQ(credentials.tls().authorities, "authority");
}

TEST_F(CredentialsTest, AFileThatNeverWasThereIsAnError) {
  KubeContext context;
  context.token_file = directory_ + "/token";
  EXPECT_EQ(Credentials(context).Refresh(now_, wall_).error().code, ErrorCode::kFile);
}

TEST_F(CredentialsTest, ANewAuthorityIsUsed) {
  KubeContext context;
  context.authority_file = Write("ca", "old");
  Credentials credentials(context);
  ASSERT_TRUE(credentials.Refresh(now_, wall_).ok());
  Write("ca", "old and new");
  ASSERT_TRUE(credentials.Refresh(now_ + seconds(61), wall_).ok());
  EXPECT_EQ(credentials.tls().authorities, "old and new");
}

TEST_F(CredentialsTest, ALoginProgramIsAskedOnceUntilItsTokenEnds) {
  Credentials credentials(WithPlugin(R"({"token":"abc","expirationTimestamp":"2026-01-01T01:00:00Z"})"));
  ASSERT_TRUE(credentials.Refresh(now_, wall_).ok());
  EXPECT_EQ(credentials.token(), "abc");
  ASSERT_TRUE(credentials.Refresh(now_, wall_ + seconds(3539)).ok());
  EXPECT_EQ(Asked(), 1U);
  ASSERT_TRUE(credentials.Refresh(now_, wall_ + seconds(3541)).ok());
  EXPECT_EQ(Asked(), 2U);
  ASSERT_TRUE(credentials.Refresh(now_, wall_, true).ok());
  EXPECT_EQ(Asked(), 3U);
}

TEST_F(CredentialsTest, ALoginProgramMayGiveACertificate) {
  Credentials credentials(WithPlugin(R"({"clientCertificateData":"CERT","clientKeyData":"KEY"})"));
  ASSERT_TRUE(credentials.Refresh(now_, wall_).ok());
  EXPECT_EQ(credentials.tls().client_certificate, "CERT");
  EXPECT_EQ(credentials.tls().client_key, "KEY");
}

TEST_F(CredentialsTest, ALoginProgramIsToldTheClusterAndItsEnvironment) {
  Credentials credentials(WithPlugin(R"({"token":"abc"})",
                                     R"(printf '%s %s' "$PROFILE" "$KUBERNETES_EXEC_INFO" > "$(dirname "$0")/told")"));
  ASSERT_TRUE(credentials.Refresh(now_, wall_).ok());
  std::ifstream told(directory_ + "/told");
  const std::string text{std::istreambuf_iterator<char>(told), {}};
  EXPECT_THAT(text, testing::StartsWith("prod {"));
  EXPECT_THAT(text, HasSubstr(R"("server":"https://one")"));
  EXPECT_THAT(text, HasSubstr(R"("interactive":false)"));
}

TEST_F(CredentialsTest, ALoginProgramThatFailsSaysWhyWithoutItsOutput) {
  const auto failed =
      Credentials(WithPlugin("{}", "echo hunter2; echo session expired >&2; exit 3")).Refresh(now_, wall_);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kConfig);
  EXPECT_THAT(failed.error().message, HasSubstr("failed with 3: session expired"));
  EXPECT_THAT(failed.error().message, Not(HasSubstr("hunter2")));
  EXPECT_EQ(failed.error().hint, "get it");
}

TEST(ReadExecCredentialTest, WhatIsNoLoginIsRefused) {
  const std::string version = "client.authentication.k8s.io/v1";
  for (const char* output :
       {"", "token: x", "{}", R"({"kind":"ExecCredential","apiVersion":"v2","status":{"token":"x"}})",
        R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{}})",
        R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",
                                "status":{"token":"x","clientCertificateData":"y"}})",
        R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",
                                "status":{"token":"x","expirationTimestamp":"soon"}})"}) {
    EXPECT_FALSE(ReadExecCredential(output, version).ok()) << output;
  }
}

}  // namespace
}  // namespace sluice::kube
