#include "operator/telemetry/endpoints.h"

#include <gtest/gtest.h>

namespace sluice::telemetry {
namespace {

http::ServerAnswer Get(const EndpointSources& sources, const std::string& path) {
  return AnswerEndpoint(sources, {"GET", path, ""});
}

TEST(Endpoints, HealthSaysWhatIsWrong) {
  std::string trouble;
  EndpointSources sources;
  sources.alive_trouble = [] { return std::string(); };
  sources.ready_trouble = [&] { return trouble; };
  EXPECT_EQ(Get(sources, "/healthz").status, 200);
  EXPECT_EQ(Get(sources, "/readyz").body, "ok\n");
  trouble = "the API server has not been listed yet";
  EXPECT_EQ(Get(sources, "/readyz").status, 503);
  EXPECT_EQ(Get(sources, "/readyz").body, trouble + "\n");
  EXPECT_EQ(Get(sources, "/healthz").status, 200);
}

TEST(Endpoints, MetricsAreText) {
  EndpointSources sources;
  sources.metrics = [] { return std::string("a 1\n"); };
  const http::ServerAnswer answer = Get(sources, "/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "a 1\n");
  EXPECT_EQ(answer.content_type, "text/plain; version=0.0.4; charset=utf-8");
}

TEST(Endpoints, AGateIsFineOnlyWhenItIsOpen) {
  EndpointSources sources;
  sources.gate = [](const std::string& namespace_name, const std::string& name) -> std::optional<GateState> {
    if (namespace_name != "shop") return std::nullopt;
    return GateState{name == "api", "SchemaMigration web is Migrating"};
  };
  EXPECT_EQ(Get(sources, "/gate/shop/api").status, 200);
  EXPECT_EQ(AnswerEndpoint(sources, {"POST", "/gate/shop/api", "{}"}).status, 200);
  EXPECT_EQ(Get(sources, "/gate/shop/web").status, 403);
  EXPECT_EQ(Get(sources, "/gate/shop/web").body, "closed: SchemaMigration web is Migrating\n");
  for (const char* path :
       {"/gate/other/api", "/gate/shop", "/gate/shop/", "/gate//api", "/gate/shop/api/x", "/gate/"}) {
    EXPECT_EQ(Get(sources, path).status, 404) << path;
  }
}

TEST(Endpoints, WhatIsNotThereIsNotFound) {
  for (const char* path : {"/", "/metrics", "/healthz", "/readyz", "/gate/shop/api", "/metricsx", ""}) {
    EXPECT_EQ(Get({}, path).status, 404) << path;
  }
}

}  // namespace
}  // namespace sluice::telemetry
