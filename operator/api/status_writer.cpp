// WriteStatus of schema_migration_codec.h.
#include <algorithm>
#include <utility>

#include "operator/api/enum_text.h"
#include "operator/api/limits.h"
#include "operator/api/schema_migration_codec.h"
#include "operator/k8s/json_access.h"
#include "operator/k8s/time_text.h"

namespace sluice::api {
namespace {

constexpr std::size_t kShortestMessage = 160;

// At most `longest` bytes, cut at a character. What is no UTF-8 is replaced when all is done.
std::string Clipped(const std::string& text, std::size_t longest) {
  if (text.size() <= longest) return text;
  constexpr std::string_view kMore = "…";
  std::size_t end = longest - kMore.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end).append(kMore);
}

void AddText(Json& json, const char* name, const std::string& text, std::size_t longest) {
  if (!text.empty()) json[name] = Clipped(text, longest);
}

void AddNumber(Json& json, const char* name, std::int64_t number) {
  if (number != 0) json[name] = number;
}

void AddTime(Json& json, const char* name, const std::optional<Time>& time) {
  if (time) json[name] = kube::TimeText(*time);
}

// The first `most` items; an empty list is left out.
template <typename Item, typename Write>
void AddList(Json& json, const char* name, const std::vector<Item>& items, std::size_t most, const Write& write) {
  if (items.empty()) return;
  Json& list = json[name] = Json::array();
  for (std::size_t i = 0; i < std::min(items.size(), most); ++i) list.push_back(write(items[i]));
}

void AddTexts(Json& json, const char* name, const std::vector<std::string>& texts, std::size_t most,
              std::size_t longest) {
  AddList(json, name, texts, most, [&](const std::string& text) { return Clipped(text, longest); });
}

std::int64_t Beyond(std::size_t count, std::size_t most) {
  return count > most ? static_cast<std::int64_t>(count - most) : 0;
}

Json WriteCondition(const Condition& condition) {
  Json json{{"type", condition.type}, {"status", condition.status ? "True" : "False"}};
  json["reason"] = Clipped(condition.reason, kLongestReason);
  json["message"] = Clipped(condition.message, kLongestMessage);
  AddNumber(json, "observedGeneration", condition.observed_generation);
  AddTime(json, "lastTransitionTime", condition.changed_at);
  return json;
}

Json WriteStep(const PlanStep& step) {
  Json json{{"revision", Clipped(step.revision, kLongestRevision)}, {"transaction", step.transaction}};
  AddText(json, "message", step.message, kLongestTitle);
  if (step.contract) json["contract"] = true;
  AddTexts(json, "hazards", step.hazards, kMostHazards, kLongestTitle);
  return json;
}

Json WritePlan(const Plan& plan) {
  Json json{{"hash", Clipped(plan.hash, kLongestHash)}, {"direction", TextOf(plan.direction)}};
  AddTexts(json, "from", plan.from, kMostRows, kLongestRevision);
  AddList(json, "steps", plan.steps, kMostSteps, WriteStep);
  AddNumber(json, "stepsOmitted", plan.steps_omitted + Beyond(plan.steps.size(), kMostSteps));
  AddNumber(json, "contracts", plan.contracts);
  return json;
}

Json WriteDowngradePlan(const DowngradePlan& plan) {
  Json json{{"steps", plan.steps}};
  AddTexts(json, "to", plan.to, kMostRows, kLongestRevision);
  AddTexts(json, "dataLoss", plan.data_loss, kMostDataLosses, kLongestTitle);
  AddNumber(json, "dataLossOmitted", plan.data_loss_omitted + Beyond(plan.data_loss.size(), kMostDataLosses));
  AddTexts(json, "irreversible", plan.irreversible, kMostIrreversible, kLongestRevision);
  return json;
}

Json WriteValidation(const ValidationResult& validation) {
  Json json{{"planHash", Clipped(validation.plan_hash, kLongestHash)}, {"passed", validation.passed}};
  AddTime(json, "at", validation.at);
  AddText(json, "longestLock", validation.longest_lock, kLongestTitle);
  return json;
}

Json WriteRun(const Run& run) {
  Json json = Json::object();
  AddText(json, "job", run.job, kLongestName);
  AddText(json, "step", run.step, kLongestLabel);
  AddTime(json, "startedAt", run.started_at);
  AddTime(json, "finishedAt", run.finished_at);
  AddText(json, "outcome", run.outcome, kLongestReason);
  AddText(json, "message", run.message, kLongestMessage);
  return json;
}

Json WriteHistoryEntry(const HistoryEntry& entry) {
  Json json{{"generation", entry.generation}};
  AddText(json, "image", entry.image, kLongestImage);
  AddText(json, "from", entry.from, kLongestRows);
  AddText(json, "to", entry.to, kLongestRows);
  AddText(json, "outcome", entry.outcome, kLongestReason);
  AddTime(json, "at", entry.at);
  return json;
}

Json WriteReached(const Reached& reached) {
  Json json{{"generation", reached.generation}};
  AddText(json, "image", reached.image, kLongestImage);
  AddTexts(json, "revisions", reached.revisions, kMostReached, kLongestRevision);
  AddTime(json, "at", reached.at);
  return json;
}

Json WriteGated(const GatedBefore& gated) {
  Json json{{"deployment", Clipped(gated.deployment, kLongestName)},
            {"templateHash", Clipped(gated.template_hash, kLongestHash)}};
  AddText(json, "releasedHash", gated.released_hash, kLongestHash);
  return json;
}

Json WriteFailure(const Failure& failure) {
  return {{"reason", Clipped(failure.reason, kLongestReason)}, {"message", Clipped(failure.message, kLongestMessage)}};
}

Json WriteWhole(const Status& status) {
  Json json{{"observedGeneration", status.observed_generation}, {"pending", status.pending}};
  if (status.phase) json["phase"] = TextOf(*status.phase);
  AddList(json, "conditions", status.conditions, kMostConditions, WriteCondition);
  AddText(json, "current", status.current, kLongestRows);
  AddText(json, "target", status.target, kLongestRows);
  AddText(json, "database", status.database, kLongestDatabase);
  AddText(json, "databaseId", status.database_id, kLongestHash);
  AddText(json, "image", status.image, kLongestImage);
  if (status.plan) json["plan"] = WritePlan(*status.plan);
  if (status.downgrade_plan) json["downgradePlan"] = WriteDowngradePlan(*status.downgrade_plan);
  if (status.validation) json["validation"] = WriteValidation(*status.validation);
  if (status.last_run) json["lastRun"] = WriteRun(*status.last_run);
  AddList(json, "history", status.history, kMostHistory, WriteHistoryEntry);
  if (status.reached) json["reached"] = WriteReached(*status.reached);
  AddList(json, "gated", status.gated, kMostTargets, WriteGated);
  AddTexts(json, "pendingContract", status.pending_contract, kMostPendingContracts, kLongestRevision);
  if (status.failure) json["failure"] = WriteFailure(*status.failure);
  AddNumber(json, "attempt", status.attempt);
  AddNumber(json, "failures", status.failures);
  AddTime(json, "phaseSince", status.phase_since);
  AddTime(json, "driftCheckedAt", status.drift_checked_at);
  AddText(json, "drift", status.drift, kLongestMessage);
  return json;
}

// Takes the last item off a list, as long as more than `keep` are there, and counts it in `counter` when that has a
// name.
bool DropLast(Json& owner, const char* list, std::size_t keep, const char* counter = nullptr) {
  const auto items = owner.find(list);
  if (items == owner.end() || items->size() <= keep) return false;
  items->erase(items->size() - 1);
  if (items->empty()) owner.erase(list);
  if (counter != nullptr) owner[counter] = owner.value(counter, std::int64_t{0}) + 1;
  return true;
}

bool DropLastOf(Json& json, const char* parent, const char* list, std::size_t keep, const char* counter = nullptr) {
  const auto owner = json.find(parent);
  return owner != json.end() && DropLast(*owner, list, keep, counter);
}

bool ShortenText(Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) return false;
  auto& text = found->get_ref<std::string&>();
  if (text.size() <= kShortestMessage) return false;
  text = Clipped(text, std::max(kShortestMessage, text.size() / 2));
  return true;
}

// Shortens every message once more. False when none is left to shorten.
bool ShortenMessages(Json& json) {
  bool shortened = ShortenText(json, "drift");
  for (const char* part : {"lastRun", "failure"}) {
    if (const auto found = json.find(part); found != json.end()) shortened |= ShortenText(*found, "message");
  }
  if (const auto conditions = json.find("conditions"); conditions != json.end()) {
    for (Json& condition : *conditions) shortened |= ShortenText(condition, "message");
  }
  return shortened;
}

}  // namespace

Json WriteStatus(const Status& status) {
  // Through the text once, because bytes that are no UTF-8 become characters there.
  std::string text = kube::JsonText(WriteWhole(status));
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  while (text.size() > static_cast<std::size_t>(kLargestStatus) &&
         (DropLastOf(json, "plan", "steps", 0, "stepsOmitted") ||
          DropLastOf(json, "downgradePlan", "dataLoss", 0, "dataLossOmitted") ||
          DropLastOf(json, "reached", "revisions", 1) || DropLast(json, "history", 1) || ShortenMessages(json))) {
    text = kube::JsonText(json);
  }
  return json;
}

}  // namespace sluice::api
