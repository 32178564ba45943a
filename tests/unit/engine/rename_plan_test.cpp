#include "core/engine/rename_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Tables and columns of `public`: `tenant`, `tenant.note`.
Schema Make(const std::vector<std::string>& names) {
  SchemaBuilder builder;
  for (const std::string& name : names) {
    SchemaObject object;
    const std::size_t dot = name.find('.');
    object.id = dot == std::string::npos
                    ? ObjectId{ObjectKind::kTable, "public", "", name, ""}
                    : ObjectId{ObjectKind::kColumn, "public", name.substr(0, dot), name.substr(dot + 1), ""};
    builder.Add(std::move(object));
  }
  Schema schema = builder.Build();
  schema.home_schema = "public";
  return schema;
}

RenameHint Table(const std::string& old_name, const std::string& table) {
  RenameHint hint;
  hint.kind = RenameHint::Kind::kTable;
  hint.table = table;
  hint.old_name = old_name;
  return hint;
}

RenameHint Column(const std::string& table, const std::string& old_name, const std::string& column) {
  RenameHint hint;
  hint.kind = RenameHint::Kind::kColumn;
  hint.table = table;
  hint.column = column;
  hint.old_name = old_name;
  return hint;
}

TEST(PlanRenames, RenamesAColumn) {
  const auto steps = PlanRenames({Column("tenant", "note", "remark")}, Make({"tenant", "tenant.note"}),
                                 Make({"tenant", "tenant.remark"}));
  ASSERT_TRUE(steps.ok());
  EXPECT_THAT(steps->forward, ElementsAre("ALTER TABLE tenant RENAME COLUMN note TO remark"));
  EXPECT_THAT(steps->backward, ElementsAre("ALTER TABLE tenant RENAME COLUMN remark TO note"));
}

TEST(PlanRenames, RenamesTablesBeforeTheirColumnsAndBackAfterThem) {
  const auto steps = PlanRenames({Column("customer", "note", "remark"), Table("tenant", "customer")},
                                 Make({"tenant", "tenant.note"}), Make({"customer", "customer.remark"}));
  ASSERT_TRUE(steps.ok());
  EXPECT_THAT(steps->forward, ElementsAre("ALTER TABLE tenant RENAME TO customer",
                                          "ALTER TABLE customer RENAME COLUMN note TO remark"));
  EXPECT_THAT(steps->backward, ElementsAre("ALTER TABLE customer RENAME COLUMN remark TO note",
                                           "ALTER TABLE customer RENAME TO tenant"));
}

TEST(PlanRenames, SaysNothingOfWhatIsDone) {
  const Schema done = Make({"tenant", "tenant.remark"});
  const auto steps = PlanRenames({Column("tenant", "note", "remark")}, done, done);
  ASSERT_TRUE(steps.ok());
  EXPECT_TRUE(steps->empty());
}

TEST(PlanRenames, RefusesANameThatTheModelsDoNotHave) {
  const auto steps = PlanRenames({Column("tenant", "note", "memo")}, Make({"tenant", "tenant.note"}),
                                 Make({"tenant", "tenant.remark"}));
  ASSERT_FALSE(steps.ok());
  EXPECT_THAT(steps.error().message, HasSubstr("the models have no column tenant.memo"));
}

TEST(PlanRenames, RefusesAnOldNameThatTheModelsStillHave) {
  const auto steps = PlanRenames({Column("tenant", "note", "remark")}, Make({"tenant", "tenant.note"}),
                                 Make({"tenant", "tenant.note", "tenant.remark"}));
  ASSERT_FALSE(steps.ok());
  EXPECT_THAT(steps.error().message, HasSubstr("the models have both"));
}

}  // namespace
}  // namespace sluice
