#include "operator/api/schema_migration_codec.h"

#include <gtest/gtest.h>

#include <string>

#include "core/base/utf8.h"
#include "operator/api/enum_text.h"
#include "operator/api/limits.h"
#include "tests/unit/operator/api/full_status.h"

namespace sluice::api {
namespace {

using std::chrono::seconds;

Json Parsed(const char* text) { return Json::parse(text); }

TEST(SchemaMigrationCodecTest, ReadsEveryFieldOfASpec) {
  const SchemaMigration migration = ReadSchemaMigration(Parsed(R"({
    "metadata": {"namespace": "shop", "name": "api", "uid": "u-1", "resourceVersion": "42", "generation": 7,
                 "deletionTimestamp": "2026-11-26T11:16:08Z", "finalizers": ["other/one", "sluice.dev/job"]},
    "spec": {
      "image": "registry.example/api:1.4.2", "imagePullPolicy": "Always", "target": "6ee06edc35dd",
      "database": {"host": "db", "port": 6432, "name": "shop", "user": "migrator",
                   "passwordFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
      "policy": {"onFailure": "Halt", "retries": 1, "timeout": "1h30m", "onDataLoss": "allow", "approval": "Manual",
                 "window": "Sat 02:00-05:00 Europe/Berlin", "contract": "WithNextRelease"},
      "validation": {"database": {"urlFrom": {"secretKeyRef": {"name": "staging", "key": "url"}}}, "mode": "Upgrade"},
      "gate": {"targets": [{"kind": "Deployment", "name": "web"}, {"kind": "Deployment", "name": "worker"}],
               "onFailedRollout": "UndoAndDowngrade", "restoreTemplate": true, "rolloutTimeout": "90s",
               "onDelete": "Leave"},
      "drift": {"interval": "6h"}, "approvedPlan": "sha256:1", "suspend": true, "serviceAccountName": "migrator",
      "imagePullSecrets": [{"name": "registry"}], "podTemplate": {"metadata": {"labels": {"team": "shop"}}}
    }})"));

  EXPECT_EQ(migration.namespace_name, "shop");
  EXPECT_EQ(migration.name, "api");
  EXPECT_EQ(migration.uid, "u-1");
  EXPECT_EQ(migration.resource_version, "42");
  EXPECT_EQ(migration.generation, 7);
  EXPECT_TRUE(migration.deleting);
  EXPECT_TRUE(migration.has_finalizer);

  Spec spec;
  spec.image = "registry.example/api:1.4.2";
  spec.image_pull_policy = "Always";
  spec.target = "6ee06edc35dd";
  spec.database = {std::nullopt, "db", 6432, "shop", "migrator", SecretKey{"db", "password"}};
  spec.policy = {OnFailure::kHalt,
                 1,
                 seconds(5400),
                 OnDataLoss::kAllow,
                 Approval::kManual,
                 "Sat 02:00-05:00 Europe/Berlin",
                 ContractTime::kWithNextRelease};
  spec.validation = Validation{{SecretKey{"staging", "url"}, "", 5432, "", "", std::nullopt}, ValidationMode::kUpgrade};
  spec.gate = Gate{{"web", "worker"}, OnFailedRollout::kUndoAndDowngrade, true, seconds(90), OnDelete::kLeave};
  spec.drift_interval = seconds(6 * 3600);
  spec.approved_plan = "sha256:1";
  spec.suspend = true;
  spec.service_account = "migrator";
  spec.image_pull_secrets = {"registry"};
  spec.pod_template = Parsed(R"({"metadata": {"labels": {"team": "shop"}}})");
  EXPECT_EQ(migration.spec, spec);
}

TEST(SchemaMigrationCodecTest, WhatIsNotThereIsTheDefault) {
  for (const char* text : {"{}", "null", "[]", R"({"metadata": null, "spec": [], "status": "none"})"}) {
    EXPECT_EQ(ReadSchemaMigration(Parsed(text)), SchemaMigration()) << text;
  }
}

TEST(SchemaMigrationCodecTest, WhatCannotBeUnderstoodIsTheDefault) {
  const SchemaMigration migration = ReadSchemaMigration(Parsed(R"({
    "metadata": {"name": 7, "generation": "x", "finalizers": "sluice.dev/job", "deletionTimestamp": null},
    "spec": {"image": ["a"], "database": "postgresql://", "target": 1, "suspend": "yes",
             "policy": {"onFailure": "Explode", "retries": 1e300, "timeout": "soon", "onDataLoss": true},
             "drift": {"interval": 60}, "imagePullSecrets": [1, {}, "x"], "podTemplate": "none"},
    "status": {"phase": "Dancing", "observedGeneration": {}, "conditions": {"type": "Ready"}, "pending": "3",
               "plan": [], "history": [null], "phaseSince": "yesterday"}})"));
  SchemaMigration expected;
  expected.spec.image_pull_secrets = {""};
  EXPECT_EQ(migration, expected);
}

TEST(SchemaMigrationCodecTest, NumbersBeyondTheirRangeAreItsEnds) {
  const SchemaMigration migration = ReadSchemaMigration(
      Parsed(R"({"spec": {"policy": {"retries": 9000000000}}, "status": {"pending": -9000000000}})"));
  EXPECT_EQ(migration.spec.policy.retries, 2'147'483'647);
  EXPECT_EQ(migration.status.pending, -2'147'483'647 - 1);
}

TEST(SchemaMigrationCodecTest, ValidationByNoModeIsNone) {
  const SchemaMigration migration = ReadSchemaMigration(Parsed(
      R"({"spec": {"validation": {"mode": "None", "database": {"urlFrom": {"secretKeyRef": {"name": "a"}}}}}})"));
  EXPECT_FALSE(migration.spec.validation.has_value());
}

TEST(SchemaMigrationCodecTest, GateWithoutMembersIsAGate) {
  EXPECT_EQ(ReadSchemaMigration(Parsed(R"({"spec": {"gate": {}}})")).spec.gate, Gate());
}

TEST(SchemaMigrationCodecTest, DurationsAsGoWritesThem) {
  for (const auto& [text, expected] : {std::pair("1h30m", 5400), std::pair("1h0m0s", 3600), std::pair("30s", 30),
                                       std::pair("0s", 0), std::pair("0", 0), std::pair("90m", 5400)}) {
    const Json object{{"spec", {{"policy", {{"timeout", text}}}}}};
    EXPECT_EQ(ReadSchemaMigration(object).spec.policy.timeout, seconds(expected)) << text;
  }
}

Status RoundTrip(const Status& status) { return ReadSchemaMigration(Json{{"status", WriteStatus(status)}}).status; }

TEST(SchemaMigrationCodecTest, AStatusThatIsWrittenIsRead) {
  EXPECT_EQ(RoundTrip(FullStatus()), FullStatus());
  EXPECT_EQ(RoundTrip(Status()), Status());
}

TEST(SchemaMigrationCodecTest, EveryPhaseIsReadAndWritten) {
  for (const EnumText<Phase>& entry : kPhaseTexts) {
    Status status;
    status.phase = entry.value;
    EXPECT_EQ(WriteStatus(status)["phase"], entry.text);
    EXPECT_EQ(RoundTrip(status).phase, entry.value);
  }
}

TEST(SchemaMigrationCodecTest, WritesTheNamesThatPeopleRead) {
  const Json json = WriteStatus(FullStatus());
  EXPECT_EQ(json["observedGeneration"], 7);
  EXPECT_EQ(json["conditions"][0], Parsed(R"({"type": "Reconciling", "status": "True", "reason": "RollingOut",
      "message": "Waiting for web", "observedGeneration": 7, "lastTransitionTime": "2026-11-26T11:16:08Z"})"));
  EXPECT_EQ(json["plan"]["steps"][0], Parsed(R"({"revision": "7a00c2b81f5e", "message": "Add prices",
      "transaction": false, "contract": true, "hazards": ["rewrites orders"]})"));
  EXPECT_EQ(json["plan"]["stepsOmitted"], 4);
}

TEST(SchemaMigrationCodecTest, AnEmptyStatusIsShort) {
  EXPECT_EQ(WriteStatus(Status()), Parsed(R"({"observedGeneration": -1, "pending": 0})"));
}

TEST(SchemaMigrationCodecTest, LongListsAreCutAndCounted) {
  Status status;
  status.plan = Plan();
  for (int i = 0; i < 1000; ++i) status.plan->steps.push_back({"r" + std::to_string(i), "Step", true, false, {}});
  status.history.resize(9);
  const Status read = RoundTrip(status);
  EXPECT_EQ(read.plan->steps.size(), 20u);
  EXPECT_EQ(read.plan->steps_omitted, 980);
  EXPECT_EQ(read.plan->count(), 1000);
  EXPECT_EQ(read.history.size(), 5u);
}

TEST(SchemaMigrationCodecTest, LongMultiByteTextsFitAndStayText) {
  std::string message;
  for (int i = 0; i < 3000; ++i) message += "→ü𝛼";
  Status status = FullStatus();
  for (int i = 0; i < 1000; ++i) {
    status.plan->steps.push_back({"r" + std::to_string(i), message, true, false, {message, message}});
    status.downgrade_plan->data_loss.push_back(message);
    status.reached->revisions.push_back(message);
  }
  for (Condition& condition : status.conditions) condition.message = message;
  status.last_run->message = message;
  const std::string text = WriteStatus(status).dump();
  EXPECT_LE(text.size(), static_cast<std::size_t>(kLargestStatus));
  EXPECT_EQ(FindInvalidUtf8(text), std::string::npos);
  const Status read = RoundTrip(status);
  EXPECT_EQ(read.plan->count(), 4 + 2 + 1000);
  EXPECT_EQ(read.downgrade_plan->data_loss.size() + static_cast<std::size_t>(read.downgrade_plan->data_loss_omitted),
            1002u);
  EXPECT_EQ(read.gated, status.gated);
}

TEST(SchemaMigrationCodecTest, WhatIsCutFirstIsThePlan) {
  Status status = FullStatus();
  status.plan->steps.assign(20, {"7a00c2b81f5e", std::string(120, 'x'), true, false, {std::string(120, 'y')}});
  status.reached->revisions.assign(40, "7a00c2b81f5e");
  status.conditions.assign(3, {"Ready", false, "Waiting", std::string(600, 'z'), 7, kNow});
  const Status read = RoundTrip(status);
  EXPECT_LT(read.plan->steps.size(), 20u);
  EXPECT_EQ(read.plan->count(), 24);
  EXPECT_EQ(read.reached, status.reached);
  EXPECT_EQ(read.conditions, status.conditions);
}

TEST(SchemaMigrationCodecTest, TheLargestOfEverythingFits) {
  Status status = FullStatus();
  status.conditions.assign(8, {"Ready", false, std::string(500, 'r'), std::string(5000, 'z'), 7, kNow});
  status.history.assign(5, {7, std::string(600, 'i'), std::string(900, 'f'), std::string(900, 't'), "Failed", kNow});
  status.drift = std::string(5000, 'd');
  EXPECT_LE(WriteStatus(status).dump().size(), static_cast<std::size_t>(kLargestStatus));
}

TEST(SchemaMigrationCodecTest, BytesThatAreNoTextAreReplaced) {
  Status status;
  status.last_run = api::Run{"job", "upgrade", std::nullopt, std::nullopt, "Failed", "caf\xE9 \xFF"};
  status.current = std::string(2000, '\x80');
  const std::string text = WriteStatus(status).dump();
  EXPECT_EQ(FindInvalidUtf8(text), std::string::npos);
  EXPECT_NE(text.find("caf\xEF\xBF\xBD \xEF\xBF\xBD"), std::string::npos);
}

}  // namespace
}  // namespace sluice::api
