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

// A table `tenant` with a serial column `id`.
Schema TenantTable(bool with_column) {
  SchemaBuilder builder;
  const SchemaBuilder::Handle table = builder.Add({{ObjectKind::kTable, "public", "", "tenant", ""}, {}});
  if (with_column) {
    const SchemaBuilder::Handle column = builder.Add({{ObjectKind::kColumn, "public", "tenant", "id", ""}, {}});
    SchemaObject sequence;
    sequence.id = {ObjectKind::kSequence, "public", "", "tenant_id_seq", ""};
    sequence.Set(AttributeName::kOwnedBy, "tenant.id");
    const SchemaBuilder::Handle owned = builder.Add(std::move(sequence));
    builder.AddNeed(column, table);
    builder.AddNeed(owned, column);
  }
  return builder.Build();
}

std::vector<std::string> NamesWithoutParts(const Schema& from, const Schema& to) {
  std::vector<std::string> names;
  for (const Difference& difference : WithoutParts(CompareSchemas(from, to, {}), from, to)) {
    names.push_back(difference.to == Schema::kNone ? from[difference.from].id.name : to[difference.to].id.name);
  }
  return names;
}

TEST(WithoutParts, NamesATableOfOneSideAlone) {
  const Schema table = TenantTable(true);
  EXPECT_EQ(NamesWithoutParts({}, table), std::vector<std::string>{"tenant"});
  EXPECT_EQ(NamesWithoutParts(table, {}), std::vector<std::string>{"tenant"});
}

TEST(WithoutParts, NamesTheColumnOfOneSideWithoutItsSequence) {
  EXPECT_EQ(NamesWithoutParts(TenantTable(false), TenantTable(true)), std::vector<std::string>{"id"});
}

}  // namespace
}  // namespace sluice
