// The control plane that KUBECONFIG names, and a namespace of the test's own in it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "operator/k8s/client.h"
#include "operator/k8s/cluster.h"

namespace sluice::kube {

inline constexpr Resource kConfigMaps{"", "v1", "configmaps"};
inline constexpr Resource kNamespaces{"", "v1", "namespaces"};

class KubeTest : public testing::Test {
 protected:
  KubeTest() : cluster_(Connect()) {
    static int number = 0;
    namespace_ = "unit-" + std::to_string(++number);
    EXPECT_TRUE(client().Create({kNamespaces, "", ""}, Json{{"metadata", {{"name", namespace_}}}}).ok());
  }
  ~KubeTest() override { EXPECT_TRUE(client().Delete({kNamespaces, "", namespace_}, Json()).ok()); }

  static std::unique_ptr<Cluster> Connect(http::Interruption interruption = {}) {
    auto context = FindKubeContext(ProcessKubeEnvironment());
    auto made = Cluster::Make(std::move(context).value(), std::move(interruption), "sluice-tests");
    return std::move(made).value();
  }

  Client& client() { return cluster_->client(); }
  ObjectName Map(const std::string& name) const { return {kConfigMaps, namespace_, name}; }
  static Json MapObject(const std::string& name, const std::string& value) {
    return Json{{"apiVersion", "v1"},
                {"kind", "ConfigMap"},
                {"metadata", {{"name", name}, {"labels", {{"of", "test"}}}}},
                {"data", {{"value", value}}}};
  }
  Json Make(const std::string& name, const std::string& value = "1") {
    auto made = client().Create(Map(""), MapObject(name, value));
    EXPECT_TRUE(made.ok()) << made.error().message;
    return made.ok() ? *made : Json();
  }

  std::unique_ptr<Cluster> cluster_;
  std::string namespace_;
};

}  // namespace sluice::kube
