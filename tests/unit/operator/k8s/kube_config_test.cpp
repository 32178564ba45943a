#include "operator/k8s/kube_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sluice::kube {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kFirst[] = R"(
apiVersion: v1
kind: Config
current-context: dev
contexts:
- name: dev
  context: {cluster: one, user: me, namespace: shop}
clusters:
- name: one
  cluster:
    server: https://one.example:6443
    certificate-authority: pki/ca.crt
    tls-server-name: kubernetes
users:
- name: me
  user:
    client-certificate-data: Q0VSVA==
    client-key-data: S0VZ
)";

constexpr char kSecond[] = R"(
current-context: other
contexts:
- {name: dev, context: {cluster: two, user: me, namespace: elsewhere}}
- {name: other, context: {cluster: two, user: robot}}
clusters:
- {name: two, cluster: {server: "https://two.example", insecure-skip-tls-verify: true}}
- {name: one, cluster: {server: "https://evil.example", proxy-url: "http://proxy"}}
users:
- {name: robot, user: {token: abc, tokenFile: ./token}}
- {name: me, user: {token: wrong}}
)";

TEST(KubeConfigTest, TheCurrentContextOfOneFile) {
  const auto context = MergeKubeConfig({{"/home/me/.kube/config", kFirst}});
  ASSERT_TRUE(context.ok()) << context.error().message;
  EXPECT_EQ(context->server, "https://one.example:6443");
  EXPECT_EQ(context->authority_file, "/home/me/.kube/pki/ca.crt");
  EXPECT_EQ(context->tls_server_name, "kubernetes");
  EXPECT_EQ(context->namespace_name, "shop");
  EXPECT_EQ(context->client_certificate, "CERT");
  EXPECT_EQ(context->client_key, "KEY");
  EXPECT_TRUE(context->verify);
  EXPECT_EQ(context->source, "/home/me/.kube/config, context dev");
}

TEST(KubeConfigTest, OfEntriesWithTheSameNameTheFirstFilesCountsWhole) {
  const auto context = MergeKubeConfig({{"a/config", kFirst}, {"b/config", kSecond}});
  ASSERT_TRUE(context.ok()) << context.error().message;
  EXPECT_EQ(context->server, "https://one.example:6443");
  EXPECT_EQ(context->authority_file, "a/pki/ca.crt");
  EXPECT_EQ(context->namespace_name, "shop");
  EXPECT_EQ(context->token, "");
}

TEST(KubeConfigTest, TheFirstCurrentContextCounts) {
  const auto context = MergeKubeConfig({{"b/config", kSecond}, {"a/config", kFirst}});
  ASSERT_TRUE(context.ok()) << context.error().message;
  EXPECT_EQ(context->server, "https://two.example");
  EXPECT_FALSE(context->verify);
  EXPECT_EQ(context->token, "abc");
  EXPECT_EQ(context->token_file, "b/./token");
}

TEST(KubeConfigTest, AnotherContextByName) {
  EXPECT_EQ(MergeKubeConfig({{"a", kFirst}, {"b", kSecond}}, "other")->server, "https://two.example");
}

TEST(KubeConfigTest, AConfigMayBeJson) {
  const auto context = MergeKubeConfig({{"config", R"({"current-context":"c",
      "contexts":[{"name":"c","context":{"cluster":"k","user":""}}],
      "clusters":[{"name":"k","cluster":{"server":"http://127.0.0.1:8001"}}]})"}});
  ASSERT_TRUE(context.ok()) << context.error().message;
  EXPECT_EQ(context->server, "http://127.0.0.1:8001");
}

TEST(KubeConfigTest, WhatIsMissingIsNamed) {
  const std::string no_cluster = "current-context: c\ncontexts: [{name: c, context: {cluster: gone, user: u}}]\n";
  EXPECT_THAT(MergeKubeConfig({{"x", no_cluster}}).error().message, HasSubstr("no cluster \"gone\""));
  EXPECT_THAT(MergeKubeConfig({{"x", kFirst}}, "prod").error().message, HasSubstr("no context \"prod\""));
  EXPECT_THAT(MergeKubeConfig({{"x", kFirst}}, "prod").error().hint, HasSubstr("dev"));
  EXPECT_THAT(MergeKubeConfig({{"x", ""}}).error().message, HasSubstr("no current context"));
}

std::string WithUser(const std::string& user) {
  return "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
         "clusters: [{name: k, cluster: {server: 'https://h'}}]\nusers:\n- name: u\n  user: " +
         user + "\n";
}

TEST(KubeConfigTest, WhatIsNotSupportedIsRefusedAndNeverRepeated) {
  for (const char* user : {"{username: admin, password: hunter2}", "{auth-provider: {name: hunter2}}",
                           "{token: hunter2, as: hunter2}", "{client-key-data: 'hunter2!'}",
                           "{exec: {command: hunter2, apiVersion: client.authentication.k8s.io/v1alpha1}}"}) {
    const auto context = MergeKubeConfig({{"config", WithUser(user)}});
    ASSERT_FALSE(context.ok()) << user;
    EXPECT_EQ(context.error().code, ErrorCode::kConfig);
    EXPECT_THAT(context.error().message, Not(HasSubstr("hunter2")));
    EXPECT_EQ(context.error().where.file, "config");
    EXPECT_EQ(context.error().where.line, 6) << user;
  }
  EXPECT_FALSE(MergeKubeConfig({{"b", kSecond}, {"c", "contexts: [{name: p, context: {cluster: one}}]"}}, "p").ok());
}

TEST(KubeConfigTest, BrokenYamlIsShownByLineWithoutItsText) {
  const auto context = MergeKubeConfig({{"config", "users:\n- name: u\n  user: {token: hunter2\n"}});
  ASSERT_FALSE(context.ok());
  EXPECT_EQ(context.error().code, ErrorCode::kConfig);
  EXPECT_THAT(context.error().message, Not(HasSubstr("hunter2")));
}

TEST(KubeConfigTest, APluginWithItsArgumentsAndEnvironment) {
  const auto context = MergeKubeConfig({{"/etc/kube/config", WithUser(R"({exec: {
      apiVersion: client.authentication.k8s.io/v1, command: bin/login, args: [--cluster, one], interactiveMode: Never,
      provideClusterInfo: true, env: [{name: PROFILE, value: prod}], installHint: get it}})")}});
  ASSERT_TRUE(context.ok()) << context.error().message;
  ASSERT_TRUE(context->exec.has_value());
  EXPECT_EQ(context->exec->command, "/etc/kube/bin/login");
  EXPECT_EQ(context->exec->arguments, (std::vector<std::string>{"--cluster", "one"}));
  EXPECT_EQ(context->exec->environment.at(0), (std::pair<std::string, std::string>("PROFILE", "prod")));
  EXPECT_TRUE(context->exec->wants_cluster);
}

TEST(KubeConfigTest, APluginThatAsksQuestionsIsRefused) {
  EXPECT_FALSE(MergeKubeConfig({{"c", WithUser("{exec: {apiVersion: client.authentication.k8s.io/v1, command: login, "
                                               "interactiveMode: Always}}")}})
                   .ok());
}

// A directory of its own, with what stands in it.
class FindKubeContextTest : public testing::Test {
 protected:
  FindKubeContextTest() {
    std::string name = testing::TempDir() + "kube-config-XXXXXX";
    directory_ = mkdtemp(name.data());
    environment_.home = directory_;
    environment_.account_directory = directory_ + "/account";
    std::filesystem::create_directories(directory_ + "/.kube");
    std::filesystem::create_directories(directory_ + "/account");
  }
  ~FindKubeContextTest() override { std::filesystem::remove_all(directory_); }

  void Write(const std::string& path, const std::string& text) { std::ofstream(directory_ + "/" + path) << text; }

  std::string directory_;
  KubeEnvironment environment_;
};

TEST_F(FindKubeContextTest, InAPodItIsTheServiceAccount) {
  Write("account/token", "secret\n");
  Write("account/namespace", "shop\n");
  Write(".kube/config", kFirst);
  environment_.host = "10.96.0.1";
  environment_.port = "443";
  const auto context = FindKubeContext(environment_);
  ASSERT_TRUE(context.ok()) << context.error().message;
  EXPECT_EQ(context->server, "https://10.96.0.1:443");
  EXPECT_EQ(context->namespace_name, "shop");
  EXPECT_EQ(context->token_file, directory_ + "/account/token");
  EXPECT_EQ(context->authority_file, directory_ + "/account/ca.crt");
}

TEST_F(FindKubeContextTest, AnAddressOfIpv6GetsBrackets) {
  Write("account/token", "secret");
  environment_.host = "fd00::1";
  environment_.port = "443";
  EXPECT_EQ(FindKubeContext(environment_)->server, "https://[fd00::1]:443");
}

TEST_F(FindKubeContextTest, KubeconfigComesBeforeThePod) {
  Write("account/token", "secret");
  Write("mine", kFirst);
  environment_.host = "10.96.0.1";
  environment_.kubeconfig = directory_ + "/gone::" + directory_ + "/mine";
  const auto context = FindKubeContext(environment_);
  ASSERT_TRUE(context.ok()) << context.error().message;
  EXPECT_EQ(context->server, "https://one.example:6443");
}

TEST_F(FindKubeContextTest, OutsideOfPodsItIsTheFileOfKubectl) {
  Write(".kube/config", kFirst);
  EXPECT_EQ(FindKubeContext(environment_)->server, "https://one.example:6443");
}

TEST_F(FindKubeContextTest, WithoutAnyOfThemItSaysSo) {
  EXPECT_THAT(FindKubeContext(environment_).error().message, HasSubstr("nothing says where Kubernetes is"));
  environment_.host = "10.96.0.1";
  EXPECT_THAT(FindKubeContext(environment_).error().message, HasSubstr("no service account token is mounted"));
  EXPECT_THAT(FindKubeContext(environment_).error().hint, HasSubstr("automountServiceAccountToken"));
  environment_.kubeconfig = directory_ + "/gone";
  EXPECT_THAT(FindKubeContext(environment_).error().message, HasSubstr("KUBECONFIG names no file"));
}

}  // namespace
}  // namespace sluice::kube
