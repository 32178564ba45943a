#include "core/engine/rename_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/diff/schema_text.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Schema Make(std::string_view text) {
  Schema schema = SchemaOf(text);
  schema.home_schema = "public";
  return schema;
}

RenameHint InModels(const std::string& text) {
  RenameHint hint = *ParseRename(text);
  hint.file = "models.sql";
  hint.line = 3;
  return hint;
}

RenameHint Told(const std::string& text) { return *ParseRename(text); }

RenameSteps Plan(const std::vector<RenameHint>& hints, std::string_view from, std::string_view to) {
  Result<RenameSteps> steps = PlanRenames(hints, Make(from), Make(to));
  if (steps.ok()) return *steps;
  ADD_FAILURE() << steps.error().message;
  return {};
}

Error Refused(const RenameHint& hint, std::string_view from, std::string_view to) {
  Result<RenameSteps> steps = PlanRenames({hint}, Make(from), Make(to));
  EXPECT_FALSE(steps.ok());
  return steps.ok() ? Error{} : steps.error();
}

constexpr std::string_view kNote = "table tenant\ncolumn tenant.note";
constexpr std::string_view kRemark = "table tenant\ncolumn tenant.remark";

TEST(PlanRenames, RenamesAColumn) {
  for (const RenameHint& hint : {InModels("tenant.note=remark"), Told("tenant.note=remark")}) {
    const RenameSteps steps = Plan({hint}, kNote, kRemark);
    EXPECT_THAT(steps.forward, ElementsAre("ALTER TABLE tenant RENAME COLUMN note TO remark"));
    EXPECT_THAT(steps.backward, ElementsAre("ALTER TABLE tenant RENAME COLUMN remark TO note"));
  }
}

TEST(PlanRenames, RenamesTablesBeforeTheirColumnsAndBackAfterThem) {
  const RenameSteps steps = Plan({InModels("customer.note=remark"), InModels("tenant=customer")}, kNote,
                                 "table customer\ncolumn customer.remark");
  EXPECT_THAT(steps.forward, ElementsAre("ALTER TABLE tenant RENAME TO customer",
                                         "ALTER TABLE customer RENAME COLUMN note TO remark"));
  EXPECT_THAT(steps.backward, ElementsAre("ALTER TABLE customer RENAME COLUMN remark TO note",
                                          "ALTER TABLE customer RENAME TO tenant"));
}

TEST(PlanRenames, ExchangesNamesBeforeTheColumnsOfTheTables) {
  const RenameSteps steps =
      Plan({Told("a=b"), Told("b=a"), Told("a.y=x")}, "table a\ntable b\ncolumn b.y", "table a\ncolumn a.x\ntable b");
  ASSERT_EQ(steps.forward.size(), 5U);
  EXPECT_THAT(steps.forward[2], HasSubstr("RENAME TO b"));
  EXPECT_THAT(steps.forward[3], HasSubstr("RENAME TO a"));
  EXPECT_EQ(steps.forward[4], "ALTER TABLE a RENAME COLUMN y TO x");
  EXPECT_EQ(steps.backward[0], "ALTER TABLE a RENAME COLUMN x TO y");
}

TEST(PlanRenames, SaysNothingOfWhatIsDone) {
  EXPECT_TRUE(Plan({InModels("tenant.note=remark")}, kRemark, kRemark).empty());
}

TEST(PlanRenames, RefusesANewNameThatIsNotWanted) {
  const Error error = Refused(InModels("tenant.note=memo"), kNote, kRemark);
  EXPECT_THAT(error.message, HasSubstr("there is no column tenant.memo"));
  EXPECT_EQ(error.code, ErrorCode::kModel);
  EXPECT_EQ(error.where.line, 3);
  EXPECT_EQ(Refused(Told("tenant.note=memo"), kNote, kRemark).code, ErrorCode::kUsage);
}

TEST(PlanRenames, RefusesAnOldNameThatIsNotThereOnTheCommandLine) {
  EXPECT_THAT(Refused(Told("tenant.gone=remark"), kNote, kRemark).message, HasSubstr("there is no column tenant.gone"));
}

TEST(PlanRenames, RefusesAnOldNameThatIsStillWanted) {
  const Error error =
      Refused(InModels("tenant.note=remark"), kNote, "table tenant\ncolumn tenant.note\ncolumn tenant.remark");
  EXPECT_THAT(error.message, HasSubstr("both are wanted"));
}

TEST(FollowRenames, RenamesKeysIndexesAndSequencesOfTheRenamedTable) {
  RenameSteps steps = Plan({Told("tenant=customer")}, "table tenant", "table customer");
  FollowRenames(Make(R"(
      table customer
      column customer.id
      primary_key customer.tenant_pkey columns=id
      index customer.tenant_id_idx columns=id
      index customer.kept_idx columns=id
      sequence tenant_id_seq owned_by=customer.id)"),
                Make(R"(
      table customer
      column customer.id
      primary_key customer.customer_pkey columns=id
      index customer.customer_id_idx columns=id
      index customer.kept_idx columns=id
      sequence customer_id_seq owned_by=customer.id)"),
                steps);
  EXPECT_THAT(steps.forward, ElementsAre("ALTER TABLE tenant RENAME TO customer",
                                         "ALTER SEQUENCE tenant_id_seq RENAME TO customer_id_seq",
                                         "ALTER TABLE customer RENAME CONSTRAINT tenant_pkey TO customer_pkey",
                                         "ALTER INDEX tenant_id_idx RENAME TO customer_id_idx"));
  EXPECT_EQ(steps.backward.front(), "ALTER INDEX customer_id_idx RENAME TO tenant_id_idx");
  EXPECT_EQ(steps.backward.back(), "ALTER TABLE customer RENAME TO tenant");
}

TEST(FollowRenames, LeavesWhatIsDifferentOrOfAnotherTable) {
  RenameSteps steps = Plan({Told("tenant=customer")}, "table tenant", "table customer");
  FollowRenames(Make("table customer\nindex customer.a columns=id\ntable t\nindex t.c columns=id"),
                Make("table customer\nindex customer.b columns=name\ntable t\nindex t.d columns=id"), steps);
  EXPECT_EQ(steps.forward.size(), 1U);
}

}  // namespace
}  // namespace sluice
