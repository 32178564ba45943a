#include "core/diff/difference_text.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

Schema Column(const std::string& type, const std::string& position) {
  SchemaBuilder builder;
  SchemaObject column;
  column.id = {ObjectKind::kColumn, "public", "tenant", "note", ""};
  column.Set(AttributeName::kType, type);
  column.Set(AttributeName::kPosition, position);
  builder.Add(std::move(column));
  Schema schema = builder.Build();
  schema.home_schema = "public";
  return schema;
}

TEST(ObjectText, LeavesTheHomeSchemaAway) {
  EXPECT_EQ(ObjectText({ObjectKind::kColumn, "public", "tenant", "note", ""}, "public"), "column tenant.note");
  EXPECT_EQ(ObjectText({ObjectKind::kTable, "app", "", "tenant", ""}, "public"), "table app.tenant");
  EXPECT_EQ(ObjectText({ObjectKind::kFunction, "app", "", "total", "integer"}, "public"),
            "function app.total(integer)");
}

TEST(DifferenceText, NamesBothSides) {
  const Schema from = Column("text", "1");
  const Schema to = Column("integer", "1");
  EXPECT_EQ(DifferenceText({0, 0, {AttributeName::kType}}, from, to, "the scripts", "the models"),
            "column tenant.note: type is text in the scripts, integer in the models");
  EXPECT_EQ(DifferenceText({0, Schema::kNone, {}}, from, to, "the scripts", "the models"),
            "column tenant.note: only in the scripts");
  EXPECT_EQ(DifferenceText({Schema::kNone, 0, {}}, from, to, "the scripts", "the models"),
            "column tenant.note: only in the models");
}

TEST(DifferenceText, CutsALongValueAtACharacter) {
  std::string type;
  for (int i = 0; i < 50; ++i) type += "ä";
  const Schema from = Column(type, "1");
  const std::string text = DifferenceText({0, 0, {AttributeName::kType}}, from, from, "a", "b");
  EXPECT_NE(text.find("ä… in a"), std::string::npos) << text;
}

TEST(WithoutPositions, KeepsWhatDiffersInSomethingElseToo) {
  const std::vector<Difference> kept = WithoutPositions({{0, 0, {AttributeName::kPosition}},
                                                         {0, 0, {AttributeName::kType, AttributeName::kPosition}},
                                                         {0, Schema::kNone, {}}});
  EXPECT_EQ(kept.size(), 2U);
}

}  // namespace
}  // namespace sluice
