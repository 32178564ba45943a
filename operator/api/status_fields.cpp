// StatusField of resource_schema.h.
#include <limits>
#include <utility>

#include "operator/api/enum_text.h"
#include "operator/api/limits.h"
#include "operator/api/resource_schema.h"

namespace sluice::api {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int32_t>::max();

// Texts of a status may be empty.
Field Text(std::string name, std::size_t longest, std::string text) {
  Field field = TextField(std::move(name), longest, std::move(text));
  field.least.reset();
  return field;
}

Field Texts(std::string name, std::size_t most, std::size_t longest, std::string text) {
  return ListField(std::move(name), most, std::move(text), Text("", longest, ""));
}

Field Number(std::string name, std::string text) { return IntegerField(std::move(name), 0, kLargest, std::move(text)); }

Field Generation(std::string name, std::string text) {
  Field field = Number(std::move(name), std::move(text));
  field.most.reset();
  return field;
}

Field ConditionsField() {
  Field condition = ObjectField(
      "", "",
      {Required(TextField("type", kLongestReason,
                          "Ready, Reconciling, Stalled, Validated, Approved, GateOpen, Drifted or RollbackRequired")),
       Required(WordField("status", "Whether it is so", {"True", "False", "Unknown"})),
       Required(TextField("reason", kLongestReason, "Why, in one word for programs")),
       Required(Text("message", kLongestMessage, "Why, in words for people")),
       Generation("observedGeneration", "The generation that it is about"),
       Required(TimeField("lastTransitionTime", "Since when its status is what it is"))});
  return ListField("conditions", kMostConditions,
                   "What is true of the resource. Reconciling and Stalled are there only while they are true",
                   std::move(condition), {"type"});
}

Field PlanField() {
  Field step = ObjectField(
      "", "",
      {Required(Text("revision", kLongestRevision, "The revision's id")), Text("message", kLongestTitle, "Its title"),
       FlagField("transaction", "All of it runs in transactions"),
       FlagField("contract", "It takes away what only old pods need"),
       Texts("hazards", kMostHazards, kLongestTitle, "What may be in the way of the traffic")});
  return ObjectField(
      "plan", "What is to be done, or was done last",
      {Required(Text("hash", kLongestHash, "What spec.approvedPlan has to be; empty when nothing is to be done")),
       WordField("direction", "Whether revisions are applied or taken back", WordsOf<Direction>()),
       Texts("from", kMostRows, kLongestRevision, "Where the database stood when the plan was made"),
       ListField("steps", kMostSteps, "The first steps", std::move(step)),
       Number("stepsOmitted", "How many more steps there are"),
       Number("contracts", "How many of all steps are contract revisions")});
}

Field DowngradePlanField() {
  return ObjectField("downgradePlan", "The way back, as it was known before the way there began",
                     {Texts("to", kMostRows, kLongestRevision, "Where it leads; nothing: to an empty history"),
                      Number("steps", "How many steps it has"),
                      Texts("dataLoss", kMostDataLosses, kLongestTitle, "What would be lost"),
                      Number("dataLossOmitted", "How many more things would be lost"),
                      Texts("irreversible", kMostIrreversible, kLongestRevision, "Revisions without a way back")});
}

Field ValidationField() {
  return ObjectField("validation", "The last rehearsal on staging",
                     {Required(Text("planHash", kLongestHash, "The plan that was rehearsed")),
                      Required(FlagField("passed", "It passed")), TimeField("at", "When it ended"),
                      Text("longestLock", kLongestTitle, "The longest that a lock was held, and on what")});
}

Field RunField() {
  return ObjectField(
      "lastRun", "The last Job that has ended",
      {Text("job", kLongestName, "Its name"),
       Text("step", kLongestLabel, "What it did: plan, validate, upgrade, contract, undo, downgrade or drift"),
       TimeField("startedAt", "When it began"), TimeField("finishedAt", "When it ended"),
       Text("outcome", kLongestReason, "Succeeded, Failed, or Unknown when it left no report"),
       Text("message", kLongestMessage, "What it said")});
}

Field HistoryField() {
  return ListField("history", kMostHistory, "The last migrations, the newest first",
                   ObjectField("", "",
                               {Generation("generation", "The resource's generation that wanted it"),
                                Text("image", kLongestImage, "The migrator's image"),
                                Text("from", kLongestRows, "Where the database stood; empty: at an empty history"),
                                Text("to", kLongestRows, "Where it stood then"),
                                Text("outcome", kLongestReason, "Succeeded, Failed or RolledBack"),
                                TimeField("at", "When it ended")}));
}

Field ReachedField() {
  return ObjectField("reached", "The last state that was wanted and reached; the gate compares templates with it",
                     {Generation("generation", "The resource's generation that wanted it"),
                      Text("image", kLongestImage, "The migrator's image"),
                      Texts("revisions", kMostReached, kLongestRevision,
                            "Where the database stands, and then the revisions that led there, the newest first"),
                      TimeField("at", "When it was reached")});
}

Field GatedField() {
  return ListField(
      "gated", kMostTargets, "The gated Deployments as they were when the plan was made",
      ObjectField("", "",
                  {Required(Text("deployment", kLongestName, "Its name")),
                   Text("templateHash", kLongestHash, "The hash of its pod template"),
                   Text("releasedHash", kLongestHash, "The hash of the template that rolled out for what is reached")}),
      {"deployment"});
}

}  // namespace

Field StatusField() {
  Field observed =
      Generation("observedGeneration", "The generation of the spec that this status is about; -1: none yet");
  observed.least = -1;
  observed.rules = {{"self >= oldSelf", "a status about an older generation doesn't replace one about a newer"}};
  Field status =
      ObjectField("status", "What the operator has seen and done",
                  {std::move(observed),
                   WordField("phase", "Where the migration is", WordsOf<Phase>()),
                   ConditionsField(),
                   Text("current", kLongestRows, "The revisions that the database stands at; base: an empty history"),
                   Text("target", kLongestRows, "The revisions that spec.target means"),
                   Number("pending", "How many revisions are still to be applied or taken back"),
                   Text("database", kLongestDatabase, "What spec.database said when this was found out"),
                   Text("databaseId", kLongestHash, "Which database it is, whatever name leads to it"),
                   Text("image", kLongestImage, "The image that the plan was made with"),
                   PlanField(),
                   DowngradePlanField(),
                   ValidationField(),
                   RunField(),
                   HistoryField(),
                   ReachedField(),
                   GatedField(),
                   Texts("pendingContract", kMostPendingContracts, kLongestRevision,
                         "Contract revisions of what was reached that are not applied yet"),
                   ObjectField("failure", "What went wrong, until the resource changes",
                               {Text("reason", kLongestReason, "As in the conditions"),
                                Text("message", kLongestMessage, "In words for people")}),
                   Number("attempt", "How many Jobs of this generation have ended"),
                   Number("failures", "How many Jobs have failed one after another in this phase"),
                   TimeField("phaseSince", "When the phase began"),
                   TimeField("driftCheckedAt", "When the database was last compared with its migrations"),
                   Text("drift", kLongestMessage, "What differed then; empty: nothing")});
  return Default(std::move(status), Json{{"observedGeneration", -1}, {"phase", "Pending"}});
}

}  // namespace sluice::api
