#include "operator/migration/job_builder.h"

#include <algorithm>

#include "core/base/checksum.h"
#include "operator/api/names.h"

namespace sluice::migration {

namespace {

using api::Json;

constexpr std::size_t kLongestName = 40;
constexpr std::size_t kHashDigits = 10;
constexpr std::size_t kLongestLabel = 63;
// Time for a migrator that is asked to end, or at its limit, to take its statement back and to write its report.
constexpr std::chrono::seconds kGrace{30};

constexpr const char* kPlanFile = "/run/sluice/plan.json";

// Names must not end with what is left of a cut.
std::string CutName(std::string_view name, std::size_t longest) {
  std::string cut(name.substr(0, longest));
  while (!cut.empty() && (cut.back() == '-' || cut.back() == '.')) cut.pop_back();
  return cut;
}

Json FromSecret(std::string_view variable, const api::SecretKey& key) {
  return {{"name", variable}, {"valueFrom", {{"secretKeyRef", {{"name", key.name}, {"key", key.key}}}}}};
}

Json Plain(std::string_view variable, const std::string& value) { return {{"name", variable}, {"value", value}}; }

// References are not optional: the kubelet waits for a Secret that is not there yet, and says so.
Json DatabaseEnvironment(const api::DatabaseRef& database) {
  Json environment = Json::array();
  if (database.url_from) {
    environment.push_back(FromSecret("DATABASE_URL", *database.url_from));
  } else {
    environment.push_back(Plain("DB_HOST", database.host));
    environment.push_back(Plain("DB_PORT", std::to_string(database.port)));
    environment.push_back(Plain("POSTGRES_DB", database.name));
    environment.push_back(Plain("POSTGRES_USER", database.user));
    if (database.password_from) environment.push_back(FromSecret("POSTGRES_PASSWORD", *database.password_from));
  }
  return environment;
}

// `timeout`: of the pod; the program's own ends before it, so that it can tell why.
std::string TimeoutArgument(std::chrono::seconds timeout) {
  return "--timeout=" + std::to_string(std::max<std::int64_t>(1, (timeout - kGrace).count())) + "s";
}

std::vector<std::string> Arguments(const api::SchemaMigration& resource, const JobOrder& order) {
  const api::Policy& policy = resource.spec.policy;
  switch (order.step) {
    case Step::kPlan:
      return {"plan", "--sync", order.target};
    case Step::kValidate: {
      std::vector<std::string> arguments = {"validate", "--plan", kPlanFile, TimeoutArgument(policy.timeout)};
      if (resource.spec.validation->mode == api::ValidationMode::kUpgrade) arguments.push_back("--upgrade-only");
      // What an upgrade takes away is in the plan that the resource shows; whether it may is spec.policy's to say.
      arguments.push_back("--allow-destructive");
      return arguments;
    }
    case Step::kUpgrade: {
      std::vector<std::string> arguments = {"upgrade", "--require-validated", order.plan_hash,
                                            TimeoutArgument(policy.timeout)};
      if (policy.contract != api::ContractTime::kImmediately) arguments.push_back("--phase=expand");
      arguments.push_back(order.target);
      return arguments;
    }
    case Step::kContract: {
      std::vector<std::string> arguments = {"upgrade", TimeoutArgument(policy.timeout)};
      if (!order.plan_hash.empty()) {
        arguments.push_back("--require-validated");
        arguments.push_back(order.plan_hash);
      }
      arguments.push_back(order.target);
      return arguments;
    }
    case Step::kUndo:
      return {"downgrade", "--undo", order.plan_hash, TimeoutArgument(policy.timeout)};
    case Step::kDowngrade:
      return {"downgrade", "--require-validated", order.plan_hash, TimeoutArgument(policy.timeout), order.target};
    case Step::kDrift:
      return {"check"};
  }
  return {};
}

Json Container(const api::SchemaMigration& resource, const std::string& name, const api::DatabaseRef& database,
               const std::vector<std::string>& arguments) {
  Json environment = DatabaseEnvironment(database);
  environment.push_back(Plain("SLUICE_TERMINATION_LOG", "/dev/termination-log"));
  environment.push_back(Plain("SLUICE_AHEAD", "ok"));
  environment.push_back(Plain("SLUICE_CACHE_SIZE", "0"));
  environment.push_back(Plain("SLUICE_WAIT_FOR_DATABASE", "20s"));
  Json container = {
      {"name", name},
      {"image", resource.spec.image},
      {"args", arguments},
      {"env", std::move(environment)},
      {"securityContext",
       {{"allowPrivilegeEscalation", false},
        {"readOnlyRootFilesystem", true},
        {"capabilities", {{"drop", Json::array({"ALL"})}}}}},
      {"resources", {{"requests", {{"cpu", "50m"}, {"memory", "32Mi"}}}}},
      {"terminationMessagePolicy", "FallbackToLogsOnError"},
  };
  if (!resource.spec.image_pull_policy.empty()) container["imagePullPolicy"] = resource.spec.image_pull_policy;
  return container;
}

void Mount(Json& container) {
  container["volumeMounts"].push_back({{"name", "sluice-work"}, {"mountPath", "/run/sluice"}});
}

Json PodSpec(const api::SchemaMigration& resource, const JobOrder& order) {
  const api::Spec& spec = resource.spec;
  Json pod = {
      {"restartPolicy", "Never"},
      {"automountServiceAccountToken", false},
      {"enableServiceLinks", false},
      {"terminationGracePeriodSeconds", kGrace.count()},
      {"activeDeadlineSeconds", (spec.policy.timeout + kGrace).count()},
      {"securityContext",
       {{"runAsNonRoot", true},
        {"runAsUser", 65532},
        {"runAsGroup", 65532},
        {"fsGroup", 65532},
        {"seccompProfile", {{"type", "RuntimeDefault"}}}}},
  };
  if (!spec.service_account.empty()) pod["serviceAccountName"] = spec.service_account;
  for (const std::string& secret : spec.image_pull_secrets) pod["imagePullSecrets"].push_back({{"name", secret}});
  const bool validates = order.step == Step::kValidate;
  Json main =
      Container(resource, "sluice", validates ? spec.validation->database : spec.database, Arguments(resource, order));
  if (validates) {
    Mount(main);
    Json plan = Container(resource, "plan", spec.database, {"plan", "--report", kPlanFile, order.target});
    Mount(plan);
    pod["initContainers"] = Json::array({std::move(plan)});
    pod["volumes"].push_back({{"name", "sluice-work"}, {"emptyDir", {{"sizeLimit", "64Mi"}}}});
  }
  pod["containers"] = Json::array({std::move(main)});
  return pod;
}

// Lists that a podTemplate adds to; every other one replaces.
bool IsAddedTo(std::string_view list) {
  return list == "volumes" || list == "env" || list == "volumeMounts" || list == "imagePullSecrets" ||
         list == "tolerations";
}

void LayOver(Json& base, const Json& over) {
  for (const auto& [name, value] : over.items()) {
    Json& place = base[name];
    if (value.is_object() && place.is_object()) {
      LayOver(place, value);
    } else if (value.is_array() && place.is_array() && IsAddedTo(name)) {
      place.insert(place.end(), value.begin(), value.end());
    } else {
      place = value;
    }
  }
}

// Members of spec.podTemplate that are said of our containers, and what they are called there.
std::string_view OfContainers(std::string_view member) {
  if (member == "containerSecurityContext") return "securityContext";
  for (const std::string_view known : {"resources", "env", "envFrom", "volumeMounts"}) {
    if (member == known) return known;
  }
  return {};
}

void LayOverPod(Json& metadata, Json& pod, const Json& pod_template) {
  if (!pod_template.is_object()) return;
  for (const auto& [name, value] : pod_template.items()) {
    const std::string_view place = OfContainers(name);
    if (!place.empty()) {
      for (const char* list : {"containers", "initContainers"}) {
        if (!pod.contains(list)) continue;
        for (Json& container : pod[list]) LayOver(container, {{place, value}});
      }
    } else if (name == "labels" || name == "annotations") {
      LayOver(metadata, {{name, value}});
    } else if (name != "initContainers") {
      LayOver(pod, {{name, value}});
    }
  }
  // A proxy to the database has to be there before anything of ours begins.
  const auto first = pod_template.find("initContainers");
  if (first == pod_template.end() || !first->is_array()) return;
  Json& place = pod["initContainers"];
  if (!place.is_array()) place = Json::array();
  place.insert(place.begin(), first->begin(), first->end());
}

// What can't be mended by trying again ends the Job at once; a pod that the cluster took away doesn't count.
Json FailurePolicy() {
  const Json disruption = {{"type", "DisruptionTarget"}, {"status", "True"}};
  const Json for_good = {{"containerName", "sluice"}, {"operator", "In"}, {"values", {2, 3, 4}}};
  Json rules = Json::array();
  rules.push_back({{"action", "Ignore"}, {"onPodConditions", Json::array({disruption})}});
  rules.push_back({{"action", "FailJob"}, {"onExitCodes", for_good}});
  return {{"rules", std::move(rules)}};
}

int Retries(const api::SchemaMigration& resource, Step step) {
  switch (step) {
    case Step::kUpgrade:
    case Step::kContract:
    case Step::kUndo:
    case Step::kDowngrade:
      return resource.spec.policy.retries;
    case Step::kPlan:
    case Step::kValidate:
    case Step::kDrift:
      return 0;
  }
  return 0;
}

}  // namespace

std::string_view NameOf(Step step) {
  switch (step) {
    case Step::kPlan:
      return "plan";
    case Step::kValidate:
      return "validate";
    case Step::kUpgrade:
      return "upgrade";
    case Step::kContract:
      return "contract";
    case Step::kUndo:
      return "undo";
    case Step::kDowngrade:
      return "downgrade";
    case Step::kDrift:
      return "drift";
  }
  return "";
}

std::string JobName(const api::SchemaMigration& resource, const JobOrder& order) {
  const std::string step(NameOf(order.step));
  const std::string identity =
      resource.uid + "/" + std::to_string(resource.generation) + "/" + step + "/" + std::to_string(order.attempt);
  return CutName(resource.name, kLongestName) + "-" + step + "-" + Sha256Hex(identity).substr(0, kHashDigits);
}

std::string LabelValue(std::string_view name) {
  if (name.size() <= kLongestLabel) return std::string(name);
  return CutName(name, kLongestLabel - kHashDigits - 1) + "-" + Sha256Hex(name).substr(0, kHashDigits);
}

Json BuildJob(const api::SchemaMigration& resource, const JobOrder& order) {
  const Json labels = {
      {"app.kubernetes.io/name", "sluice"},
      {"app.kubernetes.io/managed-by", api::kFieldManager},
      {api::kMigrationLabel, LabelValue(resource.name)},
      {api::kMigrationUidLabel, resource.uid},
      {api::kStepLabel, NameOf(order.step)},
  };
  const Json annotations = {
      {api::kGenerationAnnotation, std::to_string(resource.generation)},
      {api::kAttemptAnnotation, std::to_string(order.attempt)},
  };
  Json pod_metadata = {{"labels", labels}, {"annotations", annotations}};
  pod_metadata["labels"]["sidecar.istio.io/inject"] = "false";
  pod_metadata["annotations"]["sidecar.istio.io/inject"] = "false";
  pod_metadata["annotations"][std::string(api::kMigrationLabel)] = resource.name;  // whole, as a label can't have it
  pod_metadata["annotations"]["cluster-autoscaler.kubernetes.io/safe-to-evict"] = "false";
  pod_metadata["annotations"]["karpenter.sh/do-not-disrupt"] = "true";
  Json pod = PodSpec(resource, order);
  LayOverPod(pod_metadata, pod, resource.spec.pod_template);
  const Json owner = {{"apiVersion", api::kApiVersion},
                      {"kind", api::kKind},
                      {"name", resource.name},
                      {"uid", resource.uid},
                      {"controller", true},
                      {"blockOwnerDeletion", true}};
  return {
      {"apiVersion", "batch/v1"},
      {"kind", "Job"},
      {"metadata",
       {{"name", JobName(resource, order)},
        {"namespace", resource.namespace_name},
        {"labels", labels},
        {"annotations", annotations},
        {"ownerReferences", Json::array({owner})}}},
      {"spec",
       {{"backoffLimit", Retries(resource, order.step)},
        {"podFailurePolicy", FailurePolicy()},
        {"template", {{"metadata", std::move(pod_metadata)}, {"spec", std::move(pod)}}}}},
  };
}

}  // namespace sluice::migration
