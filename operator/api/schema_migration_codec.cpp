#include "operator/api/schema_migration_codec.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/duration.h"
#include "operator/api/enum_text.h"
#include "operator/api/names.h"
#include "operator/k8s/json_access.h"
#include "operator/k8s/time_text.h"

namespace sluice::api {
namespace {

using kube::At;
using kube::NumberAt;
using kube::TextAt;
using kube::TrueAt;
using std::chrono::seconds;

int IntAt(const Json& json, std::string_view name, int fallback = 0) {
  const long long number = NumberAt(json, {name}, fallback);
  return static_cast<int>(
      std::clamp<long long>(number, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}

bool FlagAt(const Json& json, std::string_view name, bool fallback) {
  const Json& found = At(json, {name});
  return found.is_boolean() ? found.get<bool>() : fallback;
}

std::string TextOr(const Json& json, std::string_view name, std::string fallback) {
  const Json& found = At(json, {name});
  return found.is_string() ? found.get<std::string>() : std::move(fallback);
}

seconds SecondsAt(const Json& json, std::string_view name, seconds fallback) {
  const Json& found = At(json, {name});
  if (!found.is_string()) return fallback;
  const auto duration = ParseDuration(found.get_ref<const std::string&>());
  return duration.ok() ? std::chrono::duration_cast<seconds>(*duration) : fallback;
}

std::optional<Time> TimeAt(const Json& json, std::string_view name) { return kube::ParseTime(TextAt(json, {name})); }

template <typename Enum>
std::optional<Enum> FindEnum(std::string_view text) {
  for (const EnumText<Enum>& entry : TextsOf(Enum{})) {
    if (entry.text == text) return entry.value;
  }
  return std::nullopt;
}

template <typename Enum>
void ReadEnum(const Json& json, std::string_view name, Enum& value) {
  value = FindEnum<Enum>(TextAt(json, {name})).value_or(value);
}

// What `read` makes of the items of a list that are of this kind.
template <typename Read>
auto ListAt(const Json& json, std::string_view name, Json::value_t kind, const Read& read) {
  std::vector<decltype(read(json))> items;
  const Json& list = At(json, {name});
  if (!list.is_array()) return items;
  for (const Json& item : list) {
    if (item.type() == kind) items.push_back(read(item));
  }
  return items;
}

std::vector<std::string> TextsAt(const Json& json, std::string_view name) {
  return ListAt(json, name, Json::value_t::string, [](const Json& item) { return item.get<std::string>(); });
}

template <typename Read>
auto ObjectsAt(const Json& json, std::string_view name, const Read& read) {
  return ListAt(json, name, Json::value_t::object, read);
}

// What `read` makes of a member that is an object; empty when it isn't one.
template <typename Read>
auto ObjectAt(const Json& json, std::string_view name, const Read& read) {
  const Json& found = At(json, {name});
  return found.is_object() ? std::optional(read(found)) : std::nullopt;
}

// Spec ---------------------------------------------------------------------------------------------------------------

SecretKey ReadSecretKey(const Json& source) {
  return {TextAt(source, {"secretKeyRef", "name"}), TextAt(source, {"secretKeyRef", "key"})};
}

DatabaseRef ReadDatabase(const Json& json) {
  DatabaseRef database;
  database.url_from = ObjectAt(json, "urlFrom", ReadSecretKey);
  database.host = TextAt(json, {"host"});
  database.port = IntAt(json, "port", database.port);
  database.name = TextAt(json, {"name"});
  database.user = TextAt(json, {"user"});
  database.password_from = ObjectAt(json, "passwordFrom", ReadSecretKey);
  return database;
}

Policy ReadPolicy(const Json& json) {
  Policy policy;
  ReadEnum(json, "onFailure", policy.on_failure);
  policy.retries = IntAt(json, "retries", policy.retries);
  policy.timeout = SecondsAt(json, "timeout", policy.timeout);
  ReadEnum(json, "onDataLoss", policy.on_data_loss);
  ReadEnum(json, "approval", policy.approval);
  policy.window = TextAt(json, {"window"});
  ReadEnum(json, "contract", policy.contract);
  return policy;
}

std::optional<Validation> ReadValidation(const Json& json) {
  if (!json.is_object() || TextAt(json, {"mode"}) == kNoValidation) return std::nullopt;
  Validation validation;
  validation.database = ReadDatabase(At(json, {"database"}));
  ReadEnum(json, "mode", validation.mode);
  return validation;
}

Gate ReadGate(const Json& json) {
  Gate gate;
  gate.deployments = ObjectsAt(json, "targets", [](const Json& target) { return TextAt(target, {"name"}); });
  ReadEnum(json, "onFailedRollout", gate.on_failed_rollout);
  gate.restore_template = FlagAt(json, "restoreTemplate", gate.restore_template);
  gate.rollout_timeout = SecondsAt(json, "rolloutTimeout", gate.rollout_timeout);
  ReadEnum(json, "onDelete", gate.on_delete);
  return gate;
}

Spec ReadSpec(const Json& json) {
  Spec spec;
  spec.image = TextAt(json, {"image"});
  spec.image_pull_policy = TextAt(json, {"imagePullPolicy"});
  spec.database = ReadDatabase(At(json, {"database"}));
  spec.target = TextOr(json, "target", spec.target);
  spec.policy = ReadPolicy(At(json, {"policy"}));
  spec.validation = ReadValidation(At(json, {"validation"}));
  spec.gate = ObjectAt(json, "gate", ReadGate);
  spec.drift_interval = SecondsAt(At(json, {"drift"}), "interval", spec.drift_interval);
  spec.approved_plan = TextAt(json, {"approvedPlan"});
  spec.suspend = FlagAt(json, "suspend", spec.suspend);
  spec.service_account = TextAt(json, {"serviceAccountName"});
  spec.image_pull_secrets =
      ObjectsAt(json, "imagePullSecrets", [](const Json& secret) { return TextAt(secret, {"name"}); });
  if (const Json& pod_template = At(json, {"podTemplate"}); pod_template.is_object()) spec.pod_template = pod_template;
  return spec;
}

// Status -------------------------------------------------------------------------------------------------------------

Condition ReadCondition(const Json& json) {
  return {TextAt(json, {"type"}),    TextAt(json, {"status"}) == "True",     TextAt(json, {"reason"}),
          TextAt(json, {"message"}), NumberAt(json, {"observedGeneration"}), TimeAt(json, "lastTransitionTime")};
}

PlanStep ReadStep(const Json& json) {
  return {TextAt(json, {"revision"}), TextAt(json, {"message"}), FlagAt(json, "transaction", true),
          TrueAt(json, {"contract"}), TextsAt(json, "hazards")};
}

Plan ReadPlan(const Json& json) {
  Plan plan;
  plan.hash = TextAt(json, {"hash"});
  ReadEnum(json, "direction", plan.direction);
  plan.from = TextsAt(json, "from");
  plan.steps = ObjectsAt(json, "steps", ReadStep);
  plan.steps_omitted = IntAt(json, "stepsOmitted");
  plan.contracts = IntAt(json, "contracts");
  return plan;
}

DowngradePlan ReadDowngradePlan(const Json& json) {
  return {TextsAt(json, "to"), IntAt(json, "steps"), TextsAt(json, "dataLoss"), IntAt(json, "dataLossOmitted"),
          TextsAt(json, "irreversible")};
}

ValidationResult ReadValidationResult(const Json& json) {
  return {TextAt(json, {"planHash"}), TrueAt(json, {"passed"}), TimeAt(json, "at"), TextAt(json, {"longestLock"})};
}

Run ReadRun(const Json& json) {
  return {TextAt(json, {"job"}),      TextAt(json, {"step"}),    TimeAt(json, "startedAt"),
          TimeAt(json, "finishedAt"), TextAt(json, {"outcome"}), TextAt(json, {"message"})};
}

HistoryEntry ReadHistoryEntry(const Json& json) {
  return {NumberAt(json, {"generation"}), TextAt(json, {"image"}),   TextAt(json, {"from"}),
          TextAt(json, {"to"}),           TextAt(json, {"outcome"}), TimeAt(json, "at")};
}

Reached ReadReached(const Json& json) {
  return {NumberAt(json, {"generation"}), TextAt(json, {"image"}), TextsAt(json, "revisions"), TimeAt(json, "at")};
}

GatedBefore ReadGated(const Json& json) {
  return {TextAt(json, {"deployment"}), TextAt(json, {"templateHash"}), TextAt(json, {"releasedHash"})};
}

Failure ReadFailure(const Json& json) { return {TextAt(json, {"reason"}), TextAt(json, {"message"})}; }

Status ReadStatus(const Json& json) {
  Status status;
  status.observed_generation = NumberAt(json, {"observedGeneration"}, status.observed_generation);
  status.phase = FindEnum<Phase>(TextAt(json, {"phase"}));
  status.conditions = ObjectsAt(json, "conditions", ReadCondition);
  status.current = TextAt(json, {"current"});
  status.target = TextAt(json, {"target"});
  status.pending = IntAt(json, "pending");
  status.database = TextAt(json, {"database"});
  status.database_id = TextAt(json, {"databaseId"});
  status.image = TextAt(json, {"image"});
  status.plan = ObjectAt(json, "plan", ReadPlan);
  status.downgrade_plan = ObjectAt(json, "downgradePlan", ReadDowngradePlan);
  status.validation = ObjectAt(json, "validation", ReadValidationResult);
  status.last_run = ObjectAt(json, "lastRun", ReadRun);
  status.history = ObjectsAt(json, "history", ReadHistoryEntry);
  status.reached = ObjectAt(json, "reached", ReadReached);
  status.gated = ObjectsAt(json, "gated", ReadGated);
  status.pending_contract = TextsAt(json, "pendingContract");
  status.failure = ObjectAt(json, "failure", ReadFailure);
  status.attempt = IntAt(json, "attempt");
  status.failures = IntAt(json, "failures");
  status.phase_since = TimeAt(json, "phaseSince");
  status.drift_checked_at = TimeAt(json, "driftCheckedAt");
  status.drift = TextAt(json, {"drift"});
  return status;
}

}  // namespace

SchemaMigration ReadSchemaMigration(const Json& object) {
  SchemaMigration migration;
  const Json& metadata = At(object, {"metadata"});
  migration.namespace_name = TextAt(metadata, {"namespace"});
  migration.name = TextAt(metadata, {"name"});
  migration.uid = TextAt(metadata, {"uid"});
  migration.resource_version = TextAt(metadata, {"resourceVersion"});
  migration.generation = NumberAt(metadata, {"generation"});
  migration.deleting = At(metadata, {"deletionTimestamp"}).is_string();
  migration.other_finalizers = TextsAt(metadata, "finalizers");
  migration.has_finalizer = std::erase(migration.other_finalizers, kFinalizer) > 0;
  migration.spec = ReadSpec(At(object, {"spec"}));
  migration.status = ReadStatus(At(object, {"status"}));
  return migration;
}

}  // namespace sluice::api
