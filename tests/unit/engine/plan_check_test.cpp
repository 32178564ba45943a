#include "core/engine/plan_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

PlanIdentity Plan() {
  PlanIdentity plan;
  plan.server_major = 15;
  plan.rows = {"a"};
  plan.steps = {{StepKind::kUpgrade, "b", "1", {"b"}}, {StepKind::kUpgrade, "c", "2", {"c"}}};
  return plan;
}

// What is left of Plan() after its first step.
PlanIdentity Rest() {
  PlanIdentity plan = Plan();
  plan.rows = {"b"};
  plan.steps.erase(plan.steps.begin());
  return plan;
}

std::string PlanJson(const std::string& hash) {
  return R"({"schema_version":1,"hash":")" + hash +
         R"(","server_major":15,"rows_before":["a"],"steps":[)"
         R"({"revision":"b","direction":"upgrade","checksum":"1","rows_after":["b"]},)"
         R"({"revision":"c","direction":"upgrade","checksum":"2","rows_after":["c"]}]})";
}

std::vector<std::string> Differences(const PlanIdentity& found) {
  return PlanDifferences(Plan(), found, "the validated plan", "this plan");
}

TEST(PlanCheckTest, EqualPlansDontDiffer) { EXPECT_THAT(Differences(Plan()), IsEmpty()); }

TEST(PlanCheckTest, EachDifferenceIsNamed) {
  PlanIdentity plan = Plan();
  plan.server_major = 16;
  EXPECT_THAT(Differences(plan), ElementsAre("the server is PostgreSQL 16, the validated plan is for PostgreSQL 15"));
  plan = Plan();
  plan.rows = {};
  EXPECT_THAT(Differences(plan), ElementsAre("this plan starts at no revision, the validated plan at a"));
  plan = Plan();
  plan.steps[1].checksum = "3";
  EXPECT_THAT(Differences(plan),
              ElementsAre("the script of c is another one: its checksum is 3, in the validated plan it is 2"));
  plan = Plan();
  plan.steps[1].revision = "d";
  EXPECT_THAT(Differences(plan), ElementsAre("the upgrade of c of the validated plan is not in this plan",
                                             "the upgrade of d is not in the validated plan"));
  plan = Plan();
  std::swap(plan.steps[0], plan.steps[1]);
  EXPECT_THAT(Differences(plan), ElementsAre(HasSubstr("in another order")));
  plan = Plan();
  plan.partial = {"b"};
  EXPECT_THAT(Differences(plan), ElementsAre(HasSubstr("applied in part is b")));
}

TEST(PlanCheckTest, ARunThatWasCutOffContinuesThePlan) {
  EXPECT_TRUE(Continues(Plan(), Plan()));
  EXPECT_TRUE(Continues(Rest(), Plan()));
  PlanIdentity in_part = Rest();
  in_part.partial = {"c"};
  EXPECT_TRUE(Continues(in_part, Plan()));
}

TEST(PlanCheckTest, WhatIsNotOnThePlansWayDoesNotContinueIt) {
  PlanIdentity plan = Rest();
  plan.rows = {"a"};
  EXPECT_FALSE(Continues(plan, Plan()));
  plan = Rest();
  plan.steps[0].checksum = "3";
  EXPECT_FALSE(Continues(plan, Plan()));
  plan = Rest();
  plan.partial = {"b"};
  EXPECT_FALSE(Continues(plan, Plan()));
  plan = Rest();
  plan.server_major = 16;
  EXPECT_FALSE(Continues(plan, Plan()));
  EXPECT_FALSE(Continues(Plan(), Rest()));
}

TEST(PlanCheckTest, APlanIsReadFromItsFile) {
  const Result<PlanFile> file = ParsePlanFile(PlanJson(PlanHash(Plan())), "plan.json");
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_FALSE(file->is_validation);
  EXPECT_EQ(PlanText(file->plan), PlanText(Plan()));
  EXPECT_EQ(file->plan.steps[0].rows_after, std::vector<std::string>{"b"});
}

TEST(PlanCheckTest, TheReportOfAValidationHoldsItsPlan) {
  const std::string report =
      R"({"schema_version":1,"passed":true,"plan":)" + PlanJson(PlanHash(Plan())) + R"(,"runs":[]})";
  const Result<PlanFile> file = ParsePlanFile(report, "pass.json");
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_TRUE(file->is_validation && file->passed);
}

TEST(PlanCheckTest, WhatIsNoPlanIsRefusedWithoutACrash) {
  for (const char* text :
       {"", "[]", "{", "{}", R"({"schema_version":"1"})", R"({"schema_version":1})",
        R"({"schema_version":1,"steps":1,"hash":"x"})", R"({"schema_version":1,"passed":true,"plan":3})",
        R"({"schema_version":1,"hash":"x","server_major":"15","steps":[1,{"revision":2}]})",
        R"({"schema_version":2,"steps":[]})"}) {
    const Result<PlanFile> file = ParsePlanFile(text, "plan.json");
    ASSERT_FALSE(file.ok()) << text;
    EXPECT_EQ(file.error().code, ErrorCode::kConfig);
    EXPECT_THAT(file.error().message, HasSubstr("plan.json"));
  }
  EXPECT_THAT(ParsePlanFile(PlanJson(std::string(64, '0')), "plan.json").error().message, HasSubstr("edited"));
}

TEST(PlanCheckTest, AHashIsDemandedAsItIs) {
  const Result<DemandedValidation> demand = ReadDemand(PlanHash(Plan()));
  ASSERT_TRUE(demand.ok());
  EXPECT_TRUE(CheckDemand(*demand, Plan()).ok());
  const Status refused = CheckDemand(*demand, Rest());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kNotValidated);
}

TEST(PlanCheckTest, WithTheReportTheRestOfThePlanWillDo) {
  DemandedValidation demand{PlanHash(Plan()), {{Plan(), true, true}}};
  EXPECT_TRUE(CheckDemand(demand, Rest()).ok());
  PlanIdentity other = Rest();
  other.steps[0].checksum = "3";
  const Status refused = CheckDemand(demand, other);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("the script of c is another one"));
}

}  // namespace
}  // namespace sluice
