// Deployments and resources for tests of the gate.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "operator/migration/gate.h"
#include "operator/migration/gate_patches.h"
#include "operator/migration/gated_deployment.h"

namespace sluice::migration {

inline constexpr api::Time kNoon{std::chrono::seconds(1'795'694'400)};  // 2026-11-26T12:00:00Z

inline api::Time Later(int seconds) { return kNoon + std::chrono::seconds(seconds); }

// A pod template of one container; `schema`: its annotation, where there is one.
inline Json TemplateOf(const std::string& image, const std::string& schema = {}) {
  Json made{{"metadata", {{"labels", {{"app", "api"}}}}},
            {"spec", {{"containers", Json::array({{{"name", "api"}, {"image", image}}})}}}};
  if (!schema.empty()) made["metadata"]["annotations"]["sluice.dev/schema"] = schema;
  return made;
}

inline Json DeploymentOf(const Json& pod_template) {
  return Json{
      {"apiVersion", "apps/v1"},
      {"kind", "Deployment"},
      {"metadata",
       {{"namespace", "shop"}, {"name", "api"}, {"uid", "u1"}, {"resourceVersion", "7"}, {"generation", 2}}},
      {"spec", {{"replicas", 2}, {"selector", {{"matchLabels", {{"app", "api"}}}}}, {"template", pod_template}}},
      {"status", {{"observedGeneration", 2}, {"replicas", 2}, {"updatedReplicas", 2}, {"availableReplicas", 2}}}};
}

// One that the operator has adopted, with this template approved.
inline Json AdoptedOf(const Json& approved, const Json& pod_template, const std::string& by = "api") {
  Json made = DeploymentOf(pod_template);
  made["metadata"]["labels"]["sluice.dev/gated"] = "true";
  made["metadata"]["annotations"] = {{"sluice.dev/gated-by", by}, {"sluice.dev/approved", TemplateHash(approved)}};
  return made;
}

inline void Annotate(Json& deployment, const std::string& name, const std::string& value) {
  deployment["metadata"]["annotations"]["sluice.dev/" + name] = value;
}

// As the webhook leaves it.
inline Json HeldOf(Json deployment, api::Time since = kNoon) {
  Annotate(deployment, "paused", MarkText({TemplateHash(deployment["spec"]["template"]), since}));
  deployment["spec"]["paused"] = true;
  return deployment;
}

// A resource of generation 3 that has reached this image at noon.
inline GateResource ResourceOf(const std::string& image, api::Phase phase = api::Phase::kReady,
                               const std::string& name = "api") {
  GateResource made;
  made.name = name;
  made.deployments = {"api"};
  made.generation = 3;
  made.observed_generation = 3;
  made.phase = phase;
  made.reached = api::Reached{3, image, {"6ee06edc35dd", "1d0000000001"}, kNoon};
  return made;
}

}  // namespace sluice::migration
